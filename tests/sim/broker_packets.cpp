// The broker's packets on their way to the module: through the faults, and what a link makes of
// them.
#include "mqtt_backend/link/server_rules.hpp"
#include "tests/sim/broker.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sim {

using namespace mqtt_backend::link_event;
using mqtt_backend::DownReason;
using mqtt_backend::Packet;
using mqtt_backend::PacketType;
using mqtt_backend::Ticket;

namespace {

/// What a gate lets in: at once, or later.
struct Passage {
  bool at_once = true;
  std::vector<Packet> passed{};
};

}  // namespace

void Broker::sends(int index, at::Duration delay, Packet packet) {
  later(index, delay, [this, index, packet = std::move(packet)] {
    const auto opening = peer(index).opening;
    const auto in = [this, index, opening](const Packet& each) {
      if (link(index).up() && opening == peer(index).opening) arrives(index, each);
    };
    const auto passage = std::make_shared<Passage>();
    const auto before = world_.timeline.pending();
    world_.injector.gate(index, packet, [this, in, passage](const Packet& each) {
      if (passage->at_once) return passage->passed.push_back(each);
      --pending_;
      in(each);
    });
    passage->at_once = false;
    pending_ += world_.timeline.pending() - before;
    for (const auto& each : passage->passed) in(each);
  });
}

void Broker::arrives(int index, const Packet& packet) {
  auto& at = peer(index);
  const auto type = mqtt_backend::type_of(packet);
  const auto ends = [&](const char* why) { say(index, Down{DownReason::protocol_error, why}); };
  if (mqtt_backend::fault_of_server_packet(packet)) return ends("a packet against the protocol");
  if (at.greeted == (type == PacketType::connack)) return ends("CONNACK is not the first");
  const auto body = mqtt_backend::body_at(packet);
  if (type == PacketType::connack) {
    at.greeted = true;
    return say(index, ConnAck{packet[body + 1], false});
  }
  if (type == PacketType::pingresp) return say(index, Pong{});
  if (type != PacketType::publish) return acknowledged(index, packet);
  const auto topic = mqtt_backend::topic_of(packet).value_or("");
  const int qos = mqtt_backend::qos_of(packet);
  const auto start = body + 2 + topic.size() + (qos > 0 ? 2 : 0);
  say(index,
      Message{mqtt_backend::id_of(packet), qos, mqtt_backend::retain_of(packet),
              mqtt_backend::dup_of(packet), std::string(topic),
              std::string(packet.begin() + static_cast<std::ptrdiff_t>(start), packet.end())});
}

/// What answers nothing goes on, under a name that was never given.
void Broker::acknowledged(int index, const Packet& packet) {
  constexpr Ticket never_given = 1'000'000'000;
  const auto id = mqtt_backend::id_of(packet);
  const auto type = mqtt_backend::type_of(packet);
  const auto found = peer(index).exchanges.find(id);
  const bool known = found != peer(index).exchanges.end();
  const auto ticket = known ? found->second.ticket : never_given + id;
  if (type == PacketType::pubrec) {
    if (known && std::exchange(found->second.received, true)) return;
    if (known) answer_exchange(index, id);
    return say(index, Received{ticket});
  }
  Acked acked{ticket, {}};
  const auto codes = mqtt_backend::body_at(packet) + 2;
  if (type == PacketType::suback)
    acked.codes.assign(packet.begin() + static_cast<std::ptrdiff_t>(codes), packet.end());
  say(index, std::move(acked));
}

bool Broker::takes_injected(int index, Packet packet) {
  if (!link(index).up() || !peer(index).greeted) return false;
  if (mqtt_backend::qos_of(packet) > 0) mqtt_backend::set_id(packet, ++peer(index).last_id);
  later(index, {}, [this, index, packet = std::move(packet)] { arrives(index, packet); });
  return true;
}

}  // namespace sim
