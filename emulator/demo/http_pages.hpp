// What http.demo answers, without a connection: pages whose every byte a test knows beforehand.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator::demo {

/// Longest body of /bytes/N and /chunked/N.
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 30U;

/// Byte `place` of /bytes/N and /chunked/N: its place modulo 251, a prime, so that a lost block of
/// any usual size shows.
constexpr std::uint8_t pattern(std::uint64_t place) {
  constexpr std::uint64_t period = 251;
  return static_cast<std::uint8_t>(place % period);
}

/// As much of a request as the pages look at.
struct PageRequest {
  std::string_view method;  // in upper case
  std::string_view target;  // path, perhaps with a query
  std::string_view host;    // empty: none was sent
  std::string_view range;
  std::string_view content_type;
  std::string_view body;
  bool tls = false;
};

struct Page {
  unsigned status = 200;
  std::string content_type = "text/plain";
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string text{};      // the body, or
  std::uint64_t from = 0;  // these bytes of the pattern
  std::uint64_t to = 0;    // one past the last
  bool chunked = false;    // without a length beforehand

  [[nodiscard]] std::uint64_t length() const { return text.size() + (to - from); }
};

/// The answer; of HEAD it is that of GET.
[[nodiscard]] Page answer(const PageRequest& request);

}  // namespace emulator::demo
