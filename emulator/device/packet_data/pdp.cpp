#include "emulator/device/packet_data/pdp.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"
#include "codec/json_text.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::device {
namespace {

using at::choice;
using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::text;
using namespace std::chrono_literals;

constexpr std::string_view storage_name = "CGDCONT";
constexpr std::array<std::string_view, 4> types{"IP", "PPP", "IPV6", "IPV4V6"};

constexpr at::Param context_id = number("cid", 1, Pdp::max_cid);

}  // namespace

const std::array<Command<Pdp>, 10>& Pdp::commands() {
  static constexpr std::array<Command<Pdp>, 10> table{{
      {.name = "+CGDCONT",
       .params = {context_id, text("PDP_type", 0, 6).optional(), text("APN", 0, 100).optional(),
                  text("PDP_addr", 0, 64).optional(), number("data_comp", 0, 2).optional(),
                  number("head_comp", 0, 4).optional(), choice("IPv4AddrAlloc", {0, 1}).optional(),
                  choice("request_type", {0, 1}).optional()},
       .read = &Pdp::definitions,
       .write = &Pdp::define,
       .search = &Pdp::definition_ranges,
       .bad_param = at::BadParam::cme,
       .section = "9.2",
       .summary = "Define packet data contexts; stored"},
      {.name = "+CGACT",
       .params = {choice("state", {0, 1}), context_id.optional()},
       .limit = activation_limit,
       .read = &Pdp::activations,
       .write = &Pdp::activate,
       .bad_param = at::BadParam::cme,
       .shown = "(0,1)",
       .section = "9.3",
       .summary = "Activate or deactivate contexts"},
      {.name = "+CGPADDR",
       .params = {context_id},
       .write = &Pdp::address,
       .exec = &Pdp::addresses,
       .bad_param = at::BadParam::cme,
       .section = "9.5",
       .summary = "Addresses of contexts"},
      {.name = "+CGEREP",
       .params = {number("mode", 0, 2).optional(), choice("bfr", {0, 1}).optional()},
       .read = &Pdp::get_reports,
       .write = &Pdp::set_reports,
       .bare = true,
       .bad_param = at::BadParam::cme,
       .section = "9.7",
       .summary = "Reports of context events"},
      {.name = "+CGCONTRDP",
       .params = {context_id},
       .write = &Pdp::parameters,
       .exec = &Pdp::all_parameters,
       .bad_param = at::BadParam::cme,
       .section = "9.12",
       .summary = "What the network gave to active contexts"},
      {.name = "+QICSGP",
       .params = {context_id, number("context_type", 1, 3).optional(),
                  text("APN", 0, 100).optional(), text("username", 0, 127).optional(),
                  text("password", 0, 127).optional(), number("authentication", 0, 3).optional()},
       .write = &Pdp::profile,
       .shown = "(1-15),(1-3),<APN>,<username>,<password>,(0-3)",
       .section = "TCP/IP 2.4.1",
       .source = Source::sibling,
       .summary = "Context of the TCP/IP layer; not stored"},
      {.name = "+QIACT",
       .params = {context_id},
       .limit = activation_limit,
       .read = &Pdp::stacks,
       .write = &Pdp::start_stack,
       .section = "TCP/IP 2.4.2",
       .source = Source::sibling,
       .summary = "Start the TCP/IP layer on a context"},
      {.name = "+QIDEACT",
       .params = {context_id},
       .limit = deactivation_limit,
       .write = &Pdp::stop_stack,
       .section = "TCP/IP 2.4.3",
       .source = Source::sibling,
       .summary = "Stop it; links over the context end"},
      {.name = "+QIGETERROR",
       .exec = &Pdp::get_error,
       .test = at::TestForm::bare,
       .section = "TCP/IP 2.4.18",
       .source = Source::sibling,
       .summary = "Last error of the TCP/IP layer"},
      {.name = "+QIDNSCFG",
       .params = {context_id, text("pridnsaddr", 0, 64).optional(),
                  text("secdnsaddr", 0, 64).optional()},
       .write = &Pdp::dns,
       .shown = "(1-15),<pridnsaddr>,<secdnsaddr>",
       .section = "TCP/IP 2.4.14",
       .source = Source::sibling,
       .summary = "Name servers of a context, asked for its names until it is deactivated"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Pdp::Pdp(at::Timeline& timeline, at::Announce& announce, cellular::Latency& latency, Nvram& nvram,
         const Scenario& scenario, const Network& network, const cellular::Knobs& knobs)
    : timeline_(timeline),
      announce_(announce),
      latency_(latency),
      nvram_(nvram),
      scenario_(scenario),
      network_(network),
      knobs_(knobs),
      answering_(timeline, Outcome::error()) {}

void Pdp::start() {
  contexts_ = {};
  reports_ = buffering_ = 0;
  last_error_.note(TcpIpError::none);
  load();
  stored_ = contexts_;
}

void Pdp::reset() {
  answering_.cancel();
  for (int i = 1; i <= max_cid; ++i) {
    if (at(i).active) set_active(i, false, By::power_off);
    at(i).stack = at(i).by_service = at(i).taken = false;
  }
}

bool Pdp::store() const {
  auto list = nlohmann::json::array();
  for (int i = 1; i <= max_cid; ++i)
    if (const auto& c = stored_[static_cast<std::size_t>(i - 1)]; c.defined)
      list.push_back({i, c.type, c.apn, c.address, c.options});
  constexpr auto replace = nlohmann::json::error_handler_t::replace;
  return nvram_.set(storage_name, list.dump(-1, ' ', false, replace));
}

bool Pdp::is_possible(const Context& context) {
  const auto& params = commands()[0].params;
  for (std::size_t i = 0; i < context.options.size(); ++i)
    if (!params[4 + i].admits(context.options[i])) return false;
  return std::find(types.begin(), types.end(), context.type) != types.end();
}

void Pdp::load() {
  const auto stored = nvram_.get(storage_name);
  if (!stored) {
    at(default_cid).defined = true;
    return;
  }
  const auto list = codec::parse_json(*stored);
  try {
    for (const auto& entry : list) {
      auto& context = contexts_.at(entry.at(0).get<std::size_t>() - 1);
      context.defined = true;
      context.type = entry.at(1).get<std::string>();
      context.apn = entry.at(2).get<std::string>();
      context.address = entry.at(3).get<std::string>();
      context.options = entry.at(4).get<std::array<int, 4>>();
      if (!is_possible(context)) throw std::out_of_range("no such context");
    }
  } catch (const std::exception&) {
    contexts_ = {};
    at(default_cid).defined = true;
  }
}

/// Runs `action` after the round trip of the network, within the `limit` of the command.
Outcome Pdp::in_time(at::Duration limit, std::function<Outcome()> action) {
  const auto round_trip = latency_.draw(cellular::Latency::Step::answer);
  return answering_.answer_within(limit, round_trip, std::move(action));
}

void Pdp::report(const std::string& event) {
  if (reports_ > 0) announce_.announce("+CGEV: " + event);
}

void Pdp::set_active(int cid, bool active, By by) {
  at(cid).active = active;
  if (!active) at(cid).dns.clear();
  if (watcher_) watcher_({cid, active, by});
}

bool Pdp::raise(int cid, By by) {
  auto& context = at(cid);
  if (!network_.attached() || !context.defined) return false;
  if (!context.active) {
    set_active(cid, true, by);
    report(fmt::format("PDN ACT {}", cid));
  }
  return true;
}

void Pdp::lower(int cid) {
  auto& context = at(cid);
  if (context.active) {
    set_active(cid, false, By::host);
    context_lost(cid);
    report(fmt::format("PDN DEACT {}", cid));
  }
  take_stack(cid);
}

/// The host learns that its TCP/IP layer has lost the context, and has to stop it (PDPX-5).
void Pdp::take_stack(int cid) {
  auto& context = at(cid);
  if (context.stack && knobs_.is_set(cellular::Knob::pdp_drift)) return;
  if (context.stack) announce_.announce(fmt::format("+QIURC: \"pdpdeact\",{}", cid));
  context.taken = context.taken || context.stack;
  context.stack = context.by_service = false;
}

bool Pdp::is_full_beside(int cid) const {
  int active_ones = 0;
  for (int i = 1; i <= max_cid; ++i) active_ones += i != cid && at(i).active ? 1 : 0;
  return active_ones >= knobs_.get(cellular::Knob::max_contexts);
}

/// A context goes without the host having asked for it.
void Pdp::drop(int cid, By by) {
  auto& context = at(cid);
  if (!context.active) return;
  set_active(cid, false, by);
  context_lost(cid);
  take_stack(cid);
}

bool Pdp::bring_up(int cid) {
  if (!raise(cid, By::service)) return false;
  at(cid).by_service = true;
  return true;
}

void Pdp::release(int cid) {
  if (!at(cid).stack && cid != default_cid && !is_leased(cid)) lower(cid);
}

void Pdp::attached() { raise(default_cid, By::network); }

void Pdp::detached() {
  const bool by_host = network_.left_by_choice();
  for (int i = 1; i <= max_cid; ++i) drop(i, by_host ? By::host : By::network);
  report(by_host ? "ME DETACH" : "NW DETACH");
}

void Pdp::deactivated(const std::vector<int>& cids) {
  for (const int i : cids) {
    if (!at(i).active) continue;
    report(fmt::format("NW DEACT \"{}\",\"{}\",{}", at(i).type, shown_address(i), i));
    drop(i, By::network);
  }
}

Outcome Pdp::definition_ranges() {
  std::vector<std::string> lines;
  lines.reserve(types.size());
  for (const auto type : types)
    lines.push_back(fmt::format("+CGDCONT: (1-15),\"{}\",,,(0-2),(0-4),(0,1),(0,1)", type));
  return Outcome::ok(std::move(lines));
}

Outcome Pdp::definitions() {
  std::vector<std::string> lines;
  for (int i = 1; i <= max_cid; ++i) {
    const auto& c = at(i);
    if (!c.defined) continue;
    const std::string unset =
        c.type == "IP" || c.type == "PPP" ? "0.0.0.0" : "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0";
    lines.push_back(fmt::format("+CGDCONT: {},\"{}\",\"{}\",\"{}\",{}", i, c.type, c.apn,
                                c.address.empty() ? unset : c.address, fmt::join(c.options, ",")));
  }
  return Outcome::ok(std::move(lines));
}

Outcome Pdp::define(const at::Args& args) {
  const int i = args.number(0);
  const auto before = at(i);
  auto& context = at(i);
  if (!args.given_from(1)) {
    if (context.active) return Outcome::cme(at::cme::incorrect_parameters);
    context = {};
  } else {
    const auto type = args.given(1) ? at::upper(args.text(1)) : context.type;
    if (std::find(types.begin(), types.end(), type) == types.end())
      return Outcome::cme(at::cme::incorrect_parameters);
    context.defined = true;
    context.type = type;
    if (args.given(2)) context.apn = args.text(2);
    if (args.given(3)) context.address = args.text(3);
    for (std::size_t option = 0; option < context.options.size(); ++option)
      if (args.given(4 + option)) context.options[option] = args.number(4 + option);
  }
  auto& stored = stored_[static_cast<std::size_t>(i - 1)];
  const auto stored_before = std::exchange(stored, context);
  if (store()) return Outcome::ok();
  context = before;
  stored = stored_before;
  return Outcome::cme(at::cme::memory_failure);
}

Outcome Pdp::activations() {
  std::vector<std::string> lines;
  for (int i = 1; i <= max_cid; ++i)
    if (at(i).defined) lines.push_back(fmt::format("+CGACT: {},{:d}", i, at(i).active));
  return Outcome::ok(std::move(lines));
}

Outcome Pdp::activate(const at::Args& args) {
  const bool up = args.number(0) == 1;
  const bool all = !args.given(1);
  const int first = all ? 1 : args.number(1);
  const int last = all ? max_cid : first;
  if (!all && !at(first).defined) return Outcome::cme(at::cme::incorrect_parameters);
  if (up && !network_.attached()) return Outcome::cme(at::cme::no_service);
  return in_time(activation_limit, [this, up, first, last] {
    for (int i = first; i <= last; ++i) {
      if (!at(i).defined) continue;
      if (!up) lower(i);
      if (up && !raise(i, By::host)) return Outcome::cme(at::cme::no_service);
    }
    return Outcome::ok();
  });
}

Outcome Pdp::addresses() {
  std::vector<std::string> lines;
  for (int i = 1; i <= max_cid; ++i)
    if (at(i).defined) lines.push_back(fmt::format("+CGPADDR: {},\"{}\"", i, shown_address(i)));
  return Outcome::ok(std::move(lines));
}

Outcome Pdp::address(const at::Args& args) {
  const int i = args.number(0);
  if (!at(i).defined) return Outcome::cme(at::cme::incorrect_parameters);
  return Outcome::ok(fmt::format("+CGPADDR: {},\"{}\"", i, shown_address(i)));
}

Outcome Pdp::all_parameters() {
  std::vector<std::string> lines;
  for (int i = 1; i <= max_cid; ++i)
    if (at(i).active) lines.push_back(parameter_line(i));
  return Outcome::ok(std::move(lines));
}

Outcome Pdp::parameters(const at::Args& args) {
  const int i = args.number(0);
  if (!at(i).defined) return Outcome::cme(at::cme::incorrect_parameters);
  return at(i).active ? Outcome::ok(parameter_line(i)) : Outcome::ok();
}

std::string Pdp::parameter_line(int cid) const {
  constexpr int first_bearer = 5;
  const auto own = ipv4(cid);
  const auto gateway = own.substr(0, own.rfind('.')) + ".1";
  const auto servers = name_servers(cid);
  return fmt::format("+CGCONTRDP: {},{},\"{}\",\"{}.255.255.255.0\",\"{}\",\"{}\",\"{}\"", cid,
                     first_bearer + cid - 1, at(cid).apn, own, gateway, servers.at(0),
                     servers.size() > 1 ? servers[1] : "0.0.0.0");
}

Outcome Pdp::get_reports() {
  return Outcome::ok(fmt::format("+CGEREP: {},{}", reports_, buffering_));
}

Outcome Pdp::set_reports(const at::Args& args) {
  reports_ = args.number_or(0, 0);
  buffering_ = args.number_or(1, 0);
  return Outcome::ok();
}

}  // namespace emulator::device
