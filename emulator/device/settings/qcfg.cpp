#include "emulator/device/settings/qcfg.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;

std::string storage_name(std::string_view key) { return fmt::format("QCFG/{}", key); }

Command<Qcfg> command_of(const QcfgSetting& key, at::Handler<Qcfg> write) {
  return {.name = "+QCFG",
          .key = key.key,
          .params = key.params({}),
          .write = write,
          .shown = key.shown,
          .section = "4.4",
          .summary = key.summary};
}

}  // namespace

const std::array<Command<Qcfg>, qcfg_key_count>& Qcfg::commands() {
  static const auto table = [] {
    std::array<Command<Qcfg>, qcfg_key_count> rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto& row = rows[i] = command_of(qcfg_keys[i], &Qcfg::access);
      if (row.key == qcfg_key::tuner) {
        row.write = &Qcfg::tuner;
        row.params = {at::number("index", 0, 3).optional(), at::text("bands", 1, 128).optional()};
      } else if (row.key == qcfg_key::window_size) {
        row.write = &Qcfg::window_size;
        row.params = {at::choice("direction", {0, 1}).optional(),
                      at::number("size", 16, 100).optional()};
      } else if (row.key == qcfg_key::message_map) {
        row.write = &Qcfg::message_map;
        row.params = {at::text("stat", 1, 16)};
      }
    }
    return rows;
  }();
  return table;
}

const std::array<Command<Qcfg>, qcfg_sibling_count>& Qcfg::sibling_commands() {
  static const auto table = [] {
    std::array<Command<Qcfg>, qcfg_sibling_count> rows;
    std::transform(qcfg_sibling_keys.begin(), qcfg_sibling_keys.end(), rows.begin(),
                   [](const auto& key) { return command_of(key, &Qcfg::access); });
    return rows;
  }();
  return table;
}

Qcfg::Qcfg(Nvram& nvram, at::Log& log, const ModelProfile& profile, bool siblings)
    : nvram_(nvram), log_(log), profile_(profile), siblings_(siblings) {
  values_.lte_band = profile_.lte_bands;
}

void Qcfg::start() {
  values_ = {};
  values_.lte_band = profile_.lte_bands;
  each_setting([this](const QcfgSetting& key) {
    const auto printed = key.stored ? nvram_.get(storage_name(key.key)) : std::nullopt;
    if (printed && !key.read(values_, *printed))
      log_.warning(
          fmt::format("the stored +QCFG \"{}\" is none of its values, the factory's count: {}",
                      key.key, *printed));
  });
}

void Qcfg::snapshot(at::Memo& memo) {
  memo.enter("qcfg");
  if (memo.restoring()) values_ = {};
  // The port in use is the UrcPort's to keep.
  each_setting([&](const QcfgSetting& key) {
    if (key.key != qcfg_key::urc_port) key.snapshot(memo, values_);
  });
  memo.leave();
}

/// Those that there are for hosts.
template <class Each>
void Qcfg::each_setting(Each&& each) const {
  for (const auto& key : qcfg_keys)
    if (&setting(key.key) == &key) each(key);
  if (!siblings_) return;
  for (const auto& key : qcfg_sibling_keys) each(key);
}

/// A key of a sibling replaces the module's own of the same name.
const QcfgSetting& Qcfg::setting(std::string_view key) const {
  const auto is_it = [key](const QcfgSetting& row) { return row.key == key; };
  if (siblings_)
    if (const auto* found = std::find_if(qcfg_sibling_keys.begin(), qcfg_sibling_keys.end(), is_it);
        found != qcfg_sibling_keys.end())
      return *found;
  const auto* found = std::find_if(qcfg_keys.begin(), qcfg_keys.end(), is_it);
  assert(found != qcfg_keys.end());
  return *found;
}

Outcome Qcfg::keep(const QcfgSetting& key, QcfgValues values) {
  if (key.stored && !nvram_.set(storage_name(key.key), key.print(values)))
    return Outcome::cme(at::cme::memory_failure);
  values_ = std::move(values);
  listener_(key.key);
  return Outcome::ok();
}

/// A key of several values; one that is left out stays.
Outcome Qcfg::access(const at::Args& args) {
  const auto& key = setting(args.key());
  values_.urc_port = port_();
  if (!args.given_from(0))
    return Outcome::ok(fmt::format("+QCFG: \"{}\",{}", key.key, key.values(values_)));
  auto values = values_;
  if (!key.set(values, args, 0)) return Outcome::error();
  return keep(key, std::move(values));
}

// reading: the query prints one line an index, only the first with the name of the command
Outcome Qcfg::tuner(const at::Args& args) {
  auto values = values_;
  auto& bands = values.tuner_bands;
  if (!args.given(0)) {
    std::vector<std::string> lines{
        fmt::format("+QCFG: \"{}\",0,\"{}\"", qcfg_key::tuner, bands[0])};
    for (std::size_t i = 1; i < bands.size(); ++i)
      lines.push_back(fmt::format("{},\"{}\"", i, bands[i]));
    return Outcome::ok(std::move(lines));
  }
  if (!args.given(1)) return Outcome::error();
  bands[static_cast<std::size_t>(args.number(0))] = args.text(1);
  return keep(setting(qcfg_key::tuner), std::move(values));
}

Outcome Qcfg::window_size(const at::Args& args) {
  auto values = values_;
  auto& window = values.tcp_window_kb;
  if (!args.given(0))
    return Outcome::ok({fmt::format("+QCFG: \"{}\",0,{}", qcfg_key::window_size, window[0]),
                        fmt::format("1,{}", window[1])});
  if (!args.given(1)) return Outcome::error();
  window[static_cast<std::size_t>(args.number(0))] = args.number(1);
  return keep(setting(qcfg_key::window_size), std::move(values));
}

Outcome Qcfg::message_map(const at::Args& args) {
  const auto map = message_map_(args.text(0));
  if (map.empty()) return Outcome::error();
  return Outcome::ok(fmt::format("+QCFG: \"sms/listmsgmap\",\"{}\",\"{}\"", args.text(0), map));
}

bool Qcfg::band_allowed(int band) const {
  const auto mask = normal_hex(values_.lte_band).value_or("0x0");
  const auto bit = static_cast<std::size_t>(band - 1);
  const auto digit = bit / 4;
  if (digit + 2 >= mask.size()) return false;
  return (at::hex_value(mask[mask.size() - 1 - digit]) >> (bit % 4) & 1) != 0;
}

}  // namespace emulator::device
