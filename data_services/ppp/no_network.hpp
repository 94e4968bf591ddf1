// What is behind PPP where there is no network: this machine's alias answers pings, and everything
// else is counted and gone (IP-12). Owned by the Modem.
#pragma once

#include "data_services/ppp/packet_net.hpp"

#include <cstdint>

namespace data_services::ppp {

class NoNetwork : public PacketNetworks {
 public:
  [[nodiscard]] std::unique_ptr<PacketNet> attach(
      const Attachment& attachment, std::function<void(std::string_view)> arrived) override;

  /// Packets that went nowhere.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  class Net;

  std::uint64_t dropped_ = 0;
};

}  // namespace data_services::ppp
