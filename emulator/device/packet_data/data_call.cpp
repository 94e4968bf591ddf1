#include "emulator/device/packet_data/data_call.hpp"

#include "at_engine/cme.hpp"

#include <algorithm>
#include <chrono>

namespace emulator::device {
namespace {

using at::Command;
using at::number;
using at::Outcome;
using at::TestForm;
using at::text;
using namespace std::chrono_literals;

constexpr at::Duration dial_limit = 5s;

}  // namespace

const std::array<Command<DataCall>, 4>& DataCall::commands() {
  static constexpr std::array<Command<DataCall>, 4> table{{
      {.name = "D",
       .params = {text("dial_string", 0, 128).optional()},
       .limit = dial_limit,
       .write = &DataCall::dial,
       .test = TestForm::none,
       .section = "9.9",
       .summary = "Dial (NO CARRIER: there is no PPP yet, and no voice)"},
      {.name = "H",
       .params = {number("n", 0, 0).optional()},
       .write = &DataCall::hang_up,
       .bare = true,
       .test = TestForm::none,
       .section = "V.250 6.3.6",
       .source = at::Source::standard,
       .summary = "Hang up"},
      {.name = "O",
       .params = {number("n", 0, 0).optional()},
       .limit = dial_limit,
       .write = &DataCall::go_online,
       .bare = true,
       .test = TestForm::none,
       .section = "2.16",
       .summary = "Back to data mode (NO CARRIER without a call)"},
      {.name = "+CGDATA",
       .params = {text("L2P", 1, 8), number("cid", 1, 15).optional()},
       .limit = dial_limit,
       .write = &DataCall::enter_data_state,
       .bad_param = at::BadParam::cme,
       .shown = "(\"PPP\")",
       .section = "9.4",
       .summary = "Enter data mode (NO CARRIER: there is no PPP yet)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome DataCall::call() {
  if (!network_.attached()) return Outcome::no_carrier();
  const auto delay =
      std::min(latency_.draw(cellular::Latency::Step::connect), dial_limit - at::Duration(1ms));
  return calling_.answer_unless_aborted(delay, [] { return Outcome::no_carrier(); });
}

Outcome DataCall::dial(const at::Args&) { return call(); }

Outcome DataCall::hang_up(const at::Args&) { return Outcome::hang_up(); }

Outcome DataCall::go_online(const at::Args&) { return Outcome::resume(); }

Outcome DataCall::enter_data_state(const at::Args& args) {
  if (args.text(0) != "PPP") return Outcome::cme(at::cme::incorrect_parameters);
  return call();
}

}  // namespace emulator::device
