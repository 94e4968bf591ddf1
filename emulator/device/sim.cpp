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
constexpr std::string_view imsi_digits = "001010000000001";
constexpr std::string_view iccid_digits = "89882390000000000014";

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

Outcome Sim::pin_state() {
  return powered_ ? Outcome::ok("+CPIN: READY") : Outcome::cme(cme_sim_failure);
}

Outcome Sim::enter_pin(const at::Args&) {
  return Outcome::cme(powered_ ? cme_not_allowed : cme_sim_failure);
}

Outcome Sim::imsi() {
  return powered_ ? Outcome::ok(std::string(imsi_digits)) : Outcome::cme(cme_sim_failure);
}

Outcome Sim::iccid() {
  return powered_ ? Outcome::ok(fmt::format("+QCCID: {}", iccid_digits))
                  : Outcome::cme(cme_sim_failure);
}

}  // namespace emulator::device
