// Names to addresses for everything of one modem: first the rules, then addresses as they are
// written, then the DNS servers that the host has set for its context, if it has; else the system,
// as far as the modem may go out, beside the io thread, each name in a thread of its own, so that a
// slow one delays neither others nor the end of the program. Shared by a modem's links and
// services; io thread only.
#pragma once

#include "net/dns_question.hpp"
#include "net/egress.hpp"
#include "net/resolve_rules.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace net {

class Resolver {
 public:
  /// Most look-ups under way, those of the system included that nobody waits for any more; one
  /// more fails at once.
  static constexpr int max_under_way = 32;
  /// Servers that are asked of those of a context; others are left out.
  static constexpr std::size_t max_name_servers = 2;

  using Endpoints = Egress::Endpoints;
  struct Answer {
    Endpoints endpoints;
    std::optional<std::chrono::seconds> ttl{};  // where a DNS server told it
  };
  using Found = std::function<void(boost::system::error_code, const Answer&)>;
  /// Runs in a thread of its own and may take its time.
  using Lookup = std::function<Endpoints(const std::string& host, std::uint16_t port,
                                         boost::system::error_code& error)>;

  /// Without `lookup` the system's resolver is asked.
  explicit Resolver(boost::asio::io_context& io, Lookup lookup = {});
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  [[nodiscard]] ResolveRules& rules() { return rules_; }
  /// Whoever connects to what was found, or to an address of its own, asks it first.
  [[nodiscard]] Egress& egress() { return egress_; }

  /// `found` comes once on the io thread, never from inside the call, and not after destruction.
  /// Without an error there is at least one address. Asked without a port, it is 0.
  void start(const Place& asked, Found found);

  /// Whom a context asks for names.
  struct Dns {
    std::vector<std::string> servers;  // addresses, the first one first; none: the system
    DnsQuestion::Families families = DnsQuestion::Families::both;
  };
  /// The same for a service that goes over a context. What comes back must be held as long as the
  /// answer is wanted. A name that a rule leads to another name is one of this machine's world: the
  /// system is asked for it. A rule for a server's address and port 53 turns it.
  [[nodiscard]] std::unique_ptr<DnsQuestion> start(const Place& asked, const Dns& dns, Found found);

  /// How long DNS servers have to answer.
  void set_patience(AresChannel::Patience patience) { patience_ = patience; }

  /// Look-ups that failed because too many were under way.
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }

 private:
  struct Gate;
  using Reply = std::function<void(boost::system::error_code, Answer)>;

  [[nodiscard]] Reply reply(Found found) const;
  [[nodiscard]] bool crowded();
  void ask_system(const std::string& host, std::uint16_t port, Reply reply);
  void answered(std::uint64_t number, boost::system::error_code error, const Endpoints& endpoints);
  [[nodiscard]] std::unique_ptr<DnsQuestion> ask_servers(const std::string& host,
                                                         std::uint16_t port, const Dns& dns,
                                                         Reply reply);

  Lookup lookup_;
  AresChannel::Patience patience_;
  ResolveRules rules_;
  Egress egress_;
  std::uint64_t turned_away_ = 0;
  bool crowded_ = false;
  std::uint64_t asked_ = 0;
  std::map<std::uint64_t, Reply> waiting_;  // for threads, max_under_way at most
  std::shared_ptr<Gate> gate_;
};

}  // namespace net
