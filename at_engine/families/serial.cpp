#include "at_engine/families/serial.hpp"

#include "at_engine/cme.hpp"

#include <fmt/format.h>

namespace at::families {
namespace {

constexpr int format_8n1 = 3;
constexpr Param rates =
    choice("rate", {4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600});
constexpr Param flow = choice("flow", {0, 2});
constexpr Param any_rate = number("rate", 1, 4'000'000);  // a port may have had its own
constexpr Param parities = number("parity", 0, 3);

}  // namespace

const std::array<Command<Serial>, 3>& Serial::commands() {
  static constexpr std::array<Command<Serial>, 3> table{
      Command<Serial>{.name = "+IPR",
                      .params = {rates},
                      .read = &Serial::get_rate,
                      .write = &Serial::set_rate,
                      .bad_param = BadParam::cme,
                      .shown = "(),(4800,9600,19200,38400,57600,115200,230400,460800,921600)",
                      .section = "3.5",
                      .summary = "Baud rate, from the answer on"},
      Command<Serial>{.name = "+IFC",
                      .params = {choice("DCE_by_DTE", {0, 2}), choice("DTE_by_DCE", {0, 2})},
                      .read = &Serial::get_flow_control,
                      .write = &Serial::set_flow_control,
                      .bad_param = BadParam::cme,
                      .section = "3.3",
                      .summary = "Flow control by RTS and CTS"},
      Command<Serial>{.name = "+ICF",
                      .params = {choice("format", {format_8n1}), parities.optional()},
                      .read = &Serial::get_framing,
                      .write = &Serial::set_framing,
                      .bad_param = BadParam::cme,
                      .shown = "(3),(0-3)",
                      .section = "3.4",
                      .summary =
                          "Framing: 8 data bits, no parity, 1 stop bit; a parity is kept and "
                          "read back, for formats that have one"},
  };
  static_assert(well_formed(table));
  return table;
}

void Serial::start(const std::optional<Profile>& stored) {
  line_ = {};
  line_.rate = port_.factory_rate();
  if (stored) {
    line_.rate = stored_value(*stored, "+IPR", rates, line_.rate);
    restore(*stored);
  }
  port_.set_line(line_);
}

void Serial::snapshot(Memo& memo) {
  memo.whole("rate", line_.rate, any_rate);
  memo.flag("module_heeds_rts", line_.module_heeds_rts);
  memo.flag("module_raises_cts", line_.module_raises_cts);
  memo.whole("parity", line_.parity, parities);
  if (memo.restoring()) port_.set_line(line_);
}

void Serial::store(Profile& profile) const {
  profile["+IPR"] = line_.rate;
  profile["+IFC.0"] = line_.module_heeds_rts ? 2 : 0;
  profile["+IFC.1"] = line_.module_raises_cts ? 2 : 0;
  profile["+ICF"] = line_.parity;
}

void Serial::restore(const Profile& profile) {
  line_.module_heeds_rts = stored_value(profile, "+IFC.0", flow, line_.module_heeds_rts) != 0;
  line_.module_raises_cts = stored_value(profile, "+IFC.1", flow, line_.module_raises_cts) != 0;
  line_.parity = stored_value(profile, "+ICF", parities, line_.parity);
  port_.set_line(line_);
}

void Serial::change_rate(int baud) {
  line_.rate = baud;
  port_.set_line(line_);
}

Outcome Serial::get_rate() {
  return Outcome::ok(
      fmt::format("+IPR: {}", carrier_ != nullptr ? carrier_->line_.rate : line_.rate));
}

Outcome Serial::set_rate(const Args& args) {
  if (carrier_ != nullptr) return Outcome::cme(cme::not_allowed);
  line_.rate = args.number(0);
  return Outcome::ok().afterwards(ground_.claim(), [this, line = line_] { port_.set_line(line); });
}

Outcome Serial::get_flow_control() {
  return Outcome::ok(
      fmt::format("+IFC: {},{}", line_.module_heeds_rts ? 2 : 0, line_.module_raises_cts ? 2 : 0));
}

Outcome Serial::set_flow_control(const Args& args) {
  line_.module_heeds_rts = args.number(0) != 0;
  line_.module_raises_cts = args.number(1) != 0;
  return Outcome::ok().afterwards(ground_.claim(), [this, line = line_] { port_.set_line(line); });
}

Outcome Serial::get_framing() {
  return Outcome::ok(fmt::format("+ICF: {},{}", format_8n1, line_.parity));
}

Outcome Serial::set_framing(const Args& args) {
  line_.parity = args.number_or(1, line_.parity);
  return Outcome::ok();
}

}  // namespace at::families
