// Leads what the host sends to a named service to where it really is, and what comes back the other
// way: addresses and ports of TCP and UDP change in the packets (IP-5; names by --resolve and of
// the demo). Pure; owned by a network for packets.
#pragma once

#include "data_services/ppp/ip_packet.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <tuple>

namespace data_services::ppp {

class Translation {
 public:
  /// Conversations that are remembered; the oldest one is forgotten for another.
  static constexpr std::size_t max_flows = 4096;

  /// `packet`, a whole IPv4 packet to `asked`, goes to `real`. True when it could be changed: TCP
  /// or UDP, and no fragment.
  bool lead(std::string& packet, const Endpoint& real);

  /// A packet for the host comes from where the host thinks it asked; others stay as they are.
  void lead_back(std::string& packet) const;

  [[nodiscard]] std::size_t flows() const { return asked_.size(); }

 private:
  /// The host's port and the real place of a conversation.
  struct Flow {
    std::uint8_t protocol = 0;
    std::uint16_t port = 0;
    Address address = 0;
    std::uint16_t there = 0;

    [[nodiscard]] auto key() const { return std::tie(protocol, port, address, there); }
    friend bool operator<(const Flow& one, const Flow& other) { return one.key() < other.key(); }
  };

  std::map<Flow, Endpoint> asked_;
  std::deque<Flow> order_;
};

}  // namespace data_services::ppp
