// Names to addresses for everything of one modem: first the rules, then addresses as they are
// written, then the system, beside the io thread, each name in a thread of its own, so that a slow
// one delays neither others nor the end of the program. Shared by a modem's links and services; io
// thread only.
#pragma once

#include "net/resolve_rules.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net {

class Resolver {
 public:
  /// Most look-ups under way, forgotten ones included; one more fails at once.
  static constexpr int max_under_way = 32;

  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  using Found = std::function<void(boost::system::error_code, const Endpoints&)>;
  /// Runs in a thread of its own and may take its time.
  using Lookup = std::function<Endpoints(const std::string& host, std::uint16_t port,
                                         boost::system::error_code& error)>;

  /// Without `lookup` the system's resolver is asked.
  explicit Resolver(boost::asio::io_context& io, Lookup lookup = {});
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  [[nodiscard]] ResolveRules& rules() { return rules_; }

  /// `found` comes once on the io thread, never from inside the call, and not after destruction.
  /// Without an error there is at least one address. Asked without a port, it is 0.
  void start(const Place& asked, Found found);

  /// Look-ups that failed because too many were under way.
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }

 private:
  struct Gate;

  Lookup lookup_;
  ResolveRules rules_;
  std::uint64_t turned_away_ = 0;
  bool crowded_ = false;
  std::shared_ptr<Gate> gate_;
};

}  // namespace net
