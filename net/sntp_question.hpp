// One question to a time server and its answer (RFC 4330). Keeps itself alive until it has
// answered.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

class SntpQuestion : public std::enable_shared_from_this<SntpQuestion> {
 public:
  /// Unix milliseconds of the server; nothing when it tells none.
  using Done = std::function<void(const std::optional<std::int64_t>& unix_ms)>;
  using Packet = std::array<std::uint8_t, 48>;

  /// `done` comes once, perhaps from inside the call.
  static void start(boost::asio::io_context& io, const std::string& address, std::uint16_t port,
                    std::chrono::seconds limit, Done done);

  SntpQuestion(boost::asio::io_context& io, Done done);

 private:
  bool send(const std::string& address, std::uint16_t port);
  void wait();
  void finish(const std::optional<std::int64_t>& unix_ms);

  boost::asio::ip::udp::socket socket_;
  boost::asio::steady_timer limit_;
  Packet answer_{};
  Done done_;
};

/// The time in a server's answer; nothing when it is none, or the server has no time itself.
std::optional<std::int64_t> time_in(const SntpQuestion::Packet& answer);

}  // namespace net
