#include "emulator/device/network/indications.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/setting.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

constexpr std::string_view everything = "all";
constexpr at::Param enable = at::choice("enable", {0, 1});

using C = IndicationChoices;

/// In the order of `=?`.
constexpr std::array<at::Setting<C>, 8> keys{{
    {.key = everything, .fields = {at::field<&C::all>(enable)}, .summary = "All others"},
    {.key = "csq", .fields = {at::field<&C::csq>(enable)}, .summary = "Signal strength"},
    {.key = "datastatus", .fields = {at::field<&C::datastatus>(enable)}, .summary = "Kept only"},
    {.key = "mode", .fields = {at::field<&C::mode>(enable)}, .summary = "System mode"},
    {.key = "smsfull", .fields = {at::field<&C::smsfull>(enable)}, .summary = "A full memory"},
    {.key = "act", .fields = {at::field<&C::act>(enable)}, .summary = "Access technology"},
    {.key = "sqi", .fields = {at::field<&C::sqi>(enable)}, .summary = "Signal quality"},
    {.key = "smsincoming", .fields = {at::field<&C::smsincoming>(enable)}, .summary = "A message"},
}};

const at::Setting<C>* find(std::string_view key) {
  const auto* found = std::find_if(keys.begin(), keys.end(), [key](const auto& each) {
    return at::equal_ignoring_case(each.key, key);
  });
  return found == keys.end() ? nullptr : found;
}

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
  choices_ = {};
  for (const auto& key : keys)
    if (const auto stored = nvram_.get(storage_name(key.key)))
      static_cast<void>(key.read(choices_, *stored));
  csq_ = act_ = sqi_ = mode_ = {};
}

void Indications::snapshot(at::Memo& memo) {
  constexpr auto any_line = at::text("line", 0, 128);
  memo.enter("qindcfg");
  for (const auto& key : keys) key.snapshot(memo, choices_);
  memo.group("said", [&] {
    memo.bytes("csq", csq_, any_line);
    memo.bytes("act", act_, any_line);
    memo.bytes("sqi", sqi_, any_line);
    memo.bytes("mode", mode_, any_line);
  });
  memo.leave();
}

bool Indications::wanted(std::string_view key) const {
  const auto* choice = find(key);
  return choices_.all && choice != nullptr && choice->values(choices_) == "1";
}

Outcome Indications::configure(const at::Args& args) {
  const auto* key = find(args.text(0));
  if (key == nullptr) return Outcome::error();
  if (!args.given(1))
    return Outcome::ok(fmt::format("+QINDCFG: \"{}\",{}", key->key, key->values(choices_)));
  auto proposed = choices_;
  if (!key->set(proposed, args, 1)) return Outcome::error();
  if (args.number_or(2, 0) == 1 && !nvram_.set(storage_name(key->key), key->print(proposed)))
    return Outcome::cme(at::cme::memory_failure);
  choices_ = proposed;
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
