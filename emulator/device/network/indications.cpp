#include "emulator/device/network/indications.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

constexpr std::string_view everything = "all";
constexpr at::Param enable = at::choice("enable", {0, 1});

std::string storage_name(std::string_view key) { return fmt::format("QINDCFG/{}", key); }

}  // namespace

const std::array<Command<Indications>, 1>& Indications::commands() {
  static constexpr std::array<Command<Indications>, 1> table{{
      {.name = "+QINDCFG",
       .params = {at::text("urctype", 1, 16), enable.optional(),
                  at::choice("save", {0, 1}).optional()},
       .write = &Indications::configure,
       .shown = "(\"all\",\"csq\",\"datastatus\",\"mode\",\"smsfull\",\"act\",\"sqi\","
                "\"smsincoming\"),(0,1),(0,1)",
       .section = "4.3",
       .summary = "Indications that are given (datastatus is kept and read back only)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

void Indications::start() {
  for (auto& choice : choices_)
    choice.on = stored_number(nvram_, storage_name(choice.key), enable, choice.standard) == 1;
  csq_ = act_ = sqi_ = mode_ = {};
}

bool Indications::wanted(std::string_view key) const {
  const auto is_on = [this](std::string_view name) {
    return std::any_of(choices_.begin(), choices_.end(),
                       [&](const Choice& choice) { return choice.key == name && choice.on; });
  };
  return is_on(everything) && is_on(key);
}

Outcome Indications::configure(const at::Args& args) {
  const auto key = at::lower(args.text(0));
  const auto choice =
      std::find_if(choices_.begin(), choices_.end(), [&](const Choice& c) { return c.key == key; });
  if (choice == choices_.end()) return Outcome::error();
  if (!args.given(1))
    return Outcome::ok(fmt::format("+QINDCFG: \"{}\",{:d}", choice->key, choice->on));
  const auto value = std::to_string(args.number(1));
  if (args.number_or(2, 0) == 1 && !nvram_.set(storage_name(choice->key), value))
    return Outcome::cme(at::cme::memory_failure);
  choice->on = args.number(1) == 1;
  return Outcome::ok();
}

void Indications::look() {
  const auto& signal = scenario_.now().signal;
  const bool served = network_.registered();
  tell("csq", csq_, fmt::format("+QIND: \"csq\",{},99", measurement_.rssi()));
  tell("act", act_, fmt::format("+QIND: \"act\",\"{}\"", served ? "LTE" : "NOSERVICE"));
  tell("sqi", sqi_,
       served ? fmt::format("+QIND: \"SQI\",{},{},{}", signal.rsrp, signal.rsrq, signal.sinr)
              : std::string{});
  // System mode 17 is LTE, 0 none, in the numbering of ^MODE.
  tell("mode", mode_, fmt::format("^MODE: {0},{0}", served ? 17 : 0));
}

/// Says a line that differs from the one said last.
void Indications::tell(std::string_view key, std::string& said, std::string line) {
  const bool first = said.empty();
  const bool news = said != line;
  said = std::move(line);
  if (!first && news && !said.empty() && wanted(key)) announce_.announce(said);
}

}  // namespace emulator::device
