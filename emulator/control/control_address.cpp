#include "emulator/control/control_address.hpp"

#include <sys/un.h>

#include <charconv>

#include <fmt/format.h>

namespace emulator::control {
namespace {

constexpr std::string_view local = "unix:";

}  // namespace

std::optional<ControlAddress> parse_control_address(std::string_view text) {
  ControlAddress address;
  if (text.starts_with(local)) {
    address.path = text.substr(local.size());
    const bool fits = !address.path.empty() && address.path.size() < sizeof(sockaddr_un::sun_path);
    return fits ? std::optional(address) : std::nullopt;
  }
  auto port = text;
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    port = text.substr(colon + 1);
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || (!bracketed && host.find_first_of(":[]") != std::string_view::npos))
      return std::nullopt;
    address.host = host;
  }
  const auto* const end = port.data() + port.size();
  const auto [stopped, error] = std::from_chars(port.data(), end, address.port);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return address;
}

std::string authority(std::string_view host, std::uint16_t port) {
  const bool bracketed = host.find(':') != std::string_view::npos;
  return fmt::format("{}{}{}:{}", bracketed ? "[" : "", host, bracketed ? "]" : "", port);
}

}  // namespace emulator::control
