// What ends `eg91xq ctl` with exit code 2 and one line: bad usage, a modem that is not there, a
// request that was refused. Thrown anywhere in the client, caught by run().
#pragma once

#include <stdexcept>

namespace emulator::ctl {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The server has ended the connection in mid-answer.
struct Cut : Failure {
  using Failure::Failure;
};

}  // namespace emulator::ctl
