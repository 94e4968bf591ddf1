#include "emulator/device/sim.hpp"

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using at::TestForm;
using namespace std::chrono_literals;

constexpr int cme_not_allowed = 3;
constexpr int cme_sim_failure = 13;

}  // namespace

const std::array<Command<Sim>, 3>& Sim::commands() {
  static constexpr std::array<Command<Sim>, 3> table{{
      {.name = "+CPIN",
       .params = {at::text("pin", 4, 8), at::text("new_pin", 4, 8).optional()},
       .limit = 5s,
       .read = &Sim::pin_state,
       .write = &Sim::enter_pin,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.3",
       .summary = "State of the SIM and its PIN"},
      {.name = "+CIMI",
       .exec = &Sim::imsi,
       .test = TestForm::bare,
       .section = "5.1",
       .summary = "IMSI"},
      {.name = "+QCCID",
       .exec = &Sim::iccid,
       .test = TestForm::bare,
       .section = "5.7",
       .summary = "ICCID"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Sim::Sim(at::Timeline& timeline, at::Announce& announce, Nvram&, const SimCard& card,
         BootTimes times)
    : timeline_(timeline), announce_(announce), card_(card), times_(times), timer_(timeline) {}

void Sim::power(bool on, Occasion occasion) {
  if (on == powered_) return;
  powered_ = on;
  timer_.stop();
  if (!on) {
    ready_ = false;
    if (listener_) listener_(false);
    return;
  }
  if (times_.sim == at::Duration::zero()) return start(occasion);
  timer_.start(times_.sim, [this, occasion] { start(occasion); });
}

void Sim::start(Occasion occasion) {
  ready_ = true;
  announce_.announce("+CPIN: READY");
  announce_.announce("+QUSIM: 1");
  if (occasion == Occasion::boot)
    say_later(times_.messages, {"+QIND: SMS DONE", "+QIND: PB DONE"});
  else
    say_later(times_.messages, {"+QIND: PB DONE", "+QIND: SMS DONE"});
  if (listener_) listener_(true);
}

void Sim::say_later(at::Duration delay, std::vector<std::string> lines) {
  const auto say = [this, lines] {
    for (const auto& line : lines) announce_.announce(line);
  };
  if (delay == at::Duration::zero()) return say();
  timer_.start(delay, say);
}

Outcome Sim::pin_state() {
  return ready_ ? Outcome::ok("+CPIN: READY") : Outcome::cme(cme_sim_failure);
}

Outcome Sim::enter_pin(const at::Args&) {
  return Outcome::cme(powered_ ? cme_not_allowed : cme_sim_failure);
}

Outcome Sim::imsi() { return powered_ ? Outcome::ok(card_.imsi) : Outcome::cme(cme_sim_failure); }

Outcome Sim::iccid() {
  return powered_ ? Outcome::ok(fmt::format("+QCCID: {}", card_.iccid))
                  : Outcome::cme(cme_sim_failure);
}

}  // namespace emulator::device
