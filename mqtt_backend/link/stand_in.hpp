// Keeps the broker's patience while the module's time stands or goes slower than when it connected:
// pings in the module's place what the module would ping in time if its clock went on as it did.
// Where the module fails to ping, in its own time, nobody does. Owned by each Relay; io thread
// only.
#pragma once

#include "at_engine/timeline.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace mqtt_backend {

/// The module's time as it can be seen from the wire.
struct ModuleTime {
  std::function<at::Time()> now;
  /// Virtual seconds in a real one, also while it stands.
  std::function<double()> scale;
  /// Likewise, but 0 while it stands.
  std::function<double()> rate;
  /// Told whenever somebody has pinged in the module's place.
  std::function<void()> stood_in;
};

/// What is known of a link when it is asked whether somebody has to ping.
struct KeepAlive {
  using Seconds = std::chrono::duration<double>;
  Seconds keepalive;     // of CONNECT, real
  double scale;          // virtual seconds in a real one when it connected
  Seconds since_packet;  // real, since the last packet
  Seconds module_since;  // virtual, since the module's own last packet
  double rate;           // virtual seconds in a real one now
};

/// The module will ping, as it has to, but only when the broker has lost its patience. Pure.
[[nodiscard]] bool needs_stand_in(const KeepAlive& link);

class StandIn {
 public:
  /// It looks so often: a packet is due after 4 looks, the broker loses its patience after 6.
  static constexpr int looks_in_keepalive = 4;

  /// Without `time` it does nothing.
  StandIn(boost::asio::io_context& io, std::optional<ModuleTime> time, std::function<void()> ping);

  /// CONNECT is sent, with this `keepalive`; 0: the broker has no limit.
  void connect(std::chrono::seconds keepalive);
  /// The broker has accepted it.
  void start();
  void stop() { timer_.cancel(); }

  /// A packet of the module was written.
  void sent();
  /// One of ours was.
  void stood_in();

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void look_later();
  void look();

  std::optional<ModuleTime> time_;
  std::function<void()> ping_;
  boost::asio::steady_timer timer_;
  std::chrono::seconds keepalive_{};
  double scale_ = 1;
  Moment packet_at_{};
  at::Time module_at_{};
  // A handler that is queued already must not touch what is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace mqtt_backend
