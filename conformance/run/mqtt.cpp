#include "conformance/run/mqtt.hpp"

#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace conformance::wire {

using transcript::escaped;

namespace {

constexpr std::uint8_t dup_bit = 8;
constexpr std::uint8_t retain_bit = 1;

/// Reads the fields of a packet in order; throws std::out_of_range at its end.
class Fields {
 public:
  explicit Fields(const std::string& body) : body_(body) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(body_.at(at_++)); }
  std::uint16_t word() {
    const int high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  std::string text() {
    const std::size_t size = word();
    if (at_ + size > body_.size()) throw std::out_of_range("text");
    at_ += size;
    return body_.substr(at_ - size, size);
  }
  std::string rest() { return body_.substr(std::exchange(at_, body_.size())); }
  [[nodiscard]] bool done() const { return at_ == body_.size(); }

 private:
  const std::string& body_;
  std::size_t at_ = 0;
};

std::string word(int value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
}

std::string text(const std::string& value) { return word(static_cast<int>(value.size())) + value; }

std::string told_connect(const Packet& packet) {
  Fields fields(packet.body);
  const auto name = fields.text();
  const int version = fields.byte();
  if ((version == 3 && name != "MQIsdp") || (version == 4 && name != "MQTT"))
    return fmt::format("connect with protocol {} of version {}", escaped(name), version);
  const int flags = fields.byte();
  const int keepalive = fields.word();
  auto told = fmt::format("connect version={} clean={} keepalive={} id=\"{}\"", version,
                          flags >> 1 & 1, keepalive, escaped(fields.text()));
  std::string will;
  if ((flags & 4) != 0) {
    const auto topic = fields.text();
    const auto message = fields.text();
    will = fmt::format(" will qos={} retain={} \"{}\" \"{}\"", flags >> 3 & 3, flags >> 5 & 1,
                       escaped(topic), escaped(message));
  }
  if ((flags & 0x80) != 0) told += fmt::format(" username=\"{}\"", escaped(fields.text()));
  if ((flags & 0x40) != 0) told += fmt::format(" password=\"{}\"", escaped(fields.text()));
  if (!fields.done() || (flags & 1) != 0) throw std::out_of_range("connect");
  return told + will;
}

}  // namespace

std::optional<Packet> take_packet(std::string& stream) {
  std::size_t length = 0;
  for (std::size_t i = 1;; ++i) {
    if (i > 4) return Packet{0, std::exchange(stream, {})};
    if (i >= stream.size()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(stream[i]);
    length |= static_cast<std::size_t>(byte & 0x7F) << (7 * (i - 1));
    if ((byte & 0x80) != 0) continue;
    const std::size_t header = i + 1;
    if (stream.size() < header + length) return std::nullopt;
    Packet packet{static_cast<std::uint8_t>(stream[0]), stream.substr(header, length)};
    stream.erase(0, header + length);
    return packet;
  }
}

std::string encoded(std::uint8_t first, const std::string& body) {
  std::string bytes(1, static_cast<char>(first));
  std::size_t length = body.size();
  do {
    const std::size_t part = length & 0x7F;
    length >>= 7;
    bytes += static_cast<char>(length > 0 ? part | 0x80 : part);
  } while (length > 0);
  return bytes + body;
}

std::string Narrator::again_or(const Packet& packet, std::uint16_t id, const std::string& text) {
  // A DUP bit set on the second sending makes no other packet of it.
  const auto key = static_cast<char>(packet.first & ~dup_bit) + packet.body;
  return sent_.insert(key).second ? text : fmt::format("resend id={}", id);
}

std::string Narrator::told_publish(const Packet& packet) {
  Fields fields(packet.body);
  const int qos = packet.first >> 1 & 3;
  const bool dup = (packet.first & dup_bit) != 0;
  const auto topic = fields.text();
  const std::uint16_t id = qos > 0 ? fields.word() : std::uint16_t{0};
  const auto text = fmt::format("publish id={} qos={} retain={} \"{}\" \"{}\"", id, qos,
                                packet.first & retain_bit, escaped(topic), escaped(fields.rest()));
  if (qos == 0) return dup ? text + " dup=1" : text;
  auto told = again_or(packet, id, text);
  const bool again = told != text;
  if (again == dup) return told;
  return fmt::format("{} dup={:d}", text, dup);
}

std::string Narrator::told(const Packet& packet) try {
  Fields fields(packet.body);
  const int flags = packet.first & 0xF;
  const bool wants_two =
      packet.is(Type::pubrel) || packet.is(Type::subscribe) || packet.is(Type::unsubscribe);
  // MQTT 3.1 lets the client set DUP on what it sends again.
  if (!packet.is(Type::publish) && (flags & ~dup_bit) != (wants_two ? 2 : 0))
    return fmt::format("malformed flags of type {}", packet.type());
  switch (static_cast<Type>(packet.type())) {
    case Type::connect:
      return told_connect(packet);
    case Type::publish:
      return told_publish(packet);
    case Type::puback:
      return fmt::format("puback {}", fields.word());
    case Type::pubrec:
      return fmt::format("pubrec {}", fields.word());
    case Type::pubcomp:
      return fmt::format("pubcomp {}", fields.word());
    case Type::pubrel: {
      const auto id = fields.word();
      return again_or(packet, id, fmt::format("pubrel {}", id));
    }
    case Type::subscribe: {
      const auto id = fields.word();
      auto told = fmt::format("subscribe id={}", id);
      do {
        const auto topic = fields.text();
        told += fmt::format(" \"{}\",{}", escaped(topic), fields.byte());
      } while (!fields.done());
      return again_or(packet, id, told);
    }
    case Type::unsubscribe: {
      const auto id = fields.word();
      auto told = fmt::format("unsubscribe id={}", id);
      do told += fmt::format(" \"{}\"", escaped(fields.text()));
      while (!fields.done());
      return again_or(packet, id, told);
    }
    case Type::pingreq:
      return "ping";
    case Type::disconnect:
      return "disconnect";
    default:
      return fmt::format("malformed: type {}", packet.type());
  }
} catch (const std::out_of_range&) {
  return fmt::format("malformed: {}", escaped(encoded(packet.first, packet.body)));
}

std::string said(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return std::stoi(words.at(i)); };
  static const std::map<std::string, std::uint8_t> with_id{
      {"puback", 0x40}, {"pubrec", 0x50}, {"pubrel", 0x62}, {"pubcomp", 0x70}, {"unsuback", 0xB0}};
  const auto& what = words.at(0);
  if (what == "connack") {
    const bool session = words.size() > 2 && words[2] == "session";
    return encoded(0x20, {static_cast<char>(session), static_cast<char>(number(1))});
  }
  if (const auto found = with_id.find(what); found != with_id.end())
    return encoded(found->second, word(number(1)));
  if (what == "suback") {
    auto body = word(number(1));
    for (std::size_t i = 2; i < words.size(); ++i) body += static_cast<char>(number(i));
    return encoded(0x90, body);
  }
  if (what == "message") {
    const int qos = number(2);
    const bool dup = words.size() > 5 && words[5] == "dup";
    const bool retain = words.size() > 5 && words.back() == "retain";
    auto body = text(words.at(3));
    if (qos > 0) body += word(number(1));
    return encoded(static_cast<std::uint8_t>(0x30 | qos << 1 | (dup ? dup_bit : 0) | retain),
                   body + words.at(4));
  }
  if (what == "pong") return encoded(0xD0, {});
  if (what == "bytes") return words.at(1);
  if (what == "down" && words.at(1) == "protocol_error") return encoded(0xF0, {});
  if (what == "down" || what == "opened" || what == "negotiating" || what == "written" ||
      what == "disconnected")
    return {};
  throw std::runtime_error("a broker cannot say " + what);
}

}  // namespace conformance::wire
