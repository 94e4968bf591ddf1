// The MQTT broker that comes with the emulator: the packaged mosquitto as a child process on a free
// loopback port, with a configuration of its own in a private directory that goes away with it.
// Owned by the emulator's main.
#pragma once

#include "emulator/processes/process.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace emulator {

class DemoBroker {
 public:
  static constexpr int port_tries = 5;
  static constexpr std::chrono::milliseconds ready_poll{2};
  static constexpr std::chrono::milliseconds ready_limit{3000};
  static constexpr std::chrono::milliseconds stop_grace{50};

  struct Settings {
    std::string program = "auto";    // "auto", "off" or the path of a mosquitto
    std::optional<std::string> log;  // everything mosquitto can log goes to this file
  };

  /// With `error` empty the broker listens on 127.0.0.1:`port`; 0 when it is off.
  struct Result {
    std::uint16_t port = 0;
    std::string error;  // one line
  };
  using Done = std::function<void(const Result&)>;

  /// The mosquitto that `program` ("auto", or a path) leads to.
  [[nodiscard]] static std::optional<std::string> find(const std::string& program);

  DemoBroker(boost::asio::io_context& io, Settings settings);
  ~DemoBroker() { stop(); }

  /// Starts the broker; `done` comes once, never from inside the call, unless stop() comes first.
  /// Call from the main thread: the broker dies with the thread that started it.
  void start(Done done);

  /// Told once if the broker that was ready ends by itself.
  void on_death(std::function<void()> died) { died_ = std::move(died); }

  /// Ends the broker and removes its directory. Takes little more than stop_grace at the most.
  void stop();

  [[nodiscard]] pid_t pid() const { return process_.pid(); }
  /// The private directory; empty when there is none.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  void begin();
  void try_port();
  [[nodiscard]] std::optional<std::string> hold_port();
  [[nodiscard]] std::optional<std::string> write_configuration();
  void probe();
  void probed(boost::system::error_code error);
  void exited(int code);
  void finish(const Result& result);

  boost::asio::io_context& io_;
  Settings settings_;
  Process process_;
  boost::asio::steady_timer timer_;
  boost::asio::ip::tcp::socket probe_;
  // mosquitto cannot be asked to choose a port. Bound and not listening, this keeps one from
  // everybody but a program that names it.
  boost::asio::ip::tcp::acceptor held_;
  std::filesystem::path directory_;
  std::string program_;
  Done done_;
  std::function<void()> died_;
  std::chrono::steady_clock::time_point deadline_;
  int tries_ = 0;
  std::uint16_t port_ = 0;
  // Outlived by handlers that were queued before stop().
  std::shared_ptr<char> life_;
};

}  // namespace emulator
