// A permanent client of the MQTT library against a broker of a few lines inside the process. While
// it lives the library's threads never stop, and through it they are woken: the library itself
// loses wake-ups and waits in poll for a second. Owned by PahoWorld, on the io thread.
#pragma once

#include "mqtt_backend/link/hop_listener.hpp"
#include "mqtt_backend/link/paho_thread.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mqtt/async_client.h>

namespace mqtt_backend {

class Keeper {
 public:
  /// Wake-ups of one thread are at least this far apart.
  static constexpr auto wake_gap = std::chrono::milliseconds(2);

  Keeper(boost::asio::io_context& io, PahoThread& api, HopListener& hop);

  /// Begins to connect; returns at once.
  void start();

  /// Destroys the library's object; later calls do nothing.
  void stop();

  /// Makes the library's receive thread look at all sockets, now or within wake_gap.
  void wake_receiver();

  /// Wakes both of the library's threads. A call within wake_gap of another is dropped.
  void kick();

 private:
  struct Library;

  void serve(boost::asio::ip::tcp::socket socket);
  void read();
  void write(const Packet& packet);

  PahoThread& api_;
  HopListener& hop_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer gap_;
  std::chrono::steady_clock::time_point last_kick_;
  bool gap_open_ = true;
  bool wake_again_ = false;
  bool up_ = false;
  std::array<std::uint8_t, 256> chunk_{};
  std::shared_ptr<Library> library_;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace mqtt_backend
