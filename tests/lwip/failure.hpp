// What ends the program with a line and exit code 1.
#pragma once

#include <stdexcept>

namespace lwip_host {

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace lwip_host
