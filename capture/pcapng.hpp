// The blocks of a pcapng file (draft-ietf-opsawg-pcapng, clause 4), little endian. A file is one
// section header, then the interfaces, numbered from 0 as they come, then packets; secrets stand
// anywhere before the packets that need them. Free functions that return bytes; whoever writes the
// file puts them one behind another.
#pragma once

#include "capture/direction.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capture {

/// What the packets of an interface begin with, as registered for LINKTYPE_.
enum class LinkType : std::uint16_t { raw_ip = 101, user0 = 147 };

/// `application`: who writes the file, "" to leave it out.
[[nodiscard]] std::string section_header(std::string_view application);

/// Its packets are given in nanoseconds and never cut by a limit of its own.
struct Interface {
  LinkType link_type = LinkType::raw_ip;
  std::string_view name{};         // "" to leave it out, as below
  std::string_view description{};  // UTF-8, like all texts
};
[[nodiscard]] std::string interface_description(const Interface& interface);

/// Most bytes of a packet that Wireshark reads; one that is longer makes it refuse the whole file.
constexpr std::size_t max_captured = 262'144;

struct Packet {
  std::uint32_t interface = 0;
  std::chrono::nanoseconds time{};       // since the Unix epoch, not before it
  std::optional<Direction> direction{};  // nothing: unknown
  std::string_view bytes{};
  std::string_view comment{};
};
/// What exceeds max_captured is left out; the block tells how long the packet was.
[[nodiscard]] std::string enhanced_packet(const Packet& packet);

/// Lines of a TLS key log ("CLIENT_RANDOM ..."), each with its line feed; some lines at a time, as
/// Wireshark refuses blocks of many megabytes.
[[nodiscard]] std::string tls_secrets(std::string_view key_log);

}  // namespace capture
