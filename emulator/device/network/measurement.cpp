#include "emulator/device/network/measurement.hpp"

#include "at_engine/cme.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using at::Source;
using at::TestForm;

constexpr int unknown = 99;
constexpr int unknown_wide = 255;
constexpr int bandwidth_20_mhz = 5;
constexpr int min_rx_level = -123;  // dBm; what a cell asks for at least
constexpr int first_tdd_band = 33;
constexpr int last_tdd_band = 53;
constexpr std::size_t mcc_digits = 3;

std::string mcc(const Operator& network) { return network.plmn.substr(0, mcc_digits); }
std::string mnc(const Operator& network) { return network.plmn.substr(mcc_digits); }

}  // namespace

const std::array<Command<Measurement>, 8>& Measurement::commands() {
  static constexpr std::array<Command<Measurement>, 8> table{{
      {.name = "+CSQ",
       .exec = &Measurement::signal,
       .shown = "(0-31,99),(0-7,99)",
       .section = "6.3",
       .summary = "Signal strength"},
      {.name = "+QCSQ",
       .exec = &Measurement::signal_in_db,
       .shown = "\"NOSERVICE\",\"LTE\"",
       .section = "drivers",
       .source = Source::sibling,
       .summary = "Signal strength in dB"},
      {.name = "+CESQ",
       .exec = &Measurement::extended_signal,
       .shown = "(0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)",
       .section = "27.007 8.69",
       .source = Source::standard,
       .summary = "Signal strength, extended"},
      {.name = "+QNWINFO",
       .exec = &Measurement::network_info,
       .test = TestForm::bare,
       .section = "6.9",
       .summary = "Access technology, operator, band, channel"},
      {.name = "+QENG",
       .params = {at::text("cell_type", 1, 32)},
       .write = &Measurement::cells,
       .shown = "(\"servingcell\",\"neighbourcell\")",
       .section = "6.11",
       .summary = "Serving and neighbour cells"},
      {.name = "+QSPN",
       .read = &Measurement::operator_name,
       .exec = &Measurement::operator_name,
       .test = TestForm::bare,
       .section = "6.10",
       .summary = "Names of the network"},
      {.name = "+CIND",
       .read = &Measurement::indicators,
       .shown = "(\"call\",(0,1)),(\"roam\",(0,1)),(\"signal\",(0-5)),(\"service\",(0,1)),"
                "(\"GPRS coverage\",(0,1)),(\"message\",(0,1))",
       .section = "4.2",
       .summary = "Indicators"},
      {.name = "+CEER",
       .exec = &Measurement::last_cause,
       .test = TestForm::bare,
       .section = "4.5",
       .summary = "Why the network last refused"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

int Measurement::rssi() const {
  if (!network_.camped()) return unknown;
  return std::clamp((scenario_.now().signal.rssi + 113) / 2, 0, 31);
}

int Measurement::bars() const {
  const int level = rssi();
  return level == unknown ? 0 : std::clamp((level + 5) / 6, 0, 5);
}

bool Measurement::time_division() const {
  const int band = scenario_.now().cell.band;
  return band >= first_tdd_band && band <= last_tdd_band;
}

Outcome Measurement::signal() { return Outcome::ok(fmt::format("+CSQ: {},{}", rssi(), unknown)); }

Outcome Measurement::signal_in_db() {
  if (!network_.registered()) return Outcome::ok("+QCSQ: \"NOSERVICE\"");
  const auto& signal = scenario_.now().signal;
  // SINR in steps of 0.2 dB from -20 dB, as on siblings.
  const int sinr = std::clamp((signal.sinr + 20) * 5, 0, 250);
  return Outcome::ok(
      fmt::format("+QCSQ: \"LTE\",{},{},{},{}", signal.rssi, signal.rsrp, sinr, signal.rsrq));
}

Outcome Measurement::extended_signal() {
  int rsrq = unknown_wide;
  int rsrp = unknown_wide;
  if (network_.camped()) {
    const auto& signal = scenario_.now().signal;
    rsrq = std::clamp(2 * signal.rsrq + 40, 0, 34);
    rsrp = std::clamp(signal.rsrp + 141, 0, 97);
  }
  return Outcome::ok(
      fmt::format("+CESQ: {0},{0},{1},{1},{2},{3}", unknown, unknown_wide, rsrq, rsrp));
}

Outcome Measurement::network_info() {
  if (!network_.registered()) return Outcome::ok("+QNWINFO: No Service");
  const auto& scene = scenario_.now();
  return Outcome::ok(fmt::format("+QNWINFO: \"{} LTE\",\"{}\",\"LTE BAND {}\",{}",
                                 time_division() ? "TDD" : "FDD", scene.network.plmn,
                                 scene.cell.band, scene.cell.earfcn));
}

Outcome Measurement::cells(const at::Args& args) {
  if (args.text(0) == "servingcell") return serving_cell();
  if (args.text(0) == "neighbourcell") return neighbour_cells();
  return Outcome::cme(at::cme::incorrect_parameters);
}

Outcome Measurement::serving_cell() const {
  if (!network_.camped()) return Outcome::ok("+QENG: \"servingcell\",\"SEARCH\"");
  const auto& network = scenario_.now().network;
  const auto& cell = scenario_.now().cell;
  const auto& signal = scenario_.now().signal;
  return Outcome::ok(fmt::format(
      "+QENG: \"servingcell\",\"{}\",\"LTE\",\"{}\",{},{},{:X},{},{},{},{},{},{:X},{},{},{},{},{}",
      network_.registered() ? "NOCONN" : "LIMSRV", time_division() ? "TDD" : "FDD", mcc(network),
      mnc(network), cell.id, cell.pcid, cell.earfcn, cell.band, bandwidth_20_mhz, bandwidth_20_mhz,
      cell.tac, signal.rsrp, signal.rsrq, signal.rssi, signal.sinr,
      std::max(0, signal.rsrp - min_rx_level)));
}

Outcome Measurement::neighbour_cells() const {
  std::vector<std::string> lines;
  if (network_.camped())
    for (const auto& cell : scenario_.now().neighbours)
      lines.push_back(fmt::format("+QENG: \"neighbourcell {}\",\"LTE\",{},{},{},{},-,-,-,-,-,-",
                                  cell.same_frequency ? "intra" : "inter", cell.earfcn, cell.pcid,
                                  cell.rsrq, cell.rsrp));
  return Outcome::ok(std::move(lines));
}

Outcome Measurement::operator_name() {
  if (!network_.registered()) return Outcome::ok("+QSPN: \"\",\"\",\"\",0,\"\"");
  const auto& network = scenario_.now().network;
  return Outcome::ok(fmt::format("+QSPN: \"{}\",\"{}\",\"\",0,\"{}\"", network.name,
                                 network.short_name, network.plmn));
}

Outcome Measurement::indicators() {
  return Outcome::ok(fmt::format("+CIND: 0,{:d},{},{:d},{:d},{:d}",
                                 network_.stat() == Network::Stat::roaming, bars(),
                                 network_.registered(), network_.attached(), messages_full_()));
}

Outcome Measurement::last_cause() {
  return Outcome::ok(fmt::format("+CEER: {}", network_.last_cause()));
}

}  // namespace emulator::device
