// A client's link with the faults that act on it: names that lead nowhere, connections that are
// refused or swallowed, links that are cut, go deaf or are slow. In virtual time, in front of any
// link. Owned by the Modem in place of the link that it wraps.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/faults/slow_way.hpp"
#include "mqtt_backend/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emulator::faults {

/// Who is to stand between a client and its broker (a `tls` fault).
struct TlsTrouble {
  std::string mode;
  std::size_t at_byte = 0;
};

class FaultyLink : public mqtt_backend::Link {
 public:
  /// Where to connect to instead; nothing when there is nobody to connect to. Called at once or
  /// later.
  using Found = std::function<void(const std::optional<mqtt_backend::Endpoint>& endpoint)>;
  using Detour = std::function<void(const TlsTrouble& trouble,
                                    const mqtt_backend::Endpoint& endpoint, const Found& found)>;

  /// The name's address when it is wrong: of TEST-NET-1 (RFC 5737), where nobody answers.
  static constexpr const char* wrong_address = "192.0.2.1";

  /// Bytes of messages that may be late before the broker has to wait.
  static constexpr std::size_t max_late = std::size_t{4} * 1024 * 1024;

  struct Hooks {
    /// What acts on an open to this host and port.
    std::function<std::vector<Fault*>(const mqtt_backend::Endpoint& endpoint)> opening;
    Detour detour;
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
  /// What comes in is late, and what goes out takes its time; nothing slow ends it.
  void slow_down(Slowness slowness, std::uint64_t seed);
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
  void go(const mqtt_backend::Endpoint& endpoint, const std::optional<TlsTrouble>& trouble);
  void heard(mqtt_backend::LinkEvent event);
  [[nodiscard]] at::Time arrival(const mqtt_backend::LinkEvent& event);
  void deliver_due();
  void apply_back_pressure() {
    link_->back_pressure(client_is_full_ || deaf_ || late_bytes_ > max_late);
  }
  void fail(mqtt_backend::OpenResult result);
  void forget();
  /// The system takes what goes to a link that is deaf, and tells nobody that it gets nowhere.
  void swallow(mqtt_backend::LinkEvent written);
  [[nodiscard]] mqtt_backend::Ticket lost_ticket();

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
  at::Timer taken_timer_;
  std::deque<Late> late_;
  std::deque<mqtt_backend::LinkEvent> taken_;
  std::size_t late_bytes_ = 0;
  bool client_is_full_ = false;
  SlowWay way_;
  std::optional<at::Duration> forgotten_after_;
  std::uint64_t lost_tickets_ = 0;
  std::shared_ptr<char> detouring_;  // until somebody stands between
  bool reset_on_open_ = false;
  bool established_ = false;
  bool deaf_ = false;
};

}  // namespace emulator::faults
