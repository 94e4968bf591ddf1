// What a client of the control interface may take of the program. Used by server and connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace emulator::control {

struct HttpLimits {
  std::size_t body = std::size_t{1024} * 1024;            // bytes; a longer one is 413
  std::uint32_t header = std::uint32_t{16} * 1024;        // bytes; a longer one is 431
  std::size_t connections = 64;                           // a further one is 503
  std::size_t stream_backlog = std::size_t{1024} * 1024;  // bytes that wait; then the stream is cut
  std::size_t discarded = std::size_t{4} * 1024 * 1024;   // bytes read behind the last answer

  std::chrono::milliseconds gathering{1};     // what a stream writes meanwhile goes out at once
  std::chrono::milliseconds request{10'000};  // from its first byte to its last; then 408
  std::chrono::milliseconds idle{60'000};     // between requests
  std::chrono::milliseconds write{10'000};    // without a byte of an answer being taken
  std::chrono::milliseconds linger{2'000};    // for the client to read the last answer
};

}  // namespace emulator::control
