#include "emulator/device/power/power.hpp"

#include "at_engine/cme.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using cellular::Latency;
using namespace std::chrono_literals;

constexpr at::Duration function_limit = 15s;
constexpr at::Duration diagnostics_limit = 12s;
constexpr int empty_mv = 3300;  // supply of an empty and of a full battery
constexpr int full_mv = 4200;
constexpr at::Param function_levels = at::choice("fun", {0, 1, 4});
constexpr at::Param on_off = at::choice("n", {0, 1});
constexpr std::string_view diagnostics_key = "QDIAGPORT";

}  // namespace

const std::array<Command<Power>, 8>& Power::commands() {
  static constexpr std::array<Command<Power>, 8> table{{
      {.name = "+CFUN",
       .params = {function_levels, at::choice("rst", {0, 1}).optional()},
       .limit = function_limit,
       .read = &Power::function_level,
       .write = &Power::set_function_level,
       .bad_param = at::BadParam::cme,
       .section = "2.21",
       .summary = "Function level, restart"},
      {.name = "+QPOWD",
       .params = {at::choice("n", {0, 1}).optional()},
       .write = &Power::power_down,
       .bare = true,
       .section = "10.1",
       .summary = "Power down"},
      {.name = "+CPAS",
       .exec = &Power::activity,
       .shown = "(0,2,3,4)",
       .section = "4.1",
       .summary = "Activity: always ready, there are no calls"},
      {.name = "+CBC",
       .exec = &Power::battery,
       .test = at::TestForm::bare,
       .section = "10.3",
       .summary = "Supply: charging, level in percent, millivolts"},
      {.name = "+QADC",
       .params = {at::choice("port", {0, 1})},
       .write = &Power::voltage,
       .bad_param = at::BadParam::cme,
       .section = "10.4",
       .summary = "Voltage at an ADC input, in millivolts"},
      {.name = "+QTEMP",
       .exec = &Power::temperature,
       .test = at::TestForm::bare,
       .section = "drivers",
       .source = at::Source::sibling,
       .summary = "Temperature in degrees Celsius; 255 where there is no sensor"},
      {.name = "+QSCLK",
       .params = {at::choice("n", {0, 1})},
       .read = &Power::get_sleep,
       .write = &Power::set_sleep,
       .bad_param = at::BadParam::cme,
       .section = "10.5",
       .summary = "Sleep while the host drops DTR: the UART hears nothing, and RI tells of URCs"},
      {.name = "+QDIAGPORT",
       .params = {on_off},
       .limit = diagnostics_limit,
       .read = &Power::get_diagnostics,
       .write = &Power::set_diagnostics,
       .bad_param = at::BadParam::cme,
       .section = "10.6",
       .summary = "Diagnostic port (kept and read back; there is no such port)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Power::Power(Parts parts, BootTimes times, Hooks hooks)
    : parts_(parts),
      times_(times),
      hooks_(std::move(hooks)),
      power_timer_(parts.timeline),
      changing_(parts.timeline, Outcome::cme(at::cme::not_allowed)) {}

void Power::on() {
  if (on_) return;
  on_ = true;
  level_ = 1;
  sleep_ = 0;
  tell_watcher();
  hanging_ = watch_.hangs && watch_.hangs();
  if (!hanging_) boot();
}

void Power::boot_on() {
  if (std::exchange(hanging_, false)) boot();
}

void Power::boot() {
  if (times_.ready == at::Duration::zero()) return ready();
  power_timer_.start(times_.ready, [this] { ready(); });
}

void Power::tell_watcher() const {
  if (!watcher_) return;
  watcher_(ready_ ? State::ready : on_ ? State::booting : State::off, level_);
}

void Power::ready() {
  ready_ = true;
  tell_watcher();
  hooks_.on();
  parts_.announce.announce("RDY");
  updating_ = update_ && update_();
  if (updating_) return;
  const auto full = [this] {
    functional_ = true;
    parts_.announce.announce("+CFUN: 1");
    parts_.sim.power(true, Sim::Occasion::boot);
    parts_.network.transmit(true);
  };
  if (times_.function == at::Duration::zero()) return full();
  power_timer_.start(times_.function, full);
}

std::optional<std::string> Power::busy() const {
  if (!on_ && power_timer_.running()) return "the module restarts";
  if (on_ && !ready_) return "the module boots";
  if (updating_) return "the firmware is updated";
  if (power_timer_.running()) return "the module boots or powers down";
  if (changing_.busy()) return "the function level changes";
  return std::nullopt;
}

void Power::snapshot(at::Memo& memo) {
  memo.enter("power");
  memo.flag("on", ready_);
  memo.whole("function_level", level_, function_levels);
  memo.whole("sleep", sleep_, on_off);
  on_ = functional_ = ready_;
  memo.leave();
}

void Power::off() {
  ground_.revoke();
  on_ = false;
  ready_ = false;
  functional_ = false;
  hanging_ = false;
  updating_ = false;
  power_timer_.stop();
  tell_watcher();
  hooks_.off();
  // Nobody waits for its answer any more.
  changing_.cancel();
  parts_.network.transmit(false);
  parts_.sim.power(false, Sim::Occasion::boot);
  parts_.network.reset();
  if (watch_.gone) watch_.gone();
}

void Power::hard_reset() {
  cut();
  on();
}

void Power::cut() {
  off();
  level_ = 0;
}

void Power::cut(at::Duration pause) {
  cut();
  power_timer_.start(pause, [this] { on(); });
}

void Power::restart() {
  off();
  power_timer_.start(parts_.latency.draw(Latency::Step::restart), [this] { on(); });
}

Outcome Power::function_level() { return Outcome::ok(fmt::format("+CFUN: {}", level_)); }

Outcome Power::set_function_level(const at::Args& args) {
  // reading: while its firmware is updated a module has no radio to switch, and does not restart
  if (power_timer_.running() || changing_.busy() || updating_)
    return Outcome::cme(at::cme::not_allowed);
  const int level = args.number(0);
  if (args.number_or(1, 0) == 1) {
    if (level != 1) return Outcome::cme(at::cme::not_allowed);
    return Outcome::ok().afterwards(ground_.claim(), [this] { restart(); });
  }
  if (level == level_) return Outcome::ok();
  const auto delay = parts_.latency.draw(Latency::Step::radio);
  return changing_.answer_within(function_limit, delay, [this, level] {
    apply(level);
    return Outcome::ok();
  });
}

void Power::apply(int level) {
  level_ = level;
  tell_watcher();
  if (level != 1) parts_.network.transmit(false);
  parts_.sim.power(level != 0, Sim::Occasion::function_level);
  if (level == 1) parts_.network.transmit(true);
}

Outcome Power::power_down(const at::Call& call) {
  return Outcome::ok().afterwards(ground_.claim(), [this, asker = call.asker] { go_down(asker); });
}

void Power::go_down(at::Asker asker) {
  const bool at_once = parts_.qcfg.values().fast_power_off;
  const auto delay = parts_.latency.draw(Latency::Step::radio);
  power_timer_.start(at_once ? at::Duration::zero() : delay, [this, asker] {
    hooks_.power_down_urc(asker, "POWERED DOWN");
    off();
  });
}

void Power::press_off() {
  if (ready_) return go_down({});
  cut();
}

Outcome Power::get_sleep() { return Outcome::ok(fmt::format("+QSCLK: {}", sleep_)); }

Outcome Power::set_sleep(const at::Args& args) {
  sleep_ = args.number(0);
  return Outcome::ok();
}

Outcome Power::activity() { return Outcome::ok("+CPAS: 0"); }

Outcome Power::battery() {
  const int supply = parts_.scenario.now().supply_mv;
  const int level = std::clamp((supply - empty_mv) * 100 / (full_mv - empty_mv), 0, 100);
  return Outcome::ok(fmt::format("+CBC: 0,{},{}", level, supply));
}

Outcome Power::voltage(const at::Args& args) {
  const auto port = static_cast<std::size_t>(args.number(0));
  return Outcome::ok(fmt::format("+QADC: 1,{}", parts_.scenario.now().adc_mv[port]));
}

Outcome Power::temperature() {
  return Outcome::ok(fmt::format("+QTEMP: {},255,255", parts_.scenario.now().temperature_c));
}

Outcome Power::get_diagnostics() {
  return Outcome::ok(
      fmt::format("+QDIAGPORT: {}", stored_number(parts_.nvram, diagnostics_key, on_off, 0)));
}

Outcome Power::set_diagnostics(const at::Args& args) {
  const bool stored = parts_.nvram.set(diagnostics_key, std::to_string(args.number(0)));
  return stored ? Outcome::ok() : Outcome::cme(at::cme::memory_failure);
}

}  // namespace emulator::device
