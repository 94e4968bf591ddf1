#include "emulator/control/modem_state.hpp"

#include "at_engine/text.hpp"
#include "emulator/control/services_state.hpp"
#include "emulator/scenario_file.hpp"
#include "emulator/words.hpp"

#include <array>
#include <string>
#include <string_view>
#include <variant>

namespace emulator::control {
namespace {

using nlohmann::json;

constexpr std::size_t most_planned_shown = 100;

/// As CONN-2 numbers them; 0 while there is nothing.
int number_of(mqtt_backend::ClientState state) {
  using State = mqtt_backend::ClientState;
  switch (state) {
    case State::idle:
    case State::opening:
    case State::closing:
      return 0;
    case State::open:
      return 1;
    case State::connecting:
      return 2;
    case State::connected:
      return 3;
    case State::disconnecting:
      return 4;
  }
  return 0;
}

json contexts_of(Modem& modem) {
  const auto& pdp = modem.device().pdp();
  const auto& meter = modem.world().meter;
  const auto traffic = meter ? meter() : cellular::Traffic{};
  auto contexts = json::array();
  for (int cid = 1; cid <= device::Pdp::max_cid; ++cid) {
    if (!pdp.defined(cid) && !pdp.active(cid)) continue;
    const auto& passed = traffic.contexts.at(static_cast<std::size_t>(cid));
    contexts.push_back({{"cid", cid},
                        {"active", pdp.active(cid)},
                        {"address", pdp.address(cid)},
                        {"bytes_in", passed.received},
                        {"bytes_out", passed.sent}});
  }
  return contexts;
}
static_assert(device::Pdp::max_cid <= cellular::Traffic::max_cid);

/// The last +QMTSTAT of a client, as far as the journal goes back.
json last_down(const journal::Journal& journal, int client_idx) {
  for (auto event = journal.events().rbegin(); event != journal.events().rend(); ++event) {
    if (event->kind != journal::Kind::stat) continue;
    const auto shown = journal::to_json(*event);
    if (shown.at("client") != client_idx) continue;
    return {{"stat", shown.at("code")}, {"why", shown.at("why")}, {"at", shown.at("t")}};
  }
  return nullptr;
}

json settings_of(const mqtt_backend::Config& config) {
  json settings{{"version", config.version},
                {"pdpcid", config.pdpcid},
                {"ssl", config.ssl},
                {"keepalive", config.keepalive},
                {"clean_session", config.clean_session},
                {"pkt_timeout", config.pkt_timeout},
                {"retry_times", config.retry_times},
                {"timeout_notice", config.timeout_notice},
                {"recv_mode", config.recv_mode},
                {"recv_len", config.recv_len},
                {"qmtping", config.qmtping},
                {"send_hex", config.format_send_hex},
                {"recv_hex", config.format_recv_hex},
                {"view", config.view},
                {"edit_timeout", config.edit_timeout},
                {"will", config.will.wanted}};
  if (config.ssl_ctx) settings["ssl_ctx"] = *config.ssl_ctx;
  return settings;
}

json timers_of(const mqtt_backend::Client& client) {
  auto timers = json::array();
  for (const auto& timer : client.timers()) {
    json shown{{"name", name_of(timer.name)}, {"left", journal::seconds(at::Time(timer.left))}};
    if (timer.msg_id != 0) shown["msg_id"] = timer.msg_id;
    timers.push_back(std::move(shown));
  }
  return timers;
}

/// The last thing of a boot that has come about.
std::string_view boot_step(const device::Power& power, const device::Sim& sim) {
  if (!power.is_on()) return "off";
  if (power.hangs()) return "hangs";
  if (!power.is_ready()) return "power";
  if (!power.is_functional()) return "ready";
  if (!sim.ready()) return "function";
  if (!sim.messages_ready()) return "sim";
  return sim.contacts_ready() ? "loaded" : "messages";
}

json clients_of(ControlledModem& modem) {
  auto clients = json::array();
  for (int i = 0; i < static_cast<int>(mqtt_backend::client_count); ++i) {
    auto& client = modem.modem().client(i);
    const bool idle = client.state() == mqtt_backend::ClientState::idle;
    json shown{{"client_idx", i},
               {"state", number_of(client.state())},
               {"state_name", name_of(client.state())},
               {"host", idle ? "" : client.endpoint().host},
               {"port", idle ? 0 : client.endpoint().port},
               {"tls", client.config().ssl},
               {"window", client.publishes_under_way()},
               {"slots", client.inbox().count()},
               {"timers", timers_of(client)},
               {"settings", settings_of(client.config())},
               {"last_down", last_down(modem.journal(), i)}};
    if (!idle && !client.security().version.empty()) {
      shown["tls_version"] = client.security().version;
      shown["tls_suite"] = client.security().suite;
    }
    clients.push_back(std::move(shown));
  }
  return clients;
}

json channels_of(const Modem& modem) {
  auto channels = json::array();
  modem.each_channel([&](const std::string& name, const at::Terminal& terminal) {
    channels.push_back({{"name", name},
                        {"mode", terminal.mode_name()},
                        {"echo", terminal.channel().echo},
                        {"line", terminal.line_begun()},
                        {"dtr", terminal.host_dtr()},
                        {"dcd", terminal.lines().dcd},
                        {"ri", terminal.lines().ri},
                        {"waiting_urcs", terminal.waiting_urcs()}});
  });
  return channels;
}

/// What comes next around the modem.
json planned_of(const device::Scenario& scenario) {
  auto planned = json::array();
  for (const auto& [at, each] : scenario.planned()) {
    if (planned.size() == most_planned_shown) break;
    auto shown = json::parse(each.text, nullptr, false);
    if (!shown.is_object()) shown = json::object();
    shown["at"] = journal::seconds(at::Time(at));
    planned.push_back(std::move(shown));
  }
  return planned;
}

json knobs_of(const cellular::Knobs& knobs) {
  json shown = json::object();
  for (const auto& row : cellular::knob_table) shown[std::string(row.name)] = knobs.get(row.knob);
  return shown;
}

/// The words for the values 0, 1, … of those that have some.
json knob_words() {
  json words = json::object();
  for (const auto& row : cellular::knob_table)
    if (!row.words.empty()) words[std::string(row.name)] = split_words(row.words, ',');
  return words;
}

/// As --latency has it.
json latency_of(const Modem& modem) {
  using cellular::Latency;
  const auto& mode = modem.settings().latency;
  if (const auto* fixed = std::get_if<Latency::Fixed>(&mode))
    return std::chrono::round<std::chrono::milliseconds>(fixed->delay).count();
  return std::holds_alternative<Latency::Typical>(mode) ? "typical" : "instant";
}

json counters_of(const journal::Journal& journal) {
  json counters = json::object();
  for (std::size_t i = 0; i < journal.counts().size(); ++i)
    counters[std::string(journal::name_of(static_cast<journal::Kind>(i)))] = journal.counts()[i];
  return counters;
}

}  // namespace

json time_of(const Pump& pump) {
  return {{"now", journal::seconds(pump.now())},
          {"scale", pump.scale()},
          {"paused", pump.paused()},
          {"skip", pump.skips()}};
}

json state_of(ControlledModem& modem) {
  auto& device = modem.modem().device();
  const auto& power = device.power();
  const auto scene = to_json(device.scenario().now());
  json files = json::array();
  for (const auto& [name, size] : modem.files()) files.push_back({{"name", name}, {"size", size}});
  return {{"name", modem.name()},
          {"model", modem.model()},
          {"imei", modem.imei()},
          {"power", modem.modem().asleep() ? "asleep"
                    : power.is_ready()     ? "on"
                    : power.is_on()        ? "booting"
                                           : "off"},
          {"boot_step", boot_step(power, device.sim())},
          {"function_level", power.level()},
          {"sim", device::Sim::name_of(device.sim().state())},
          {"registration", device::Network::name_of_stat(device.network().stat())},
          {"signal", scene.at("signal")},
          {"planned", planned_of(device.scenario())},
          {"planned_count", device.scenario().planned().size()},
          {"contexts", contexts_of(modem.modem())},
          {"clients", clients_of(modem)},
          {"sockets", sockets_of(modem.modem())},
          {"http", http_of(modem.modem())},
          {"ftp", ftp_of(modem.modem())},
          {"firmware", firmware_of(modem.modem())},
          {"data_call", data_call_of(modem.modem())},
          {"multiplexer", multiplexer_of(modem.modem())},
          {"channels", channels_of(modem.modem())},
          {"files", files},
          {"knobs", knobs_of(modem.knobs())},
          {"knob_defaults", knobs_of(cellular::Knobs{})},
          {"knob_words", knob_words()},
          {"latency", latency_of(modem.modem())},
          {"time", time_of(modem.pump())},
          {"counters", counters_of(modem.journal())}};
}

}  // namespace emulator::control
