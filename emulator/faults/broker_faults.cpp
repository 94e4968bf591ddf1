// The part of the fault injector that is about the broker's packets.
#include "at_engine/text.hpp"
#include "emulator/faults/fault_injector.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator::faults {

using mqtt_backend::Packet;
using mqtt_backend::PacketType;

namespace {

constexpr std::uint16_t other_id_bits = 0x5555;
constexpr std::size_t connack_code = 1;  // behind the start of the variable header
constexpr std::size_t suback_codes = 2;

void set_code(Packet& packet, std::uint8_t code) {
  const auto type = mqtt_backend::type_of(packet);
  const auto body = mqtt_backend::body_at(packet);
  if (type == PacketType::connack && body + connack_code < packet.size())
    packet[body + connack_code] = code;
  if (type != PacketType::suback) return;
  for (auto i = body + suback_codes; i < packet.size(); ++i) packet[i] = code;
}

/// Its type with flags that no packet of that type has.
void spoil(Packet& packet) { packet[0] = static_cast<std::uint8_t>(packet[0] | 0x0FU); }

/// PUBLISH (MQTT 3.1.1, 3.3) without an id of its own.
struct Publish {
  std::string topic;
  std::string payload;
  unsigned qos = 0;
  bool dup = false;
  bool retain = false;
};

Packet packet_of(const Publish& publish) {
  Packet content;
  mqtt_backend::append_text(content, publish.topic);
  if (publish.qos > 0) mqtt_backend::append_u16(content, 0);
  content.insert(content.end(), publish.payload.begin(), publish.payload.end());
  const unsigned flags = (publish.dup ? 8U : 0U) | publish.qos << 1U | (publish.retain ? 1U : 0U);
  const auto type = static_cast<unsigned>(PacketType::publish) << 4U;
  return mqtt_backend::make_packet(static_cast<std::uint8_t>(type | flags), content);
}

std::string payload_of(std::string_view kind) {
  if (kind == "quotes") return R"(say "hello", "you")";
  if (kind == "crlf") return "one\r\ntwo\r\n";
  if (kind == "ok") return "\r\nOK\r\n";
  if (kind == "stat") return "\r\n+QMTSTAT: 0,1\r\n";
  constexpr int bytes = 256;
  std::string every;
  for (int byte = 0; byte < bytes; ++byte) every += static_cast<char>(byte);
  return every;
}

Packet said_again(Packet packet) {
  mqtt_backend::set_dup(packet, true);
  return packet;
}

bool concerns(const Fault& fault, const Packet& packet) {
  const auto type = mqtt_backend::type_of(packet);
  if (fault.type().name == "message-twice")
    return type == PacketType::publish && mqtt_backend::qos_of(packet) == 1;
  if (fault.type().name == "retained-flood") return type == PacketType::suback;
  return fault.text("packet") == at::lower(mqtt_backend::name_of(type));
}

void flood(std::vector<Packet>& behind, const Fault& fault) {
  const std::string payload(static_cast<std::size_t>(fault.number("bytes")), 'x');
  for (std::int64_t i = 1; i <= fault.number("count"); ++i)
    behind.push_back(packet_of({.topic = fmt::format("{}/{}", fault.text("topic"), i),
                                .payload = payload,
                                .retain = true}));
}

}  // namespace

bool FaultInjector::inject(int client_idx, Packet packet) {
  const auto found = links_.find(client_idx);
  return found != links_.end() && found->second->inject(std::move(packet));
}

void FaultInjector::send_message(const Fault& fault, std::optional<int> client_idx) {
  const auto packet = packet_of({.topic = fault.text("topic"),
                                 .payload = payload_of(fault.text("payload")),
                                 .qos = static_cast<unsigned>(fault.number("qos")),
                                 .dup = fault.text("dup") == "yes"});
  for (const auto& [owner, link] : links_)
    if (!client_idx || *client_idx == owner) static_cast<void>(link->inject(packet));
}

void FaultInjector::gate(int client_idx, Packet packet, const std::function<void(Packet)>& pass) {
  if (!faults_.any(Moment::packet)) return pass(std::move(packet));
  std::vector<Packet> behind;
  for (const auto* fault :
       faults_.acting(Moment::packet, about(client_idx),
                      [&](const Fault& each) { return concerns(each, packet); })) {
    const auto& mode = fault->text("mode");
    if (fault->type().name == "message-twice") behind.push_back(said_again(packet));
    if (fault->type().name == "retained-flood") flood(behind, *fault);
    if (fault->has("code")) set_code(packet, static_cast<std::uint8_t>(fault->number("code")));
    if (mode == "withhold") return;
    if (mode == "malformed") spoil(packet);
    if (mode == "wrong-id")
      mqtt_backend::set_id(packet,
                           static_cast<std::uint16_t>(mqtt_backend::id_of(packet) ^ other_id_bits));
    if (mode == "twice") pass(packet);
    if (mode != "late") continue;
    timeline_.after(fault->ms(), [pass, packet] { pass(packet); });
    return;
  }
  pass(std::move(packet));
  for (auto& each : behind) pass(std::move(each));
}

}  // namespace emulator::faults
