// Which packets of the host may leave, and for where (IP-6, IP-7): a network in user space lets
// more through than it seems to. Owned by whoever holds the call.
#pragma once

#include "data_services/ppp/ip_packet.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace data_services::ppp {

class PacketFilter {
 public:
  /// How far packets go: to this machine by its alias, or everywhere (--internet all).
  enum class Reach { this_machine, everywhere };

  struct Rules {
    Address address = 0;  // the host's; its /24 is the virtual net
    Address alias = 0;
    Address gateway = 0;  // 0: none
    std::vector<Address> dns{};
    Reach reach = Reach::this_machine;
    /// Services that the scenario names and that are in reach whatever `reach` says; may be null.
    /// Asked for TCP and UDP to any address that is not special.
    std::function<bool(const Endpoint&)> is_named{};
  };

  enum class Verdict {
    to_alias,
    to_resolver,  // port 53 of an offered server, TCP or UDP: the module answers (IP-8)
    to_module,    // the gateway, or something other of an offered server in the virtual net
    to_named,
    to_far,
    refuse,  // ICMP: its net, host or port is unreachable
    drop
  };
  enum class Why {
    fine,
    no_ipv4,         // cannot be read
    foreign_source,  // not from the assigned address
    special,         // 0/8, 127/8, link-local, multicast, broadcast
    own_net,         // nobody there
    out_of_reach
  };
  struct Ruling {
    Verdict verdict = Verdict::drop;
    Why why = Why::fine;
    std::optional<IpPacket> packet{};  // as far as it could be read
  };

  struct Counters {
    std::uint64_t passed = 0;
    std::uint64_t no_ipv4 = 0;
    std::uint64_t foreign_source = 0;
    std::uint64_t special = 0;
    std::uint64_t own_net = 0;
    std::uint64_t out_of_reach = 0;
  };

  explicit PacketFilter(Rules rules) : rules_(std::move(rules)) {}

  /// Judges one packet, and counts it.
  [[nodiscard]] Ruling judge(std::string_view octets);

  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] const Rules& rules() const { return rules_; }

 private:
  [[nodiscard]] Ruling rule(const IpPacket& packet) const;
  [[nodiscard]] bool is_offered_server(Address address) const;
  [[nodiscard]] bool is_in_own_net(Address address) const;
  [[nodiscard]] bool is_named(const IpPacket& packet) const;
  void count(Why why);

  Rules rules_;
  Counters counters_;
};

/// What a host is told of a packet that was refused.
[[nodiscard]] Unreachable told(PacketFilter::Why why);

}  // namespace data_services::ppp
