// Any order of what a host, the peers of its sockets and the network do: the input makes the
// choices of a session that knows of every byte where it must be.
#include "tests/fuzz/pieces.hpp"
#include "tests/sim/socket_session.hpp"

#include <cstdint>

#include <fmt/format.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim::SocketSession session(
      sim::Dice(std::string_view(reinterpret_cast<const char*>(data), size)));
  try {
    session.run_out();
  } catch (const std::exception& problem) {
    std::string story;
    for (const auto& line : session.story()) story += line + '\n';
    fuzz::require(false, problem.what(), story);
  }
  return 0;
}
