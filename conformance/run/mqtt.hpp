// MQTT 3.1 and 3.1.1 packets as the suite's own broker sees them: cut out of a stream, shown as the
// text of a `link` step, and made from the text behind `link says`. OASIS MQTT 3.1.1, chapters
// 2, 3.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace conformance::wire {

enum class Type : std::uint8_t {
  connect = 1,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect
};

struct Packet {
  std::uint8_t first = 0;  // type and flags
  std::string body{};

  [[nodiscard]] int type() const { return first >> 4; }
  [[nodiscard]] bool is(Type wanted) const { return type() == static_cast<int>(wanted); }
};

/// Takes the first packet out of `stream`; nothing while it is incomplete. A length of more than
/// four bytes makes a packet of type 0.
std::optional<Packet> take_packet(std::string& stream);

std::string encoded(std::uint8_t first, const std::string& body);

/// Shows what one link was asked, in the words of tests/transcripts/README.md. Remembers what was
/// sent before, so that a packet that comes again is a `resend`. What breaks the protocol is
/// `malformed`.
class Narrator {
 public:
  std::string told(const Packet& packet);

 private:
  std::string told_publish(const Packet& packet);
  std::string again_or(const Packet& packet, std::uint16_t id, const std::string& text);

  std::set<std::string> sent_;
};

/// The bytes of `connack 0`, `suback 7 0 1`, `message 3 1 "t" "x"`, `bytes "\xf0\x00"` ...; empty
/// for what a broker does not say with bytes. Throws std::runtime_error for what it does not know.
std::string said(const std::vector<std::string>& words);

}  // namespace conformance::wire
