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
  static constexpr auto kick_gap = std::chrono::microseconds(400);

  Keeper(boost::asio::io_context& io, PahoThread& api, HopListener& hop);

  /// Between attempts to connect, doubled each time.
  static constexpr auto first_retry = std::chrono::milliseconds(50);
  static constexpr auto longest_retry = std::chrono::seconds(10);

  /// Begins to connect; returns at once. What fails is tried again until stop().
  void start();

  /// Destroys the library's object; later calls do nothing.
  void stop();

  /// True while the library can be woken.
  bool established() const { return established_; }
  /// Attempts that failed since the last one that did not.
  unsigned failures() const { return failures_; }

  /// Makes the library's receive thread look at all sockets, now or within wake_gap.
  void wake_receiver();

  /// Wakes both of the library's threads. A call within kick_gap of another is dropped.
  void kick();

 private:
  struct Library;

  void connect();
  void failed(const std::string& why);
  void drop_library();
  void serve(boost::asio::ip::tcp::socket socket);
  void read();
  void write(const Packet& packet);

  boost::asio::io_context& io_;
  PahoThread& api_;
  HopListener& hop_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer gap_;
  boost::asio::steady_timer retry_;
  std::chrono::steady_clock::time_point last_kick_;
  bool gap_open_ = true;
  bool wake_again_ = false;
  bool established_ = false;
  unsigned failures_ = 0;
  std::string nonce_;
  std::array<std::uint8_t, 256> chunk_{};
  std::shared_ptr<Library> library_;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<bool> life_ = std::make_shared<bool>(true);
};

}  // namespace mqtt_backend
