#include "emulator/device/settings/qcfg.hpp"

#include "at_engine/args.hpp"
#include "at_engine/cme.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {

/// One key: what may be set, what it is until then, and what words it takes ("a|b").
struct QcfgRow {
  std::string_view key;
  at::ParamList params;
  std::string_view standard;  // as printed
  std::string_view words = {};
  bool stored = true;
  std::string_view summary = {};
  at::Outcome (Qcfg::*write)(const at::Args&) = nullptr;  // of a key that is unlike the others
  std::size_t shown = at::ParamList::max_params;          // values that the query prints
  std::string_view form = {};                             // what `=?` prints for the values
};

namespace {

using at::choice;
using at::Command;
using at::Outcome;
using at::Param;

constexpr Param flag = choice("onoff", {0, 1}).optional();
constexpr Param opt(std::string_view name, std::int64_t low, std::int64_t high) {
  return at::number(name, low, high).optional();
}
constexpr Param word(std::string_view name, std::int64_t most = 16) {
  return at::text(name, 1, most).optional();
}

constexpr at::ParamList ring{word("typeRI"), opt("pulseduration", 1, 2000),
                             opt("pulsecount", 1, 5)};
constexpr std::string_view ring_words = "off|pulse";
constexpr std::string_view ring_form = "(\"off\",\"pulse\"),(1-2000),(1-5)";
constexpr std::size_t all = at::ParamList::max_params;
constexpr std::string_view standard_ring = "\"pulse\",120,1";
constexpr std::string_view hex = "hex";

bool is_word_of(std::string_view words, std::string_view text) {
  while (!words.empty()) {
    const auto bar = words.find('|');
    if (words.substr(0, bar) == text) return true;
    words = bar == std::string_view::npos ? std::string_view{} : words.substr(bar + 1);
  }
  return false;
}

/// "0x18A" or "18a" as "0x18a"; nothing for what is no such number.
std::optional<std::string> normal_hex(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    text.remove_prefix(2);
  std::string digits;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return "0x" + digits;
}

std::vector<std::string> split(std::string_view printed) {
  std::vector<std::string> values;
  for (const auto& token : at::split_args(printed).value_or(std::vector<at::Token>{}))
    values.push_back(token.quoted ? fmt::format("\"{}\"", token.text) : std::string(token.text));
  return values;
}

std::string line(std::string_view key, const std::vector<std::string>& values) {
  return fmt::format("+QCFG: \"{}\",{}", key, fmt::join(values, ","));
}

std::string storage_name(std::string_view key) { return fmt::format("QCFG/{}", key); }

}  // namespace

const std::array<QcfgRow, Qcfg::key_count + Qcfg::sibling_count>& Qcfg::rows() {
  static constexpr std::array<QcfgRow, key_count + sibling_count> table{{
      {"urc/ri/ring", ring, standard_ring, ring_words, true, "RI on a call (stored only: no RI)",
       nullptr, all, ring_form},
      {"urc/ri/smsincoming", ring, standard_ring, ring_words, true,
       "RI on a message (stored only: no RI)", nullptr, all, ring_form},
      {"urc/ri/other", ring, standard_ring, ring_words, true,
       "RI on other URCs (stored only: no RI)", nullptr, all, ring_form},
      {"urc/ri/level", {flag}, "0", {}, true, "Active level of RI (stored only: no RI)"},
      {"cmux/urcport",
       {opt("urc_port", 0, 4)},
       "0",
       {},
       true,
       "Channel of the URCs in CMUX (stored only: no CMUX)"},
      {"cmux/baudratework",
       {flag},
       "0",
       {},
       true,
       "Rate given to AT+CMUX counts (stored only: no CMUX)"},
      {"urc/delay", {opt("time", 0, 120)}, "0", {}, true, "Milliseconds a URC waits"},
      {"urc/cache", {flag}, "0", {}, false, "URCs are held back"},
      {"urc/port",
       {word("urcportvalue")},
       "",
       "usbat|usbmodem|uart1|all",
       false,
       "Channel of the URCs until power-off",
       nullptr,
       all,
       "(\"usbat\",\"usbmodem\",\"uart1\",\"all\")"},
      {"risignaltype",
       {word("RISignalType")},
       "\"respective\"",
       "respective|physical",
       true,
       "Which RI tells of URCs (stored only: no RI)",
       nullptr,
       all,
       "(\"respective\",\"physical\")"},
      {"roamservice",
       {choice("roammode", {1, 2, 255}).optional(), flag},
       "255,1",
       {},
       true,
       "Roaming: not allowed (1), allowed (2), as the SIM says (255)",
       nullptr,
       1},
      {"band",
       {word("bandval", 20), word("ltebandval", 20)},
       "",
       hex,
       true,
       "LTE bands in use, bit 0 is band 1",
       nullptr,
       all,
       "<bandval>,<ltebandval>"},
      {"nwoptmz/acq",
       {flag, opt("time", 60, 16777200)},
       "0,3600",
       {},
       true,
       "Search interval without service (stored only)"},
      {"usbnet",
       {choice("net", {1, 3}).optional()},
       "1",
       {},
       true,
       "Network device on USB (stored only: no USB)"},
      {"aprstlevel", {flag}, "0", {}, true, "Restart after a crash (stored only)"},
      {"modemrstlevel", {flag}, "0", {}, true, "Restart after a modem crash (stored only)"},
      {"ntp",
       {opt("retries", 1, 10), opt("interval", 5, 60)},
       "3,15",
       {},
       true,
       "Tries and seconds between them of AT+QNTP"},
      {"ledmode", {opt("mode", 0, 2)}, "0", {}, true, "Net light (stored only: no LED)"},
      {"nat", {flag}, "0", {}, true, "Address translation on USB (stored only: no USB)"},
      {"netmaskset",
       {flag, word("netmask")},
       "0,\"\"",
       {},
       true,
       "Netmask on USB (stored only: no USB)",
       nullptr,
       1},
      {"ppp/termframe", {flag}, "0", {}, true, "Frame at the end of PPP (stored only: no PPP)"},
      {"rf/tuner_cfg",
       {at::number("index", 0, 3).optional(), word("bands", 128)},
       "",
       {},
       true,
       "Antenna tuner (stored only: no antenna)",
       &Qcfg::one_of_several},
      {"tcp/windowsize",
       {choice("direction", {0, 1}).optional(), opt("size", 16, 100)},
       "",
       {},
       false,
       "TCP window (stored only: the system's counts)",
       &Qcfg::one_of_several},
      {"TCP/SendMode",
       {opt("mode", 0, 2)},
       "0",
       {},
       false,
       "When a socket says SEND OK (stored only: no sockets)"},
      {"fast/poweroff", {flag}, "0", {}, true, "AT+QPOWD without leaving the network first"},
      {"fota/cid", {opt("cid", 1, 15)}, "1", {}, false, "Context for updates (stored only)"},
      {"qcautoconnect", {flag}, "0", {}, true, "Dials on USB by itself (stored only: no USB)"},
      {"sms/listmsgmap",
       {at::text("stat", 1, 16)},
       "",
       {},
       false,
       "Messages of a status, a bit each",
       &Qcfg::message_map},
      {"sms/MeNum",
       {opt("number", 0, 255)},
       "255",
       {},
       true,
       "Messages that \"ME\" has room for, from the next start on"},
      {"nwscanmode",
       {opt("mode", 0, 5), flag},
       "0,1",
       {},
       true,
       "Of siblings: stored only",
       nullptr,
       1},
      {"nwscanseq",
       {word("sequence"), flag},
       "\"00\",1",
       {},
       true,
       "Of siblings: stored only",
       nullptr,
       1},
      {"iotopmode",
       {opt("mode", 0, 2), flag},
       "0,1",
       {},
       true,
       "Of siblings: stored only",
       nullptr,
       1},
      {"gprsattach", {flag}, "1", {}, true, "Of siblings: stored only"},
      {"servicedomain",
       {opt("service", 0, 2), flag},
       "1,1",
       {},
       true,
       "Of siblings: stored only",
       nullptr,
       1},
  }};
  return table;
}

namespace {

template <std::size_t n, std::size_t first>
constexpr std::array<Command<Qcfg>, n> commands_from(const auto& rows, auto access) {
  std::array<Command<Qcfg>, n> commands;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& row = rows[first + i];
    commands[i] = {.name = "+QCFG",
                   .key = row.key,
                   .params = row.params,
                   .write = row.write != nullptr ? row.write : access,
                   .shown = row.form,
                   .section = "4.4",
                   .summary = row.summary};
  }
  return commands;
}

}  // namespace

const std::array<Command<Qcfg>, Qcfg::key_count>& Qcfg::commands() {
  static const auto table = commands_from<key_count, 0>(rows(), &Qcfg::access);
  return table;
}

const std::array<Command<Qcfg>, Qcfg::sibling_count>& Qcfg::sibling_commands() {
  static const auto table = commands_from<sibling_count, key_count>(rows(), &Qcfg::access);
  return table;
}

const QcfgRow& Qcfg::row(std::string_view key) {
  const auto found =
      std::find_if(rows().begin(), rows().end(), [&](const QcfgRow& r) { return r.key == key; });
  assert(found != rows().end());
  return *found;
}

Qcfg::Values Qcfg::values(const QcfgRow& row) const {
  const auto temporary = volatile_.find(row.key);
  if (temporary != volatile_.end()) return temporary->second;
  if (row.stored)
    if (const auto printed = nvram_.get(storage_name(row.key))) return split(*printed);
  if (row.key == "urc/port") return {fmt::format("\"{}\"", port_ ? port_() : std::string{})};
  if (row.key == "band") return {"0x0", std::string(profile_.lte_bands)};
  if (row.key == "tcp/windowsize") return {"16", "16"};
  if (row.key == "rf/tuner_cfg") return {"\"\"", "\"\"", "\"\"", "\"\""};
  return split(row.standard);
}

Outcome Qcfg::keep(const QcfgRow& row, const Values& values) {
  if (!row.stored)
    volatile_[std::string(row.key)] = values;
  else if (!nvram_.set(storage_name(row.key), fmt::format("{}", fmt::join(values, ","))))
    return Outcome::cme(at::cme::memory_failure);
  if (listener_) listener_(row.key);
  return Outcome::ok();
}

/// A key whose values stand side by side; one that is left out stays.
Outcome Qcfg::access(const at::Args& args) {
  const auto& row = Qcfg::row(args.key());
  auto now = values(row);
  if (!args.given_from(0)) {
    now.resize(std::min(now.size(), row.shown));
    return Outcome::ok(line(row.key, now));
  }
  for (std::size_t i = 0; i < row.params.size(); ++i) {
    if (!args.given(i)) continue;
    if (row.params[i].kind != at::Kind::text) {
      now[i] = std::to_string(args.number(i));
    } else if (row.words == hex) {
      const auto digits = normal_hex(args.text(i));
      if (!digits) return Outcome::error();
      now[i] = *digits;
    } else {
      if (!row.words.empty() && !is_word_of(row.words, args.text(i))) return Outcome::error();
      now[i] = fmt::format("\"{}\"", args.text(i));
    }
  }
  return keep(row, now);
}

/// A key whose first parameter chooses among values of one kind.
// reading: the query prints one line an index, only the first with the name of the command
Outcome Qcfg::one_of_several(const at::Args& args) {
  const auto& row = Qcfg::row(args.key());
  auto now = values(row);
  if (!args.given(0)) {
    std::vector<std::string> lines{fmt::format("+QCFG: \"{}\",0,{}", row.key, now[0])};
    for (std::size_t i = 1; i < now.size(); ++i) lines.push_back(fmt::format("{},{}", i, now[i]));
    return Outcome::ok(std::move(lines));
  }
  if (!args.given(1)) return Outcome::error();
  const bool is_text = row.params[1].kind == at::Kind::text;
  now[static_cast<std::size_t>(args.number(0))] =
      is_text ? fmt::format("\"{}\"", args.text(1)) : std::to_string(args.number(1));
  return keep(row, now);
}

Outcome Qcfg::message_map(const at::Args& args) {
  const auto map = message_map_ ? message_map_(args.text(0)) : std::string{};
  if (map.empty()) return Outcome::error();
  return Outcome::ok(fmt::format("+QCFG: \"sms/listmsgmap\",\"{}\",\"{}\"", args.text(0), map));
}

std::string Qcfg::text(std::string_view key, std::size_t i) const {
  const auto now = values(row(key));
  if (i >= now.size()) return {};
  auto value = now[i];
  std::erase(value, '"');
  return value;
}

int Qcfg::number(std::string_view key, std::size_t i) const {
  const auto value = text(key, i);
  int result = 0;
  std::from_chars(value.data(), value.data() + value.size(), result);
  return result;
}

bool Qcfg::band_allowed(int band) const {
  const auto mask = text("band", 1).substr(2);
  const auto bit = static_cast<std::size_t>(band - 1);
  const auto digit = bit / 4;
  if (digit >= mask.size()) return false;
  const char c = mask[mask.size() - 1 - digit];
  const int nibble = c <= '9' ? c - '0' : c - 'a' + 10;
  return (nibble >> (bit % 4) & 1) != 0;
}

}  // namespace emulator::device
