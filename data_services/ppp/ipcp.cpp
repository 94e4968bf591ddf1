#include "data_services/ppp/ipcp.hpp"

#include "data_services/ppp/octets.hpp"

#include <utility>

namespace data_services::ppp {
namespace {

namespace option {
constexpr std::uint8_t address = 3;
constexpr std::uint8_t dns1 = 129;
constexpr std::uint8_t dns2 = 131;
}  // namespace option

}  // namespace

Ipcp::Ipcp(at::Timeline& timeline, const Offer& offer, Events events)
    : offer_(offer), events_(std::move(events)), automaton_(timeline, *this) {}

void Ipcp::start() {
  automaton_.open();
  automaton_.up();
}

void Ipcp::send(const ControlPacket& packet) { events_.send(make_control(packet)); }

void Ipcp::begin() {
  names_gateway_ = offer_.gateway != 0;
  has_asked_for_address_ = false;
}

std::string Ipcp::request() {
  std::string list;
  if (names_gateway_) append_option_u32(list, option::address, offer_.gateway);
  return list;
}

/// What the host is to have under an option; 0 where it is to have none.
Address Ipcp::offered(const Option& option) const {
  if (option.value.size() != sizeof(Address)) return 0;
  if (option.type == option::address) return offer_.address;
  if (option.type == option::dns1) return offer_.dns1;
  if (option.type == option::dns2) return offer_.dns2;
  return 0;
}

Judgement::Answer Ipcp::judge(const std::vector<Option>& options, std::string_view list,
                              bool may_nak) {
  Judgement judgement;
  bool has_address = false;
  for (const auto& option : options) {
    const auto address = offered(option);
    has_address = has_address || option.type == option::address;
    if (address == 0)
      judgement.reject(option);
    else if (read_u32(option.value, 0) != address)
      judgement.nak_u32(option, address);
  }
  /// reading: who names no address is told its own, once
  if (!has_address && may_nak && !std::exchange(has_asked_for_address_, true))
    judgement.miss_u32(option::address, offer_.address);
  return judgement.answer(list, may_nak);
}

/// The module's own address is as it is.
void Ipcp::naked(const std::vector<Option>& options, bool gives_up) {
  if (gives_up) rejected(options);
}

void Ipcp::rejected(const std::vector<Option>& options) {
  for (const auto& option : options)
    if (option.type == option::address) names_gateway_ = false;
}

}  // namespace data_services::ppp
