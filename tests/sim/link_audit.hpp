// Stands between a client and its link, faults and all, and checks what the client asks by what it
// was told: nothing without a link, resends only of what waits, PINGREQ in time (TIME-1, TIME-4,
// TIME-5). No fault excuses any of that. Owned by the Modem in the link's place.
#pragma once

#include "mqtt_backend/link.hpp"
#include "tests/sim/setup.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

class LinkAudit : public mqtt_backend::Link {
 public:
  /// `setup` is asked for what a client was told; `delivered` is told each message that reaches a
  /// client with a session.
  struct Hooks {
    std::function<const Setup&(int)> setup;
    std::function<void(int, const mqtt_backend::link_event::Message&)> delivered;
    /// The link is gone; the host hears of it when what came before has been told.
    std::function<void(int)> lost = [](int) {};
    /// For a person who looks for what went wrong.
    std::function<void(std::string)> note = [](const auto&) {};
  };

  LinkAudit(at::Timeline& timeline, int index, std::unique_ptr<mqtt_backend::Link> link,
            const Hooks& hooks)
      : timeline_(timeline), index_(index), link_(std::move(link)), hooks_(hooks) {}

  /// Throws what was found.
  void check() const;

  [[nodiscard]] bool has_session() const { return up_ && session_; }

  void listen(Listener listener) override;
  void watch(Watcher watcher) override { link_->watch(std::move(watcher)); }
  void open(const mqtt_backend::Endpoint& endpoint) override;
  void connect(const mqtt_backend::ConnectRequest& request) override;
  mqtt_backend::Ticket subscribe(std::uint16_t msg_id,
                                 const std::vector<mqtt_backend::TopicFilter>& filters) override;
  mqtt_backend::Ticket unsubscribe(std::uint16_t msg_id,
                                   const std::vector<std::string>& topics) override;
  mqtt_backend::Ticket publish(mqtt_backend::PublishRequest request) override;
  void resend(mqtt_backend::Ticket ticket) override;
  void ping() override;
  void disconnect() override;
  [[nodiscard]] bool delivered() const override { return link_->delivered(); }
  void back_pressure(bool on) override { link_->back_pressure(on); }
  bool inject(std::vector<std::uint8_t> packet) override {
    return link_->inject(std::move(packet));
  }
  void close() override;

 private:
  struct Flight {
    int resends = 0;
    int qos = 0;
    bool publish = false;
  };

  void heard(const mqtt_backend::LinkEvent& event);
  mqtt_backend::Ticket under_way(mqtt_backend::Ticket ticket, Flight flight);
  void sent() { last_sent_ = timeline_.now(); }
  void complain(std::string_view what);

  at::Timeline& timeline_;
  int index_;
  std::unique_ptr<mqtt_backend::Link> link_;
  const Hooks& hooks_;
  bool up_ = false;  // from open() to close() or to the event that ends the link
  bool opened_ = false;
  bool greets_ = false;  // CONNECT was asked for
  bool session_ = false;
  bool leaving_ = false;
  int keepalive_ = 0;
  at::Time last_sent_{};
  std::optional<at::Time> pong_due_{};
  std::map<mqtt_backend::Ticket, Flight> flights_{};
  std::string problem_;
};

}  // namespace sim
