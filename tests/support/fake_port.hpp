// A port that remembers what was written to it, write by write.
#pragma once

#include "at_engine/port.hpp"

#include <string>
#include <vector>

namespace support {

class FakePort : public at::Port {
 public:
  void write(std::string_view bytes) override {
    writes.emplace_back(bytes);
    unread += bytes;
  }

  void set_lines(const at::ModemLines& now) override { lines.push_back(now); }

  std::vector<at::ModemLines> lines;
  std::vector<std::string> writes;
  std::string unread;
};

}  // namespace support
