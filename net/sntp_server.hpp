// A time server on a free port of 127.0.0.1 (RFC 4330), for closed test networks: tells whatever
// time it is given, as stratum 1. Owned by the Emulator; io thread only.
#pragma once

#include "net/sntp_question.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace net {

class SntpServer {
 public:
  using Packet = SntpQuestion::Packet;

  /// `unix_ms` is asked for each answer.
  SntpServer(boost::asio::io_context& io, std::function<std::int64_t()> unix_ms);

  /// The port; 0 and `error` when none can be had.
  std::uint16_t start(boost::system::error_code& error);
  void stop();

 private:
  void wait();

  boost::asio::ip::udp::socket socket_;
  std::function<std::int64_t()> unix_ms_;
  // Longer than a packet: one with an authenticator is answered without.
  std::array<std::uint8_t, 512> question_{};
  boost::asio::ip::udp::endpoint asker_;
};

/// The answer to a question, or nothing when it is none.
std::optional<SntpServer::Packet> sntp_answer(const SntpServer::Packet& question,
                                              std::int64_t unix_ms);

}  // namespace net
