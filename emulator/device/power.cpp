#include "emulator/device/power.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using mqtt_backend::Latency;
using namespace std::chrono_literals;

constexpr at::Duration function_limit = 15s;
constexpr std::array boot_urcs{"RDY",       "+CFUN: 1",        "+CPIN: READY",
                               "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE"};
constexpr int cme_not_allowed = 3;

}  // namespace

const std::array<Command<Power>, 2>& Power::commands() {
  static constexpr std::array<Command<Power>, 2> table{{
      {.name = "+CFUN",
       .params = {at::choice("fun", {0, 1, 4}), at::choice("rst", {0, 1}).optional()},
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
  }};
  static_assert(at::well_formed(table));
  return table;
}

Power::Power(at::Timeline& timeline, at::Announce& announce, Latency& latency, Sim& sim,
             Network& network, Hooks hooks)
    : announce_(announce),
      latency_(latency),
      sim_(sim),
      network_(network),
      hooks_(std::move(hooks)),
      power_timer_(timeline),
      radio_timer_(timeline) {}

void Power::on() {
  if (on_) return;
  power_timer_.stop();
  on_ = true;
  level_ = 1;
  hooks_.on();
  sim_.power(true);
  for (const auto* urc : boot_urcs) announce_.announce(urc);
  network_.attach();
}

void Power::off() {
  on_ = false;
  radio_timer_.stop();
  hooks_.off();
  sim_.power(false);
  network_.detach();
}

void Power::restart() {
  off();
  power_timer_.start(latency_.draw(Latency::Step::restart), [this] { on(); });
}

Outcome Power::function_level() { return Outcome::ok(fmt::format("+CFUN: {}", level_)); }

Outcome Power::set_function_level(const at::Args& args) {
  if (power_timer_.running() || radio_timer_.running()) return Outcome::cme(cme_not_allowed);
  const int level = args.number(0);
  if (args.number_or(1, 0) == 1) {
    if (level != 1) return Outcome::cme(cme_not_allowed);
    return Outcome::ok().afterwards([this] { restart(); });
  }
  if (level == level_) return Outcome::ok();
  const auto delay = std::min(latency_.draw(Latency::Step::radio), function_limit - 1ms);
  if (delay == at::Duration::zero()) {
    apply(level);
    return Outcome::ok();
  }
  return Outcome::later([this, level, delay](const at::Later::Settle& settle) {
    radio_timer_.start(delay, [this, level, settle] {
      apply(level);
      settle(Outcome::ok());
    });
  });
}

void Power::apply(int level) {
  const bool sim_was_ready = sim_.ready();
  level_ = level;
  sim_.power(level != 0);
  if (level == 1)
    network_.attach();
  else
    network_.detach();
  if (sim_.ready() && !sim_was_ready)
    for (const auto* urc : {"+CPIN: READY", "+QUSIM: 1", "+QIND: PB DONE", "+QIND: SMS DONE"})
      announce_.announce(urc);
}

Outcome Power::power_down(const at::Args&) {
  return Outcome::ok().afterwards([this] {
    power_timer_.start(latency_.draw(Latency::Step::radio), [this] {
      hooks_.last_words("POWERED DOWN");
      off();
    });
  });
}

}  // namespace emulator::device
