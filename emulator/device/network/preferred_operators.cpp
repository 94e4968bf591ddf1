#include "emulator/device/network/preferred_operators.hpp"

#include "at_engine/cme.hpp"
#include "codec/json_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::device {
namespace {

using at::choice;
using at::Command;
using at::number;
using at::Outcome;

consteval at::Param access(std::string_view name) { return choice(name, {0, 1}).optional(); }

}  // namespace

const std::array<Command<PreferredOperators>, 1>& PreferredOperators::commands() {
  static constexpr std::array<Command<PreferredOperators>, 1> table{{
      {.name = "+CPOL",
       .params = {number("index", 1, max_entries).optional(), number("format", 0, 2).optional(),
                  at::text("oper", 1, 64).optional(), access("GSM"), access("GSM_compact"),
                  access("UTRAN"), access("E-UTRAN")},
       .read = &PreferredOperators::list,
       .write = &PreferredOperators::set,
       .bad_param = at::BadParam::cme,
       .shown = "(1-20),(0-2)",
       .section = "6.4",
       .summary = "Preferred operators of the card (kept and read back; a scenario has its own)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

std::string PreferredOperators::storage_name() const {
  return fmt::format("CPOL/{}", sim_.card().iccid);
}

PreferredOperators::List PreferredOperators::load() const {
  const auto stored = nvram_.get(storage_name());
  if (!stored) return {};
  const auto json = codec::parse_json(*stored);
  try {
    auto list = json.get<List>();
    std::erase_if(list, [](const auto& entry) {
      return entry.first < 1 || entry.first > max_entries || !is_plmn(entry.second);
    });
    return list;
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

bool PreferredOperators::store(const List& list) {
  return nvram_.set(storage_name(), nlohmann::json(list).dump());
}

const Operator* PreferredOperators::known(int format, const std::string& name) const {
  const auto& scene = scenario_.now();
  if (name_of(scene.network, format) == name) return &scene.network;
  const auto other =
      std::find_if(scene.others.begin(), scene.others.end(),
                   [&](const Operator& one) { return name_of(one, format) == name; });
  return other == scene.others.end() ? nullptr : &*other;
}

/// An operator whose name nobody here knows is shown by number.
std::string PreferredOperators::entry(int index, const std::string& plmn) const {
  const auto* network = known(numeric, plmn);
  const int format = network == nullptr ? numeric : format_;
  return fmt::format("+CPOL: {},{},\"{}\",0,0,0,1", index, format,
                     network == nullptr ? plmn : name_of(*network, format));
}

Outcome PreferredOperators::list() {
  if (const int error = sim_.obstacle()) return Outcome::cme(error);
  std::vector<std::string> lines;
  for (const auto& [index, plmn] : load()) lines.push_back(entry(index, plmn));
  return Outcome::ok(std::move(lines));
}

/// An index alone deletes its entry, a format alone says how the list is shown; an operator without
/// an index goes to the first free one.
Outcome PreferredOperators::set(const at::Args& args) {
  if (const int error = sim_.obstacle()) return Outcome::cme(error);
  if (!args.given(2)) {
    if (args.given_from(3) || args.given(0) == args.given(1))
      return Outcome::cme(at::cme::incorrect_parameters);
    if (args.given(1)) {
      format_ = args.number(1);
      return Outcome::ok();
    }
    auto list = load();
    if (list.erase(args.number(0)) == 0) return Outcome::cme(at::cme::not_found);
    return store(list) ? Outcome::ok() : Outcome::cme(at::cme::memory_failure);
  }
  const int format = args.number_or(1, numeric);
  const auto* network = known(format, args.text(2));
  if (network == nullptr && (format != numeric || !is_plmn(args.text(2))))
    return Outcome::cme(format == numeric ? at::cme::incorrect_parameters : at::cme::not_found);
  auto list = load();
  int index = args.number_or(0, 1);
  while (!args.given(0) && list.count(index) != 0) ++index;
  if (index > max_entries) return Outcome::cme(at::cme::memory_full);
  list[index] = network == nullptr ? args.text(2) : network->plmn;
  return store(list) ? Outcome::ok() : Outcome::cme(at::cme::memory_failure);
}

}  // namespace emulator::device
