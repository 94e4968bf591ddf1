#include "emulator/device/packet_data/dns_lookup.hpp"

#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using namespace std::chrono_literals;

constexpr at::Duration limit = 60s;
// The system's resolver does not tell how long an address holds.
constexpr std::chrono::seconds usual_ttl{600};

}  // namespace

const std::array<Command<DnsLookup>, 1>& DnsLookup::commands() {
  static constexpr std::array<Command<DnsLookup>, 1> table{{
      {.name = "+QIDNSGIP",
       .params = {at::number("contextID", 1, Pdp::max_cid), at::text("hostname", 1, 255)},
       .write = &DnsLookup::start,
       .shown = "(1-15),<hostname>",
       .section = "TCP/IP 2.4.15",
       .source = at::Source::sibling,
       .summary = "Addresses of a name"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

DnsLookup::DnsLookup(at::Timeline& timeline, at::Announce& announce, cellular::Internet& internet,
                     Pdp& pdp)
    : announce_(announce), internet_(internet), pdp_(pdp), timer_(timeline) {}

void DnsLookup::reset() {
  ground_.revoke();
  question_.reset();
  timer_.stop();
}

Outcome DnsLookup::start(const at::Call& call) {
  const int cid = call.args.number(0);
  if (!pdp_.active(cid)) return pdp_.refuse(TcpIpError::activation_failed);
  if (question_) return pdp_.refuse(TcpIpError::not_allowed);
  question_ = Question{call.asker, pdp_.hold(cid, [this] { answered({}); }), call.args.text(1)};
  ground_.revoke();
  pdp_.note(TcpIpError::none);
  return Outcome::ok().afterwards(ground_.claim(), [this] { begin(); });
}

void DnsLookup::begin() {
  timer_.start(limit, [this] { answered({}); });
  question_->inquiry = internet_.resolve(
      {question_->name, pdp_.chosen_name_servers(question_->lease.cid())},
      at::while_holds(ground_.claim(), [this](const auto& found) { answered(found); }));
}

void DnsLookup::answered(const cellular::Addresses& found) {
  const auto asker = question_->asker;
  reset();
  const auto& addresses = found.addresses;
  if (addresses.empty()) {
    announce_.result(asker, fmt::format("+QIURC: \"dnsgip\",{}", code(TcpIpError::dns_failed)));
    return;
  }
  announce_.result(asker, fmt::format("+QIURC: \"dnsgip\",0,{},{}", addresses.size(),
                                      found.ttl.value_or(usual_ttl).count()));
  for (const auto& address : addresses)
    announce_.result(asker, fmt::format("+QIURC: \"dnsgip\",\"{}\"", address));
}

}  // namespace emulator::device
