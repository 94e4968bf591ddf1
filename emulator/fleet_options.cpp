#include "emulator/fleet_options.hpp"

#include "emulator/fleet_scenario.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace emulator {
namespace {

constexpr std::string_view number_mark = "%d";
constexpr int most_ports = 65'535;

/// The number of a port that ends with '+', "tcp:[HOST:]PORT+".
std::optional<int> first_port(const std::string& port) {
  if (!port.starts_with("tcp:") || !port.ends_with('+')) return std::nullopt;
  const auto colon = port.find_last_of(':');
  int number = 0;
  const auto* const last = port.data() + port.size() - 1;
  const auto [end, error] = std::from_chars(port.data() + colon + 1, last, number);
  if (error != std::errc{} || end != last || number < 1) return std::nullopt;
  return number;
}

std::string port_of(const std::string& port, int index) {
  if (const auto first = first_port(port))
    return fmt::format("{}:{}", port.substr(0, port.find_last_of(':')), *first + index);
  auto mine = port;
  if (const auto mark = mine.find(number_mark); mark != std::string::npos)
    mine.replace(mark, number_mark.size(), std::to_string(index));
  return mine;
}

/// Whether each modem has a port of its own by that.
bool is_for_each(const std::string& port) {
  return port == "pty" || port == "pty:" || port.ends_with(":0") ||
         port.find(number_mark) != std::string::npos || first_port(port);
}

std::optional<std::string> complaint_about_ports(const Options& all) {
  for (const auto& port : all.ports) {
    if (all.count > 1 && !is_for_each(port))
      return fmt::format(
          "--port {}: the modems of a fleet have each their own: give it as pty, pty:LINK%d, "
          "tcp:[HOST:]PORT+, tcp:[HOST:]0 or serial:DEV%d",
          port);
    if (const auto first = first_port(port); first && *first + all.count - 1 > most_ports)
      return fmt::format("--port {}: {} modems need ports up to {}", port, all.count,
                         *first + all.count - 1);
  }
  return std::nullopt;
}

}  // namespace

std::string modem_name(int index) { return fmt::format("modem{}", index); }

std::optional<std::string> complaint_about_fleet(const Options& all) {
  if (all.threads > all.count)
    return fmt::format("--threads {}: more than there are modems, {}", all.threads, all.count);
  if (!all.is_fleet) return std::nullopt;
  if (all.instance + all.count - 1 > device::max_instance)
    return fmt::format("--instance {}: {} modems from there on are more than there are numbers",
                       all.instance, all.count);
  const auto own = device::identity_of(*all.model, all.instance);
  const auto card = device::card_of(all.instance);
  using Row = std::pair<const char*, bool>;
  for (const auto& [name, is_own] :
       {Row{"imei", all.identity.imei == own.imei},
        Row{"serial-number", all.identity.serial_number == own.serial_number},
        Row{"imsi", all.card.imsi == card.imsi}, Row{"iccid", all.card.iccid == card.iccid},
        Row{"number", all.card.number == card.number}})
    if (all.count > 1 && !is_own)
      return fmt::format("--{}: the modems of a fleet have each their own, by --instance", name);
  return complaint_about_ports(all);
}

Options options_of(const Options& all, int index) {
  auto mine = all;
  if (all.scenario_document) {
    auto document = scenario_of(*all.scenario_document, {index, all.count});
    auto read = parse_scenario(std::get<nlohmann::json>(document), device::home_scene(*all.model));
    mine.scenario = std::get<std::vector<device::SceneChange>>(std::move(read));
    mine.scenario_document.reset();
  }
  if (!all.is_fleet) return mine;
  for (auto& port : mine.ports) port = port_of(port, index);
  if (all.state_dir) mine.state_dir = fmt::format("{}/{}", *all.state_dir, index);
  if (index == 0) return mine;
  mine.instance += index;
  const auto own = device::identity_of(*all.model, mine.instance);
  mine.identity.imei = own.imei;
  mine.identity.serial_number = own.serial_number;
  const auto card = device::card_of(mine.instance);
  mine.card.imsi = card.imsi;
  mine.card.iccid = card.iccid;
  mine.card.number = card.number;
  return mine;
}

}  // namespace emulator
