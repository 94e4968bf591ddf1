// The keys of AT+QCFG: one row each (manual 4.4). Used by Qcfg alone.
#pragma once

#include "at_engine/setting.hpp"
#include "emulator/device/settings/qcfg_values.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

using QcfgSetting = at::Setting<QcfgValues>;

namespace qcfg_key {
constexpr std::string_view urc_delay = "urc/delay";
constexpr std::string_view urc_cache = "urc/cache";
constexpr std::string_view urc_port = "urc/port";
constexpr std::string_view roam_service = "roamservice";
constexpr std::string_view band = "band";
constexpr std::string_view tuner = "rf/tuner_cfg";
constexpr std::string_view window_size = "tcp/windowsize";
constexpr std::string_view message_map = "sms/listmsgmap";
}  // namespace qcfg_key

/// A mask of bands, "0x18A" or "18a", with quotes or without, as "0x18a"; nothing for what is no
/// such number.
std::optional<std::string> normal_hex(std::string_view typed);

constexpr std::size_t qcfg_key_count = 29;
constexpr std::size_t qcfg_sibling_count = 10;

/// In the order of `=?`. The rows of qcfg_key::tuner, window_size and message_map name their values
/// for the store alone: their first parameter chooses among several.
extern const std::array<QcfgSetting, qcfg_key_count> qcfg_keys;
/// Of sibling modules; one of the same key replaces the module's own.
extern const std::array<QcfgSetting, qcfg_sibling_count> qcfg_sibling_keys;

}  // namespace emulator::device
