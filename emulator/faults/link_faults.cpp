// The part of the fault injector that is about links and the broker's packets.
#include "at_engine/text.hpp"
#include "emulator/faults/fault_injector.hpp"

#include <utility>

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

}  // namespace

Occasion FaultInjector::about(int client_idx) const {
  Occasion occasion{.now = timeline_.now(), .client = client_idx};
  if (modem_ != nullptr) occasion.state = name_of(modem_->client(client_idx).state());
  return occasion;
}

std::unique_ptr<mqtt_backend::Link> FaultInjector::wrap(int client_idx,
                                                        std::unique_ptr<mqtt_backend::Link> link) {
  auto wrapped = std::make_unique<FaultyLink>(
      timeline_, std::move(link),
      FaultyLink::Hooks{[this, client_idx](const mqtt_backend::Endpoint& endpoint) {
                          auto occasion = about(client_idx);
                          const auto command = fmt::format("+QMTOPEN={},\"{}\",{}", client_idx,
                                                           endpoint.host, endpoint.port);
                          occasion.command = command;
                          return faults_.acting(Moment::open, occasion);
                        },
                        [this](FaultyLink& gone) { links_.erase(&gone); }});
  links_[wrapped.get()] = client_idx;
  return wrapped;
}

void FaultInjector::begin_at_links(const Fault& fault, std::optional<int> client_idx) {
  const auto type = fault.type().name;
  for (const auto& [link, owner] : links_) {
    if (client_idx && *client_idx != owner) continue;
    if (type == "broker-disconnect")
      link->lose("closed by the peer");
    else if (type == "nat-idle")
      link->forget_after(std::chrono::seconds(fault.number("s")));
    else if (fault.text("mode") == "reset")
      link->lose("Connection reset by peer");
    else if (fault.text("mode") == "half-open")
      link->go_deaf();
    else
      link->slow_down(std::chrono::milliseconds(fault.number("delay_ms")),
                      std::chrono::milliseconds(fault.number("jitter_ms")), fault.seed());
  }
}

void FaultInjector::end_at_links(const Fault& fault) {
  const auto type = fault.type().name;
  for (const auto& [link, owner] : links_) {
    if (fault.when().client && *fault.when().client != owner) continue;
    if (type == "nat-idle") link->forget_after(std::nullopt);
    if (type == "link" && fault.text("mode") == "slow") link->slow_down({}, {}, 0);
  }
}

void FaultInjector::gate(int client_idx, Packet packet, const std::function<void(Packet)>& pass) {
  if (!faults_.any(Moment::packet)) return pass(std::move(packet));
  const auto type = at::lower(mqtt_backend::name_of(mqtt_backend::type_of(packet)));
  const auto concerns = [&](const Fault& fault) { return fault.text("packet") == type; };
  for (const auto* fault : faults_.acting(Moment::packet, about(client_idx), concerns)) {
    const auto& mode = fault->text("mode");
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
}

}  // namespace emulator::faults
