#include "data_services/ppp/no_network.hpp"

#include "data_services/ppp/ip_packet.hpp"

#include <utility>

namespace data_services::ppp {

class NoNetwork::Net : public PacketNet {
 public:
  Net(NoNetwork& network, Address alias, std::function<void(std::string_view)> arrived)
      : network_(network), alias_(alias), arrived_(std::move(arrived)) {}

  void send(std::string_view ipv4_packet) override {
    const auto packet = parse_ip(ipv4_packet);
    const auto reply =
        packet && packet->destination == alias_ ? make_echo_reply(*packet) : std::nullopt;
    if (reply)
      arrived_(*reply);
    else
      ++network_.dropped_;
  }
  void pause(bool) override {}
  [[nodiscard]] bool is_named(const Endpoint&) const override { return false; }
  void resolve(const std::string&, DnsAnswers::Resolved done) override {
    done({DnsAnswers::Status::no_such_name, {}});
  }

 private:
  NoNetwork& network_;
  Address alias_;
  std::function<void(std::string_view)> arrived_;
};

std::unique_ptr<PacketNet> NoNetwork::attach(const Attachment& attachment,
                                             std::function<void(std::string_view)> arrived) {
  return std::make_unique<Net>(*this, attachment.alias, std::move(arrived));
}

}  // namespace data_services::ppp
