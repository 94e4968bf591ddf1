// A client's link with the faults that act on it: names that lead nowhere, connections that are
// refused or swallowed, links that are cut, go deaf or are slow. In virtual time, in front of any
// link. Owned by the Modem in place of the link that it wraps.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/faults/fault_set.hpp"
#include "mqtt_backend/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace emulator::faults {

class FaultyLink : public mqtt_backend::Link {
 public:
  /// The name's address when it is wrong: of TEST-NET-1 (RFC 5737), where nobody answers.
  static constexpr const char* wrong_address = "192.0.2.1";

  /// Bytes of messages that may be late before the broker has to wait.
  static constexpr std::size_t max_late = std::size_t{4} * 1024 * 1024;

  struct Hooks {
    /// What acts on an open to this host and port.
    std::function<std::vector<Fault*>(const mqtt_backend::Endpoint& endpoint)> opening;
    std::function<void(FaultyLink& link)> gone;
  };

  FaultyLink(at::Timeline& timeline, std::unique_ptr<mqtt_backend::Link> link, Hooks hooks);
  ~FaultyLink() override;
  FaultyLink(const FaultyLink&) = delete;
  FaultyLink& operator=(const FaultyLink&) = delete;

  // What the faults do to a link that is established; nothing to another.

  /// It ends, and `detail` says how.
  void lose(const std::string& detail);
  /// Nothing passes any more, and nobody is told.
  void go_deaf();
  /// What comes in is late by `delay`, more or less by up to `jitter`; 0 ends it.
  void slow_down(at::Duration delay, at::Duration jitter, std::uint64_t seed);
  /// A NAT between forgets it after so long without traffic; nothing ends that.
  void forget_after(std::optional<at::Duration> idle);

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
  [[nodiscard]] bool delivered() const override { return !deaf_ && link_->delivered(); }
  void back_pressure(bool on) override {
    client_is_full_ = on;
    apply_back_pressure();
  }
  bool inject(std::vector<std::uint8_t> packet) override {
    return !deaf_ && link_->inject(std::move(packet));
  }
  void close() override;

 private:
  /// False while it is deaf.
  bool traffic();
  void heard(mqtt_backend::LinkEvent event);
  void deliver_due();
  void apply_back_pressure() {
    link_->back_pressure(client_is_full_ || deaf_ || late_bytes_ > max_late);
  }
  void fail(mqtt_backend::OpenResult result);
  void forget();

  struct Late {
    at::Time due;
    mqtt_backend::LinkEvent event;
  };

  at::Timeline& timeline_;
  std::unique_ptr<mqtt_backend::Link> link_;
  Hooks hooks_;
  Listener listener_;
  at::Timer opening_;
  at::Timer idle_;
  at::Timer late_timer_;
  std::deque<Late> late_;
  std::size_t late_bytes_ = 0;
  bool client_is_full_ = false;
  at::Duration delay_{};
  at::Duration jitter_{};
  std::mt19937_64 draw_;
  std::optional<at::Duration> forgotten_after_;
  std::uint64_t lost_tickets_ = 0;
  bool reset_on_open_ = false;
  bool established_ = false;
  bool deaf_ = false;
};

}  // namespace emulator::faults
