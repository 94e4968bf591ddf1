#include "emulator/device/network.hpp"

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using at::TestForm;
using namespace std::chrono_literals;

constexpr at::Param report_n = at::number("n", 0, 2).optional();
constexpr std::string_view operator_name = "Test PLMN 1-1";  // 001 01, the test network of 3GPP
constexpr std::string_view tac = "1A2B";
constexpr std::string_view cell = "1A2D003";
constexpr int act_eutran = 7;
constexpr int rssi = 24;  // -65 dBm
constexpr int unknown = 99;

}  // namespace

const std::array<Command<Network>, 5>& Network::commands() {
  static constexpr std::array<Command<Network>, 5> table{{
      {.name = "+CSQ",
       .params = {},
       .exec = &Network::signal,
       .shown = "(0-31,99),(0-7,99)",
       .section = "6.3",
       .summary = "Signal strength"},
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
       .limit = 180s,
       .read = &Network::current_operator,
       .test = TestForm::none,
       .section = "6.1",
       .summary = "Current operator"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

void Network::attach() {
  if (registered_) return;
  registered_ = true;
  if (registered_now_) registered_now_();
  report_change();
}

void Network::detach() {
  if (!registered_) return;
  registered_ = false;
  if (bearer_lost_) bearer_lost_();
  report_change();
}

void Network::report_change() {
  for (const auto& report : reports_)
    if (report.n > 0) announce_.announce(fmt::format("{}: {}", report.name, state(report)));
}

std::string Network::state(const Report& report) const {
  if (!registered_) return "0";
  if (report.n < 2) return "1";
  return fmt::format("1,\"{}\",\"{}\",{}", tac, cell, act_eutran);
}

Outcome Network::read(const Report& report) const {
  return Outcome::ok(fmt::format("{}: {},{}", report.name, report.n, state(report)));
}

Outcome Network::write(Report& report, const at::Args& args) {
  report.n = args.number_or(0, 0);
  return Outcome::ok();
}

Outcome Network::signal() {
  return Outcome::ok(fmt::format("+CSQ: {},{}", registered_ ? rssi : unknown, unknown));
}

Outcome Network::current_operator() {
  return Outcome::ok(registered_ ? fmt::format("+COPS: 0,0,\"{}\",{}", operator_name, act_eutran)
                                 : std::string("+COPS: 0"));
}

void Network::store(at::Profile& profile) const {
  for (const auto& report : reports_) profile[std::string(report.name)] = report.n;
}

void Network::restore(const at::Profile& profile) {
  for (auto& report : reports_) {
    const auto found = profile.find(std::string(report.name));
    if (found != profile.end()) report.n = found->second;
  }
}

void Network::factory() {
  for (auto& report : reports_) report.n = 0;
}

}  // namespace emulator::device
