#include "conformance/run/port_spec.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace conformance {
namespace {

int number_in(const std::string& text, int low, int high, const std::string& what) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < low || value > high)
    throw std::invalid_argument(
        fmt::format("{} must be {} to {}, not '{}'", what, low, high, text));
  return value;
}

bool all_digits(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

PortSpec parse_port_spec(const std::string& text) {
  const auto colon = text.rfind(':');
  if (text.rfind("tcp:", 0) == 0) {
    if (colon <= 4) throw std::invalid_argument(fmt::format("'{}': say tcp:HOST:PORT", text));
    auto host = text.substr(4, colon - 4);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    return TcpAddress{host, static_cast<std::uint16_t>(
                                number_in(text.substr(colon + 1), 1, 65535, "a TCP port"))};
  }
  if (text.empty()) throw std::invalid_argument("a port is a device or tcp:HOST:PORT");
  // Names below /dev/serial/by-path hold colons too; a rate is all digits.
  if (colon != std::string::npos && all_digits(text.substr(colon + 1)))
    return DevicePort{text.substr(0, colon),
                      number_in(text.substr(colon + 1), 300, 4'000'000, "a rate")};
  return DevicePort{text};
}

}  // namespace conformance
