// Six brokers behind the fake links, and the system under them. They keep to MQTT, in their own
// time; what goes wrong with them are faults, through which every packet of theirs goes. An answer
// is given to each copy of a packet. As the link to a real broker it ends what breaks the protocol.
#pragma once

#include "mqtt_backend/link/packet.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sim {

class Broker {
 public:
  static constexpr int links = static_cast<int>(Ledger::clients);
  static constexpr auto soonest = std::chrono::milliseconds(1);

  Broker(World& world, Dice& dice);

  /// Something happens that nobody asked for: messages, or a link that the system gives up.
  void disturb();

  /// Of this broker's own timers, and of faults that hold its packets.
  [[nodiscard]] std::size_t pending() const { return pending_; }

 private:
  struct Exchange {
    mqtt_backend::Ticket ticket = 0;
    support::Asked request{};
    bool received = false;  // the first half of qos 2 is answered
  };
  struct Peer {
    std::uint64_t opening = 0;
    bool opened = false;
    bool greeted = false;  // a CONNACK has come through
    bool session = false;
    bool leaving = false;  // was asked to disconnect
    std::string client_id{};
    std::map<std::uint16_t, Exchange> exchanges{};  // by their id on the wire
    std::uint16_t last_id = 0;
  };

  void asked(int index, const support::Asked& request);
  void answer_open(int index, const support::Asked& request);
  void answer_connect(int index);
  void answer_exchange(int index, std::uint16_t id);
  void answer_disconnect(int index);
  void message(int index);
  void give_up(int index, mqtt_backend::DownReason reason, Turn turn);
  void subscribed(int index);

  /// Through the faults, after `delay`.
  void sends(int index, at::Duration delay, mqtt_backend::Packet packet);
  void arrives(int index, const mqtt_backend::Packet& packet);
  void acknowledged(int index, const mqtt_backend::Packet& packet);
  bool takes_injected(int index, mqtt_backend::Packet packet);

  void later(int index, at::Duration delay, std::function<void()> action);
  void say(int index, mqtt_backend::LinkEvent event);
  void say_later(int index, at::Duration delay, mqtt_backend::LinkEvent event);
  /// Often at the soonest, so that a fault can make an answer come at a limit exactly.
  at::Duration soon() { return dice_.permille(400) ? soonest : dice_.ms(1, 700); }

  Peer& peer(int index) { return peers_.at(static_cast<std::size_t>(index)); }
  support::FakeLink& link(int index) { return *world_.links.at(static_cast<std::size_t>(index)); }

  World& world_;
  Dice& dice_;
  std::array<Peer, Ledger::clients> peers_{};
  std::size_t pending_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace sim
