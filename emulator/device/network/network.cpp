#include "emulator/device/network/network.hpp"

#include "at_engine/cme.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using at::TestForm;
using cellular::Latency;
using namespace std::chrono_literals;

constexpr int act_eutran = 7;
constexpr int eutran_only = 28;  // <n> of +WS46
constexpr int numeric = 2;
constexpr at::Duration attach_limit = 140s;
constexpr at::Duration operator_limit = 180s;
constexpr std::string_view no_cause = "No cause information available";

constexpr at::Param report_n = at::number("n", 0, 2).optional();

std::string search_line(const Operator& network, int stat) {
  return fmt::format("({},\"{}\",\"{}\",\"{}\",{})", stat, network.name, network.short_name,
                     network.plmn, act_eutran);
}

}  // namespace

const std::array<Command<Network>, 7>& Network::commands() {
  static constexpr std::array<Command<Network>, 7> table{{
      {.name = "+CREG",
       .params = {report_n},
       .read = &Network::get_creg,
       .write = &Network::set_creg,
       .bare = true,
       .bad_param = at::BadParam::cme,
       .section = "6.2",
       .summary = "Network registration"},
      {.name = "+CGREG",
       .params = {report_n},
       .read = &Network::get_cgreg,
       .write = &Network::set_cgreg,
       .bare = true,
       .bad_param = at::BadParam::cme,
       .section = "9.6",
       .summary = "Packet network registration"},
      {.name = "+CEREG",
       .params = {report_n},
       .read = &Network::get_cereg,
       .write = &Network::set_cereg,
       .bare = true,
       .bad_param = at::BadParam::cme,
       .section = "9.8",
       .summary = "EPS network registration"},
      {.name = "+COPS",
       .params = {at::number("mode", 0, 4), at::number("format", 0, 2).optional(),
                  at::text("oper", 1, 64).optional(), at::choice("Act", {7}).optional()},
       .limit = operator_limit,
       .read = &Network::get_operator,
       .write = &Network::set_operator,
       .search = &Network::search,
       .bad_param = at::BadParam::cme,
       .section = "6.1",
       .summary = "Search and choice of the operator"},
      {.name = "+COPN",
       .exec = &Network::operator_names,
       .test = TestForm::bare,
       .section = "6.5",
       .summary = "Names of the operators in reach"},
      {.name = "+CGATT",
       .params = {at::choice("state", {0, 1})},
       .limit = attach_limit,
       .read = &Network::get_attach,
       .write = &Network::set_attach,
       .bad_param = at::BadParam::cme,
       .section = "9.1",
       .summary = "Attachment for packet data"},
      {.name = "+WS46",
       .params = {at::choice("n", {eutran_only})},
       .read = &Network::get_radio,
       .write = &Network::set_radio,
       .bad_param = at::BadParam::cme,
       .section = "27.007 5.9",
       .source = at::Source::inferred,
       .summary = "Radio access: E-UTRAN alone"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Network::Network(at::Timeline& timeline, at::Announce& announce, Latency& latency,
                 const Scenario& scenario, at::Duration registration)
    : announce_(announce),
      latency_(latency),
      scenario_(scenario),
      registration_time_(registration),
      registering_(timeline),
      answering_(timeline, Outcome::cme(at::cme::not_allowed)),
      cause_(no_cause) {}

void Network::transmit(bool on) {
  transmitting_ = on;
  reselect();
}

void Network::sim(bool ready) {
  sim_ready_ = ready;
  reselect();
}

void Network::scene_changed() {
  reselect();
  report_change();
  hooks_.state_changed();
}

void Network::reset() {
  answering_.cancel();
  attach_ = true;
  mode_ = Mode::automatic;
  wanted_plmn_.clear();
  format_ = 0;
  cause_ = no_cause;
  for (auto& report : reports_) report.said.clear();
}

/// What registration would come to, if it had all the time it needs.
Network::Stat Network::reachable() const {
  const auto& scene = scenario_.now();
  if (!transmitting_ || !sim_ready_ || mode_ == Mode::deregistered) return Stat::idle;
  if (scene.service == Scene::Service::none) return Stat::searching;
  if (!hooks_.band_allowed(scene.cell.band)) return Stat::searching;
  const bool bound = mode_ == Mode::manual && wanted_plmn_ != scene.network.plmn;
  if (bound) {
    const auto is_wanted = [this](const Operator& other) { return other.plmn == wanted_plmn_; };
    const auto other = std::find_if(scene.others.begin(), scene.others.end(), is_wanted);
    return other == scene.others.end() ? Stat::searching : Stat::denied;
  }
  const bool roaming = scene.service == Scene::Service::roaming;
  if (roaming && !hooks_.roaming_allowed()) return Stat::denied;
  if (scene.service == Scene::Service::denied) return Stat::denied;
  return scene.service == Scene::Service::home ? Stat::home : Stat::roaming;
}

void Network::reselect() {
  const Stat goal = reachable();
  if (goal == stat_ && !registering_.running()) return;
  const bool takes_time = goal == Stat::home || goal == Stat::roaming || goal == Stat::denied;
  if (!takes_time) {
    registering_.stop();
    return enter(goal);
  }
  if (registered() && goal != Stat::denied) return enter(goal);
  if (registration_time_ == at::Duration::zero()) return enter(goal);
  enter(Stat::searching);
  registering_.start(registration_time_, [this] { enter(reachable()); });
}

void Network::enter(Stat stat) {
  const auto from = std::exchange(stat_, stat);
  if (stat == Stat::denied) cause_ = "PLMN not allowed";
  const bool possible = attached();
  const bool changed = std::exchange(data_was_possible_, possible) != possible;
  if (watcher_ && (changed || from != stat)) watcher_(stat, possible);
  if (changed && !possible) hooks_.lost();
  report_change();
  if (changed && possible) hooks_.registered();
  hooks_.state_changed();
}

void Network::report_change() {
  for (auto& report : reports_) {
    auto text = state(report);
    const bool news = std::exchange(report.said, text) != text;
    if (news && report.n > 0) announce_.announce(fmt::format("{}: {}", report.name, text));
  }
}

int Network::stat_for(const Report& report) const {
  // reading: without attachment the packet side shows itself as searching, as the manual's example
  if (report.packet_side && registered() && !attach_) return static_cast<int>(Stat::searching);
  return static_cast<int>(stat_);
}

std::string Network::state(const Report& report) const {
  const int stat = stat_for(report);
  const bool somewhere =
      stat == static_cast<int>(Stat::home) || stat == static_cast<int>(Stat::roaming);
  if (!somewhere || report.n < 2) return std::to_string(stat);
  const auto& cell = scenario_.now().cell;
  return fmt::format("{},\"{:04X}\",\"{:X}\",{}", stat, cell.tac, cell.id, act_eutran);
}

Outcome Network::read(const Report& report) const {
  return Outcome::ok(fmt::format("{}: {},{}", report.name, report.n, state(report)));
}

Outcome Network::write(Report& report, const at::Args& args) {
  report.n = args.number_or(0, 0);
  report.said = state(report);
  return Outcome::ok();
}

std::string Network::shown_operator() const {
  return fmt::format("{},\"{}\",{}", format_, name_of(scenario_.now().network, format_),
                     act_eutran);
}

Outcome Network::get_operator() {
  const int mode = static_cast<int>(mode_);
  if (!registered()) return Outcome::ok(fmt::format("+COPS: {}", mode));
  return Outcome::ok(fmt::format("+COPS: {},{}", mode, shown_operator()));
}

std::optional<std::string> Network::find(int format, const std::string& name) const {
  const auto& scene = scenario_.now();
  if (format == numeric) {
    if (is_plmn(name)) return name;
    return std::nullopt;
  }
  if (name_of(scene.network, format) == name) return scene.network.plmn;
  for (const auto& other : scene.others)
    if (name_of(other, format) == name) return other.plmn;
  return std::string{};  // a network that nobody here has heard of
}

Outcome Network::set_operator(const at::Args& args) {
  const auto mode = static_cast<Mode>(args.number(0));
  if (mode == Mode::format_only) {
    if (!args.given(1) || args.given_from(2)) return Outcome::cme(at::cme::incorrect_parameters);
    format_ = args.number(1);
    return Outcome::ok();
  }
  const bool names_one = mode == Mode::manual || mode == Mode::either;
  if (names_one != args.given(2)) return Outcome::cme(at::cme::incorrect_parameters);
  if (answering_.busy() || !transmitting_) return Outcome::cme(at::cme::not_allowed);
  std::string plmn;
  if (names_one) {
    auto found = find(args.number_or(1, 0), args.text(2));
    if (!found) return Outcome::cme(at::cme::incorrect_parameters);
    plmn = std::move(*found);
  }
  if (args.given(1)) format_ = args.number(1);
  return select(mode, std::move(plmn));
}

/// OK comes when the choice is made and registration has ended one way or the other.
Outcome Network::select(Mode mode, std::string plmn) {
  mode_ = mode == Mode::either ? Mode::manual : mode;
  wanted_plmn_ = std::move(plmn);
  if (mode == Mode::either && reachable() != Stat::home && reachable() != Stat::roaming)
    mode_ = Mode::automatic;
  registering_.stop();
  reselect();
  if (!registering_.running()) return selected();
  registering_.stop();
  return answering_.answer_after(registration_time_, [this] {
    enter(reachable());
    return selected();
  });
}

Outcome Network::selected() const {
  if (mode_ == Mode::deregistered || registered()) return Outcome::ok();
  // With nothing to find the choice is kept, and the search goes on.
  if (mode_ != Mode::manual) return Outcome::ok();
  return Outcome::cme(stat_ == Stat::denied ? at::cme::network_not_allowed : at::cme::no_service);
}

Outcome Network::search() {
  if (!transmitting_) return Outcome::cme(at::cme::not_allowed);
  const auto list = [this] {
    const auto& scene = scenario_.now();
    std::string found;
    if (scene.service != Scene::Service::none) {
      found += search_line(scene.network, registered() ? 2 : scene.network.forbidden ? 3 : 1) + ",";
      for (const auto& other : scene.others)
        found += search_line(other, other.forbidden ? 3 : 1) + ",";
    }
    return Outcome::ok(fmt::format("+COPS: {},(0,1,2,3,4),(0,1,2)", found));
  };
  return answering_.answer_after(latency_.draw(Latency::Step::search), list);
}

Outcome Network::operator_names() {
  const auto& scene = scenario_.now();
  std::vector<std::string> lines{
      fmt::format("+COPN: \"{}\",\"{}\"", scene.network.plmn, scene.network.name)};
  for (const auto& other : scene.others)
    lines.push_back(fmt::format("+COPN: \"{}\",\"{}\"", other.plmn, other.name));
  return Outcome::ok(std::move(lines));
}

Outcome Network::get_radio() { return Outcome::ok(fmt::format("+WS46: {}", eutran_only)); }

Outcome Network::set_radio(const at::Args&) { return Outcome::ok(); }

Outcome Network::get_attach() { return Outcome::ok(fmt::format("+CGATT: {}", attached() ? 1 : 0)); }

Outcome Network::set_attach(const at::Args& args) {
  const bool attach = args.number(0) == 1;
  if (attach && !registered()) return Outcome::cme(at::cme::no_service);
  if (answering_.busy()) return Outcome::cme(at::cme::not_allowed);
  if (attach == attach_) return Outcome::ok();
  const auto change = [this, attach] {
    attach_ = attach;
    enter(reachable());
    return Outcome::ok();
  };
  return answering_.answer_after(latency_.draw(Latency::Step::answer), change);
}

void Network::store(at::Profile& profile) const {
  for (const auto& report : reports_) profile[std::string(report.name)] = report.n;
}

void Network::restore(const at::Profile& profile) {
  for (auto& report : reports_) {
    report.n = at::stored_value(profile, std::string(report.name), report_n, report.n);
  }
}

void Network::factory() {
  for (auto& report : reports_) report.n = 0;
}

std::optional<std::string> Network::busy() const {
  if (registering_.running()) return "the module registers";
  if (answering_.busy()) return "+COPS or +CGATT waits for the network";
  return std::nullopt;
}

void Network::snapshot(at::Memo& memo, bool transmitting, bool sim_ready) {
  memo.enter("network");
  if (memo.restoring()) {
    transmitting_ = transmitting;
    sim_ready_ = sim_ready;
  }
  memo.flag("attach", attach_);
  memo.whole("cops_mode", mode_, at::number("mode", 0, 2));
  memo.whole("cops_format", format_, at::number("format", 0, 2));
  memo.text("wanted_plmn", wanted_plmn_, at::text("oper", 0, 6));
  memo.require(wanted_plmn_.empty() || is_plmn(wanted_plmn_), "wanted_plmn",
               "must be 5 or 6 digits");
  memo.whole("stat", stat_, at::choice("stat", {0, 1, 2, 3, 5}));
  memo.require(stat_ == reachable(), "stat", "is not what SIM and surroundings lead to");
  memo.text("cause", cause_, at::text("cause", 0, 64));
  for (auto& report : reports_)
    memo.group(report.name, [&] {
      memo.whole("n", report.n, report_n);
      memo.bytes("said", report.said, at::text("said", 0, 64));
    });
  data_was_possible_ = attached();
  memo.leave();
}

}  // namespace emulator::device
