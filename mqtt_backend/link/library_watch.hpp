// Wakes the MQTT library while it owes a packet: it sometimes sleeps for a second over work that it
// has. Owned by each Relay; io thread only.
#pragma once

#include "mqtt_backend/link/paho_world.hpp"

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/steady_timer.hpp>

namespace mqtt_backend {

class LibraryWatch {
 public:
  /// From a request to the first wake-up: several times what the library needs when it is awake.
  static constexpr auto first_wake = std::chrono::microseconds(500);
  /// Each further one takes twice as long, up to this.
  static constexpr auto longest_wake = std::chrono::milliseconds(5);

  struct Hooks {
    /// Whether there is something to wait for.
    std::function<bool()> owes;
    /// `waits` of them have passed without a packet. False ends the waiting.
    std::function<bool(unsigned waits)> goes_on;
  };

  LibraryWatch(PahoWorld& world, Hooks hooks);

  /// Something was asked of the library. Harmless while it is watched already.
  void start();

  /// It sent a packet: the waits are counted anew.
  void heard() { waits_ = 0; }

  void stop() { timer_.cancel(); }

 private:
  void expired();

  PahoWorld& world_;
  Hooks hooks_;
  boost::asio::steady_timer timer_;
  bool running_ = false;
  unsigned waits_ = 0;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace mqtt_backend
