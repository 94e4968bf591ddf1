// The commands of the SIM.
#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"
#include "codec/digest.hpp"
#include "emulator/device/sim/sim.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::choice;
using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::TestForm;
using at::text;
using namespace std::chrono_literals;

constexpr std::string_view presence_key = "QSIMSTAT";

constexpr at::Param facility = text("fac", 2, 2);
consteval at::Param password(std::string_view name) { return text(name, 4, 8); }
consteval at::Param byte(std::string_view name) { return number(name, 0, 255).optional(); }
constexpr at::Param apdu_length = number("length", 8, 522);

}  // namespace

const std::array<Command<Sim>, 17>& Sim::commands() {
  static constexpr std::array<Command<Sim>, 17> table{{
      {.name = "+CPIN",
       .params = {password("pin"), password("new_pin").optional()},
       .limit = 5s,
       .read = &Sim::pin_state,
       .write = &Sim::enter_pin,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.3",
       .summary = "State of the SIM and its PIN"},
      {.name = "+CLCK",
       .params = {facility, number("mode", 0, 2), password("passwd").optional()},
       .limit = 5s,
       .write = &Sim::lock,
       .bad_param = at::BadParam::cme,
       .shown = "(\"SC\")",
       .section = "5.2",
       .summary = "Whether the SIM asks for its PIN"},
      {.name = "+CPWD",
       .params = {facility, password("oldpwd"), password("newpwd")},
       .limit = 5s,
       .write = &Sim::change_password,
       .bad_param = at::BadParam::cme,
       .shown = "(\"SC\",8)",
       .section = "5.4",
       .summary = "Change PIN or PIN2"},
      {.name = "+QPINC",
       .params = {facility},
       .read = &Sim::tries,
       .write = &Sim::tries_of,
       .bad_param = at::BadParam::cme,
       .shown = "(\"SC\",\"P2\")",
       .section = "5.8",
       .summary = "Tries left for PIN and PUK"},
      {.name = "+QINISTAT",
       .exec = &Sim::initialisation,
       .shown = "(0-7)",
       .section = "5.9",
       .summary = "What is ready: 1 SIM, 2 messages, 4 phone book"},
      {.name = "+QSIMSTAT",
       .params = {choice("enable", {0, 1})},
       .read = &Sim::get_presence,
       .write = &Sim::set_presence,
       .bad_param = at::BadParam::cme,
       .section = "5.11",
       .summary = "Reports of a card put in or taken out; stored"},
      {.name = "+QSIMDET",
       .params = {choice("enable", {0, 1}), choice("insert_level", {0, 1})},
       .read = &Sim::get_detection,
       .write = &Sim::set_detection,
       .bad_param = at::BadParam::cme,
       .section = "5.10",
       .summary = "A card put in is noticed, from the next start on; stored"},
      {.name = "+CRSM",
       .params = {choice("command", {176, 178, 192, 214, 220, 242}),
                  number("fileid", 0, 65535).optional(), byte("P1"), byte("P2"), byte("P3"),
                  text("data", 0, 512).optional()},
       .write = &Sim::file_command,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.6",
       .summary = "Read a file of the SIM"},
      {.name = "+CSIM",
       .params = {apdu_length, text("command", 0, 522)},
       .write = &Sim::card_command,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.5",
       .summary = "Pass a command to the SIM"},
      {.name = "+CCHO",
       .params = {text("dfname", 2, 32)},
       .write = &Sim::open_channel,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.12",
       .summary = "Open a logical channel to an application of the SIM"},
      {.name = "+CGLA",
       .params = {number("sessionid", 1, 255), apdu_length, text("command", 0, 522)},
       .write = &Sim::channel_command,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.14",
       .summary = "Pass a command over a logical channel"},
      {.name = "+CCHC",
       .params = {number("sessionid", 1, 255)},
       .write = &Sim::close_channel,
       .test = TestForm::bare,
       .bad_param = at::BadParam::cme,
       .section = "5.13",
       .summary = "Close a logical channel"},
      {.name = "+CIMI",
       .exec = &Sim::imsi,
       .test = TestForm::bare,
       .section = "5.1",
       .summary = "IMSI"},
      {.name = "+QCCID",
       .exec = &Sim::qccid,
       .test = TestForm::bare,
       .section = "5.7",
       .summary = "ICCID"},
      {.name = "+CCID",
       .exec = &Sim::ccid,
       .test = TestForm::bare,
       .section = "drivers",
       .source = Source::driver,
       .summary = "ICCID"},
      {.name = "+ICCID",
       .exec = &Sim::plain_iccid,
       .test = TestForm::bare,
       .section = "drivers",
       .source = Source::driver,
       .summary = "ICCID"},
      {.name = "+CNUM",
       .exec = &Sim::own_number,
       .test = TestForm::bare,
       .section = "27.007 7.1",
       .source = Source::standard,
       .summary = "Own number"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome Sim::pin_state() {
  if (state_ == State::pin) return Outcome::ok("+CPIN: SIM PIN");
  if (state_ == State::puk) return Outcome::ok("+CPIN: SIM PUK");
  if (const int error = obstacle()) return Outcome::cme(error);
  return Outcome::ok("+CPIN: READY");
}

/// True when `typed` is the secret; a wrong one costs a try.
// reading: also one that the card cannot store, as nobody may guess for nothing
bool Sim::check(Lock Locks::*which, const std::string& typed) {
  auto& lock = locks_.*which;
  if (lock.tries > 0 && typed == lock.secret) return true;
  if (lock.tries > 0) --lock.tries;
  static_cast<void>(store(locks_));
  if (locks_.pin.tries == 0) enter(State::puk);
  return false;
}

/// What stays as it was does not depend on the store.
Outcome Sim::keep(Locks changed) {
  if (!store(changed) && changed != locks_) return Outcome::cme(at::cme::memory_failure);
  locks_ = std::move(changed);
  return Outcome::ok();
}

Outcome Sim::enter_pin(const at::Args& args) {
  if (state_ == State::ready) return Outcome::cme(at::cme::not_allowed);
  if (!is_pin(args.text(0)) || (args.given(1) && !is_pin(args.text(1))))
    return Outcome::cme(at::cme::incorrect_parameters);
  if (state_ == State::puk) {
    if (!args.given(1)) return Outcome::cme(obstacle());
    return unblock(args.text(0), args.text(1));
  }
  if (state_ != State::pin) return Outcome::cme(obstacle());
  if (args.given(1)) return Outcome::cme(at::cme::incorrect_parameters);
  if (!check(&Locks::pin, args.text(0))) return Outcome::cme(at::cme::incorrect_password);
  auto changed = locks_;
  changed.pin.tries = pin_tries;
  return unlock(std::move(changed));
}

Outcome Sim::unblock(const std::string& puk, const std::string& pin) {
  if (puk != card_.puk) {
    if (--locks_.pin.unblock_tries == 0) enter(State::blocked);
    static_cast<void>(store(locks_));
    return Outcome::cme(at::cme::incorrect_password);
  }
  auto changed = locks_;
  changed.pin = {pin, pin_tries, puk_tries};
  return unlock(std::move(changed));
}

/// The card opens, if it can keep `changed`.
Outcome Sim::unlock(Locks changed) {
  auto kept = keep(std::move(changed));
  if (kept.kind() != Outcome::Kind::ok) return kept;
  return Outcome::ok().afterwards(ground_.claim(), [this] { open_up(Occasion::function_level); });
}

Outcome Sim::lock(const at::Args& args) {
  constexpr int query = 2;
  if (args.text(0) != "SC") return Outcome::cme(at::cme::incorrect_parameters);
  const int mode = args.number(1);
  if (mode == query) {
    if (!answers()) return Outcome::cme(obstacle());
    return Outcome::ok(fmt::format("+CLCK: {:d}", locks_.pin_enabled));
  }
  if (const int error = obstacle()) return Outcome::cme(error);
  if (!args.given(2) || !is_pin(args.text(2))) return Outcome::cme(at::cme::incorrect_parameters);
  if (!check(&Locks::pin, args.text(2))) return Outcome::cme(at::cme::incorrect_password);
  auto changed = locks_;
  changed.pin.tries = pin_tries;
  changed.pin_enabled = mode == 1;
  return keep(std::move(changed));
}

Outcome Sim::change_password(const at::Args& args) {
  const bool second = args.text(0) == "P2";
  if (!second && args.text(0) != "SC") return Outcome::cme(at::cme::incorrect_parameters);
  if (!is_pin(args.text(1)) || !is_pin(args.text(2)))
    return Outcome::cme(at::cme::incorrect_parameters);
  if (const int error = obstacle()) return Outcome::cme(error);
  // A PIN that is not asked for cannot be changed.
  if (!second && !locks_.pin_enabled) return Outcome::cme(at::cme::not_allowed);
  const auto which = second ? &Locks::pin2 : &Locks::pin;
  if (!check(which, args.text(1))) return Outcome::cme(at::cme::incorrect_password);
  auto changed = locks_;
  changed.*which = {args.text(2), pin_tries, (locks_.*which).unblock_tries};
  return keep(std::move(changed));
}

Outcome Sim::tries() {
  return Outcome::ok(
      {fmt::format("+QPINC: \"SC\",{},{}", locks_.pin.tries, locks_.pin.unblock_tries),
       fmt::format("+QPINC: \"P2\",{},{}", locks_.pin2.tries, locks_.pin2.unblock_tries)});
}

Outcome Sim::tries_of(const at::Args& args) {
  const auto name = args.text(0);
  if (name != "SC" && name != "P2") return Outcome::cme(at::cme::incorrect_parameters);
  const auto& lock = name == "SC" ? locks_.pin : locks_.pin2;
  return Outcome::ok(fmt::format("+QPINC: \"{}\",{},{}", name, lock.tries, lock.unblock_tries));
}

Outcome Sim::initialisation() {
  return Outcome::ok(fmt::format(
      "+QINISTAT: {}", (ready() ? 1 : 0) + (messages_ready_ ? 2 : 0) + (contacts_ready_ ? 4 : 0)));
}

Outcome Sim::get_presence() {
  return Outcome::ok(fmt::format("+QSIMSTAT: {:d},{:d}", reports_presence_, inserted_));
}

Outcome Sim::set_presence(const at::Args& args) {
  if (!nvram_.set(presence_key, std::to_string(args.number(0))))
    return Outcome::cme(at::cme::memory_failure);
  reports_presence_ = args.number(0) == 1;
  return Outcome::ok();
}

Outcome Sim::get_detection() { return Outcome::ok(fmt::format("+QSIMDET: {}", detection())); }

Outcome Sim::set_detection(const at::Args& args) {
  const auto value = fmt::format("{},{}", args.number(0), args.number(1));
  return nvram_.set("QSIMDET", value) ? Outcome::ok() : Outcome::cme(at::cme::memory_failure);
}

// A card that wants its PIN answers all the same; which files it gives is its own affair.
Outcome Sim::file_command(const at::Args& args) {
  if (!answers()) return Outcome::cme(obstacle());
  const auto answer =
      basic_channel_.on_file(args.number(0), args.number_or(1, 0), args.number_or(2, 0),
                             args.number_or(3, 0), args.number_or(4, 0));
  auto line = fmt::format("+CRSM: {},{}", answer.sw1, answer.sw2);
  if (!answer.data.empty())
    line += fmt::format(",\"{}\"", at::hex(answer.data, at::HexCase::upper));
  return Outcome::ok(std::move(line));
}

Outcome Sim::apdu(SimApdu& channel, std::string_view name, int length, const std::string& hex) {
  const auto command = at::unhex(hex);
  if (!command || hex.size() != static_cast<std::size_t>(length))
    return Outcome::cme(at::cme::incorrect_parameters);
  const auto answer = channel.run(*command);
  const auto digits =
      at::hex(answer.data + static_cast<char>(answer.sw1) + static_cast<char>(answer.sw2),
              at::HexCase::upper);
  return Outcome::ok(fmt::format("{}: {},\"{}\"", name, digits.size(), digits));
}

Outcome Sim::card_command(const at::Args& args) {
  if (!answers()) return Outcome::cme(obstacle());
  return apdu(basic_channel_, "+CSIM", args.number(0), args.text(1));
}

Outcome Sim::open_channel(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cme(error);
  const auto aid = at::unhex(args.text(0));
  if (!aid) return Outcome::cme(at::cme::incorrect_parameters);
  if (!is_usim(*aid)) return Outcome::cme(at::cme::not_found);
  for (int session = 1; session <= max_channels; ++session)
    if (channels_.try_emplace(session, make_channel()).second)
      return Outcome::ok(fmt::format("+CCHO: {}", session));
  return Outcome::cme(at::cme::not_allowed);
}

Outcome Sim::channel_command(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cme(error);
  const auto channel = channels_.find(args.number(0));
  if (channel == channels_.end()) return Outcome::cme(at::cme::incorrect_parameters);
  return apdu(channel->second, "+CGLA", args.number(1), args.text(2));
}

Outcome Sim::close_channel(const at::Args& args) {
  if (const int error = obstacle()) return Outcome::cme(error);
  return channels_.erase(args.number(0)) == 1 ? Outcome::ok()
                                              : Outcome::cme(at::cme::incorrect_parameters);
}

Outcome Sim::imsi() {
  if (const int error = obstacle()) return Outcome::cme(error);
  return Outcome::ok(card_.imsi);
}

/// The number on the card can be read without a PIN.
Outcome Sim::iccid(std::string_view name) {
  if (!answers()) return Outcome::cme(obstacle());
  return Outcome::ok(fmt::format("{}: {}", name, card_.iccid));
}

Outcome Sim::own_number() {
  if (const int error = obstacle()) return Outcome::cme(error);
  if (card_.number.empty()) return Outcome::ok();
  const int type = card_.number[0] == '+' ? 145 : 129;
  return Outcome::ok(fmt::format("+CNUM: ,\"{}\",{}", card_.number, type));
}

}  // namespace emulator::device
