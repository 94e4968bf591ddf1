#include "data_services/ppp/dial_commands.hpp"

#include "at_engine/cme.hpp"
#include "data_services/ppp/dial_string.hpp"

#include <algorithm>
#include <chrono>

namespace data_services::ppp {
namespace {

using at::Command;
using at::number;
using at::Outcome;
using at::TestForm;
using at::text;
using namespace std::chrono_literals;

constexpr at::Duration dial_limit = 5s;

}  // namespace

const std::array<Command<Dial>, 5>& Dial::commands() {
  static constexpr std::array<Command<Dial>, 5> table{{
      {.name = "D",
       .params = {text("dial_string", 0, 128).optional()},
       .limit = dial_limit,
       .write = &Dial::dial,
       .test = TestForm::none,
       .section = "9.9",
       .summary = "Dial packet data: *99#, *99***<cid>#; NO CARRIER for anything else"},
      {.name = "H",
       .params = {number("n", 0, 0).optional()},
       .write = &Dial::hang_up,
       .bare = true,
       .test = TestForm::none,
       .section = "V.250 6.3.6",
       .source = at::Source::standard,
       .summary = "Hang up"},
      {.name = "O",
       .params = {number("n", 0, 0).optional()},
       .limit = dial_limit,
       .write = &Dial::go_online,
       .bare = true,
       .test = TestForm::none,
       .section = "2.16",
       .summary = "Back to data mode (NO CARRIER without a call)"},
      {.name = "+CGDATA",
       .params = {text("L2P", 1, 8), number("cid", 1, 15).optional()},
       .limit = dial_limit,
       .write = &Dial::enter_data_state,
       .bad_param = at::BadParam::cme,
       .shown = "(\"PPP\")",
       .section = "9.4",
       .summary = "Enter data mode, as ATD*99***<cid># does"},
      {.name = "+QPPPDROP",
       .params = {number("mode", 0, 2).optional()},
       .write = &Dial::drop,
       .bare = true,
       .section = "2.26",
       .summary = "End the data call of another channel: silently (0), with a Terminate-Request in "
                  "data mode (1) or always (2)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome Dial::dial(const at::Args& args) {
  const auto cid = args.given(0) ? dialled_context(args.text(0)) : std::nullopt;
  return cid ? begin(*cid) : Outcome::no_carrier();
}

Outcome Dial::enter_data_state(const at::Args& args) {
  constexpr int usual_cid = 1;
  if (args.text(0) != "PPP") return Outcome::cme(at::cme::incorrect_parameters);
  return begin(args.number_or(1, usual_cid));
}

Outcome Dial::begin(int cid) {
  if (!world_.attached() || !call_.expired()) return Outcome::no_carrier();
  const auto delay = std::min(world_.latency.draw(cellular::Latency::Step::connect),
                              dial_limit - at::Duration(1ms));
  return calling_.answer_unless_aborted(delay, [this, cid] { return connect(cid); });
}

Outcome Dial::connect(int cid) {
  const auto call = std::make_shared<Call>(world_, cid);
  if (!call->has_bearer()) return Outcome::no_carrier();
  call_ = call;
  return Outcome::online(call);
}

Outcome Dial::hang_up(const at::Args&) { return Outcome::hang_up(); }

Outcome Dial::go_online(const at::Args&) { return Outcome::resume(); }

// reading: without a call it is OK too, since hosts send it before they dial
Outcome Dial::drop(const at::Args& args) {
  constexpr int usual = 1;
  const auto how = static_cast<Call::Drop>(args.number_or(0, usual));
  if (const auto call = call_.lock())
    return Outcome::ok().afterwards(ground_.claim(), [call, how] { call->drop(how); });
  return Outcome::ok();
}

}  // namespace data_services::ppp
