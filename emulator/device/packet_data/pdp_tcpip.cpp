// Contexts as the TCP/IP layer sees them: AT+QICSGP, +QIACT, +QIDEACT and its errors.
#include "emulator/device/packet_data/pdp.hpp"

#include <optional>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Outcome;

int type_number(const std::string& type) {
  if (type == "IPV6") return 2;
  return type == "IPV4V6" ? 3 : 1;
}

using Octets = std::array<unsigned, 4>;

// reading: as a server it stands for none, as the query shows it
constexpr Octets no_address{};

/// The four bytes of dotted decimals; nothing when it is no such address.
std::optional<Octets> octets(const std::string& text) {
  Octets result{};
  std::size_t part = 0;
  unsigned digits = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0 || ++part == result.size()) return std::nullopt;
      digits = 0;
    } else if (c >= '0' && c <= '9' && ++digits <= 3) {
      result[part] = result[part] * 10 + static_cast<unsigned>(c - '0');
      if (result[part] > 255) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0 || part != result.size() - 1) return std::nullopt;
  return result;
}

}  // namespace

/// Every context has the next address after the scene's.
std::string Pdp::ipv4(int cid) const {
  auto address = octets(scenario_.now().host_address).value_or(Octets{});
  address[3] = (address[3] + static_cast<unsigned>(cid) - 1) % 256;
  return fmt::format("{}", fmt::join(address, "."));
}

// 2001:db8::/32 is kept for documentation.
std::string Pdp::ipv6(int cid) const { return fmt::format("2001:db8::{:x}", cid); }

std::string Pdp::shown_address(int cid) const {
  const auto& context = at(cid);
  if (!context.active) return "0.0.0.0";
  return context.type == "IPV6" ? ipv6(cid) : ipv4(cid);
}

std::vector<std::string> Pdp::name_servers(int cid) const {
  const auto& own = at(cid).dns;
  return own.empty() ? scenario_.now().dns : own;
}

Outcome Pdp::profile(const at::Args& args) {
  static constexpr std::array<std::string_view, 3> names{"IP", "IPV6", "IPV4V6"};
  auto& context = at(args.number(0));
  if (!args.given_from(1))
    return Outcome::ok(fmt::format("+QICSGP: {},\"{}\",\"{}\",\"{}\",{}", type_number(context.type),
                                   context.apn, context.user, context.password,
                                   context.authentication));
  if (!args.given(1) || !args.given(2)) return refuse(TcpIpError::invalid_parameters);
  context.defined = true;
  context.type = names[static_cast<std::size_t>(args.number(1) - 1)];
  context.apn = args.text(2);
  if (args.given(3)) context.user = args.text(3);
  if (args.given(4)) context.password = args.text(4);
  context.authentication = args.number_or(5, context.authentication);
  note(TcpIpError::none);
  return Outcome::ok();
}

Outcome Pdp::stacks() {
  std::vector<std::string> lines;
  for (int i = 1; i <= max_cid; ++i) {
    const auto& context = at(i);
    if (!context.stack && !context.by_service) continue;
    auto line = fmt::format("+QIACT: {},1,{},\"{}\"", i, type_number(context.type),
                            context.active ? shown_address(i) : ipv4(i));
    if (context.type == "IPV4V6") line += fmt::format(",\"{}\"", ipv6(i));
    lines.push_back(std::move(line));
  }
  return Outcome::ok(std::move(lines));
}

TcpIpError Pdp::start_stack(int cid) {
  if (is_full_beside(cid)) return TcpIpError::not_allowed;
  if (!raise(cid, By::host)) return TcpIpError::activation_failed;
  at(cid).stack = true;
  return TcpIpError::none;
}

// reading: the default bearer stays up for the network when the TCP/IP layer leaves it
void Pdp::stop_stack(int cid) {
  at(cid).stack = at(cid).by_service = at(cid).taken = false;
  deactivated_(cid);
  at(cid).dns.clear();
  if (cid == default_cid) {
    context_lost(cid);
  } else {
    lower(cid);
  }
}

Outcome Pdp::start_stack(const at::Args& args) {
  const int i = args.number(0);
  if (holds_stack(i)) return refuse(TcpIpError::not_allowed);
  return in_time(activation_limit, [this, i] {
    const auto error = start_stack(i);
    if (error != TcpIpError::none) return refuse(error);
    note(TcpIpError::none);
    return Outcome::ok();
  });
}

Outcome Pdp::stop_stack(const at::Args& args) {
  const int i = args.number(0);
  return in_time(deactivation_limit, [this, i] {
    stop_stack(i);
    note(TcpIpError::none);
    return Outcome::ok();
  });
}

Outcome Pdp::get_error() {
  const auto error = last_error_.get();
  return Outcome::ok(fmt::format("+QIGETERROR: {},{}", code(error), words(error)));
}

Outcome Pdp::dns(const at::Args& args) {
  const int i = args.number(0);
  if (!at(i).active) return refuse(TcpIpError::activation_failed);
  if (!args.given_from(1)) {
    const auto servers = name_servers(i);
    return Outcome::ok(fmt::format("+QIDNSCFG: {},\"{}\",\"{}\"", i, servers.at(0),
                                   servers.size() > 1 ? servers[1] : "0.0.0.0"));
  }
  std::vector<std::string> chosen;
  for (const std::size_t place : {1U, 2U}) {
    if (!args.given(place)) continue;
    const auto address = octets(args.text(place));
    if (!address) return refuse(TcpIpError::invalid_parameters);
    if (*address != no_address) chosen.push_back(args.text(place));
  }
  at(i).dns = std::move(chosen);
  note(TcpIpError::none);
  return Outcome::ok();
}

std::optional<std::string> Pdp::busy() const {
  if (answering_.busy()) return "a packet data context is switched";
  return std::nullopt;
}

void Pdp::snapshot(at::Memo& memo, Context& context) const {
  const auto& define = commands()[0].params;
  static constexpr std::array<std::string_view, 4> names{"d_comp", "h_comp", "IPv4AddrAlloc",
                                                         "request_type"};
  constexpr auto credential = at::text("credential", 0, 127);
  memo.flag("defined", context.defined);
  memo.text("type", context.type, at::text("type", 2, 6).among("IP|PPP|IPV6|IPV4V6"));
  memo.text("apn", context.apn, define[2]);
  memo.text("address", context.address, define[3]);
  for (std::size_t i = 0; i < names.size(); ++i)
    memo.whole(names[i], context.options[i], define[4 + i]);
  memo.text("user", context.user, credential);
  memo.text("password", context.password, credential);
  memo.whole("authentication", context.authentication, at::number("authentication", 0, 3));
  memo.texts("dns", context.dns, 2, at::text("server", 7, 15));
  for (const auto& server : context.dns)
    memo.require(octets(server).has_value(), "dns", "must hold IPv4 addresses");
  memo.flag("active", context.active);
  memo.flag("stack", context.stack);
  memo.flag("by_service", context.by_service);
  memo.flag("taken", context.taken);
  memo.require(!context.active || (context.defined && network_.attached()), "active",
               "needs a context that is defined, and a network");
  memo.require(context.active || !(context.stack || context.by_service), "active",
               "is needed for what is up on it");
}

void Pdp::snapshot(at::Memo& memo) {
  memo.enter("packet_data");
  if (memo.restoring()) {
    contexts_ = {};
    load();
    stored_ = contexts_;
  }
  memo.list("contexts", contexts_, [&](Context& context) { snapshot(memo, context); });
  memo.whole("cgerep_mode", reports_, at::number("mode", 0, 2));
  memo.whole("cgerep_bfr", buffering_, at::number("bfr", 0, 1));
  auto error = last_error_.get();
  memo.whole("last_error", error, at::number("error", 0, code(TcpIpError::handshake_failed)));
  memo.require(!words(error).empty(), "last_error", "is no error of the TCP/IP layer");
  last_error_.note(error);
  memo.leave();
}

}  // namespace emulator::device
