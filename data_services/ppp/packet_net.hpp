// The seam to the network behind PPP: IPv4 packets of one call, both ways (IP-2, IP-5, IP-11). A
// libslirp, or a test's fake, stands behind it. Owned by whoever holds the call.
#pragma once

#include "data_services/ppp/address.hpp"
#include "data_services/ppp/dns_answer.hpp"
#include "data_services/ppp/ip_packet.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace data_services::ppp {

/// What this machine is for the host at `address`: the second of its net (IP-5), or the first where
/// the host is the second.
[[nodiscard]] constexpr Address alias_for(Address address) {
  constexpr Address net_mask = 0xFFFFFF00;
  const Address second = (address & net_mask) | 2U;
  return second == address ? second - 1 : second;
}

/// Where a call stands in its virtual net, the /24 of its address.
struct Attachment {
  Address address = 0;  // the host's
  Address alias = 0;    // this machine's 127.0.0.1, as the host sees it
  Address gateway = 0;  // the module's own; 0: it has none
  /// Who asks port 53 of one of them by UDP is answered before a packet gets here; the network
  /// answers who asks by TCP (IP-8).
  std::vector<Address> dns{};
  std::size_t mtu = 1500;  // octets, both ways
  int cid = 0;             // its context
};

class PacketNet {
 public:
  virtual ~PacketNet() = default;

  /// A packet of the host, filtered. Never blocks; what the network has no room for is lost, as
  /// packets are. Packets may come back from inside the call.
  virtual void send(std::string_view ipv4_packet) = 0;

  /// The line to the host is full, or no longer: meanwhile packets are to wait in the network,
  /// where the far side feels it. What is under way may still come.
  virtual void pause(bool paused) = 0;

  /// Whether the user has named a service there (--resolve, the demo), so that it is in reach.
  [[nodiscard]] virtual bool is_named(const Endpoint& endpoint) const = 0;

  /// The addresses of a name as the host is to see them; see DnsAnswers::Resolve.
  virtual void resolve(const std::string& name, DnsAnswers::Resolved done) = 0;
};

/// Looks on at the IP packets of calls, with those that the module answers itself (IP-16).
class PacketTap {
 public:
  virtual ~PacketTap() = default;

  /// A packet of the call over context `cid`, from its host or for it.
  virtual void packet(int cid, bool from_host, std::string_view ip) = 0;
};

class PacketNetworks {
 public:
  virtual ~PacketNetworks() = default;

  /// Whether packets go beyond this machine (--internet all).
  [[nodiscard]] virtual bool reaches_everywhere() const { return false; }

  /// A network for one call. `arrived` gets each packet for the host; it never comes from inside
  /// attach(), and not after the PacketNet is gone.
  [[nodiscard]] virtual std::unique_ptr<PacketNet> attach(
      const Attachment& attachment, std::function<void(std::string_view)> arrived) = 0;
};

}  // namespace data_services::ppp
