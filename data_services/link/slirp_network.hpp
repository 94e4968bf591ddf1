// The network behind PPP, in user space and without privileges: libslirp makes of the host's
// packets connections of this process, and of what comes back packets (IP-1 to IP-16). Wall time
// rules (IP-13). The networks are owned by the Unit, each one by its call; io thread only.
#pragma once

#include "cellular/traffic.hpp"
#include "data_services/ppp/packet_net.hpp"
#include "net/activity.hpp"
#include "net/resolver.hpp"

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

namespace data_services {

class SlirpNetworks : public ppp::PacketNetworks {
 public:
  /// Brings what comes from outside into the module's time.
  using Deliver = std::function<void(const std::function<void()>&)>;

  struct Options {
    std::shared_ptr<net::Resolver> resolver;
    std::shared_ptr<cellular::Traffic> traffic;
    std::shared_ptr<net::Activity> activity;
    bool everywhere = false;  // packets go beyond this machine (--internet all)
  };

  SlirpNetworks(boost::asio::io_context& io, Options options, Deliver deliver)
      : io_(io), options_(std::move(options)), deliver_(std::move(deliver)) {}

  [[nodiscard]] bool reaches_everywhere() const override { return options_.everywhere; }
  [[nodiscard]] std::unique_ptr<ppp::PacketNet> attach(
      const ppp::Attachment& attachment, std::function<void(std::string_view)> arrived) override;

 private:
  boost::asio::io_context& io_;
  Options options_;
  Deliver deliver_;
};

}  // namespace data_services
