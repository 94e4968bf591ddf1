// One ICMP echo request and its reply (RFC 792), by an unprivileged ping socket or a raw one. Keeps
// itself alive until it has answered.
#pragma once

#include "cellular/internet.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

class IcmpEcho : public std::enable_shared_from_this<IcmpEcho> {
 public:
  using Done = std::function<void(const std::optional<cellular::Echo>& echo)>;

  static constexpr std::size_t payload = 32;  // bytes, as modules send

  /// `done` comes once, perhaps from inside the call.
  static void start(boost::asio::io_context& io, const std::string& address,
                    std::chrono::seconds limit, Done done);

  IcmpEcho(boost::asio::io_context& io, Done done);

 private:
  bool send(const std::string& address);
  void wait();
  void read();
  void finish(const std::optional<cellular::Echo>& echo);

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer limit_;
  std::uint16_t sequence_;
  std::uint16_t identifier_;
  bool raw_ = false;
  bool v6_ = false;
  Done done_;
  std::chrono::steady_clock::time_point sent_;
};

}  // namespace net
