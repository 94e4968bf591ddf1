// Six brokers behind the fake links: answers what the clients ask, in time or not, rightly or not,
// as the dice say. Also checks what reaches it: nothing without a link, resends only of what waits,
// PINGREQ in time (TIME-1, TIME-4, TIME-5).
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/setup.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace sim {

class Broker {
 public:
  static constexpr int links = static_cast<int>(Ledger::clients);

  /// `setup` is asked for what a client was told; `delivered` is told each message that is sent.
  struct Hooks {
    std::function<const Setup&(int)> setup;
    std::function<void(int, const mqtt_backend::link_event::Message&)> delivered;
  };

  Broker(support::World& world, Dice& dice, Hooks hooks);

  /// Something happens that nobody asked for: a message, a loss, a take-over.
  void disturb();

  /// Throws what was found while the modem was calling.
  void check();

  /// Of this broker's own timers.
  [[nodiscard]] std::size_t pending() const { return pending_; }

 private:
  struct Flight {
    int resends = 0;
    int qos = 0;
  };
  struct Peer {
    std::uint64_t opening = 0;
    at::Time last_sent{};
    bool opened = false;
    bool session = false;
    bool leaving = false;  // was asked to disconnect
    int keepalive = 0;
    std::string client_id{};
    std::optional<at::Time> pong_due{};
    std::map<mqtt_backend::Ticket, Flight> flights{};
    std::uint16_t last_id = 0;
  };

  void asked(int index, const support::Asked& request);
  void answer_open(int index);
  void answer_connect(int index);
  void answer_exchange(int index, const support::Asked& request);
  void answer_ping(int index);
  void answer_disconnect(int index);
  void resend(int index, mqtt_backend::Ticket ticket);
  void message(int index);
  void down(int index, mqtt_backend::DownReason reason, Fault fault);
  void acknowledge(int index, const support::Asked& request);
  [[nodiscard]] std::optional<at::Duration> ack_delay(int index);
  [[nodiscard]] std::vector<std::uint8_t> granted(const support::Asked& request);
  at::Duration around(Fault before, Fault at, Fault after);

  void later(int index, at::Duration delay, std::function<void()> action);
  void say(int index, mqtt_backend::LinkEvent event);
  void say_later(int index, at::Duration delay, mqtt_backend::LinkEvent event);
  void complain(int index, std::string_view what);

  Peer& peer(int index) { return peers_.at(static_cast<std::size_t>(index)); }
  support::FakeLink& link(int index) { return *world_.links.at(static_cast<std::size_t>(index)); }

  support::World& world_;
  Dice& dice_;
  Hooks hooks_;
  std::array<Peer, Ledger::clients> peers_{};
  std::size_t pending_ = 0;
  std::uint64_t messages_ = 0;
  std::string problem_;
};

}  // namespace sim
