#include "pty/port_spec.hpp"

#include "pty/serial_port.hpp"

#include <charconv>
#include <limits>

#include <fmt/core.h>

namespace pty {

namespace {

using Parsed = std::variant<PortSpec, SpecError>;

constexpr std::uint32_t fastest_baud = 4'000'000;
constexpr std::string_view allowed =
    "allowed are pty[:LINK], tcp:[HOST:]PORT, serial:DEV[:BAUD] and stdio";

SpecError wrong(std::string_view text, std::string_view what) {
  return {fmt::format("bad port \"{}\": {}; {}", text, what, allowed)};
}

std::optional<std::uint32_t> number(std::string_view digits, std::uint32_t most) {
  std::uint32_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc{} || stop != end || value > most) return std::nullopt;
  return value;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Parsed parse_tcp(std::string_view text, std::string_view rest) {
  const std::size_t colon = rest.rfind(':');
  const bool has_host = colon != std::string_view::npos;
  std::string_view host = has_host ? rest.substr(0, colon) : "127.0.0.1";
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return wrong(text, "an IPv6 address is written in brackets, as in tcp:[::1]:7000");
  }
  if (host.empty()) return wrong(text, "the host before the colon is missing");
  const auto port =
      number(has_host ? rest.substr(colon + 1) : rest, std::numeric_limits<std::uint16_t>::max());
  if (!port) return wrong(text, "the TCP port is a number from 0 to 65535");
  return PortSpec{TcpSpec{std::string(host), static_cast<std::uint16_t>(*port)}};
}

Parsed parse_serial(std::string_view text, std::string_view device) {
  std::uint32_t baud = SerialPort::default_baud;
  const std::size_t colon = device.rfind(':');
  // Names under /dev/serial/by-path contain colons themselves.
  if (colon != std::string_view::npos && all_digits(device.substr(colon + 1))) {
    const auto given = number(device.substr(colon + 1), fastest_baud);
    if (!given || *given == 0) return wrong(text, "the baud rate is a number from 1 to 4000000");
    baud = *given;
    device = device.substr(0, colon);
  }
  if (device.empty()) return wrong(text, "the serial device is missing");
  return PortSpec{SerialSpec{std::string(device), baud}};
}

}  // namespace

Parsed parse_port_spec(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool has_rest = colon != std::string_view::npos;
  const std::string_view kind = text.substr(0, colon);
  const std::string_view rest = has_rest ? text.substr(colon + 1) : std::string_view();
  if (kind == "tcp") return parse_tcp(text, rest);
  if (kind == "serial") return parse_serial(text, rest);
  if (kind == "pty") {
    if (!has_rest) return PortSpec{PtySpec{}};
    if (rest.empty()) return wrong(text, "the link after the colon is missing");
    return PortSpec{PtySpec{std::string(rest)}};
  }
  if (kind == "stdio") {
    if (has_rest) return wrong(text, "stdio takes nothing after it");
    return PortSpec{StdioSpec{}};
  }
  return wrong(text, "no such kind of port");
}

}  // namespace pty
