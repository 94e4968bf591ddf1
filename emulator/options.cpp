#include "emulator/options.hpp"

#include "codec/json_text.hpp"
#include "command_line/completion.hpp"
#include "command_line/nearest_option.hpp"
#include "command_line/one_line.hpp"
#include "emulator/fault_file.hpp"
#include "emulator/first_line.hpp"
#include "emulator/first_word.hpp"
#include "emulator/fleet_options.hpp"
#include "emulator/fleet_scenario.hpp"
#include "emulator/identity_options.hpp"
#include "emulator/pump.hpp"
#include "emulator/scenario_file.hpp"
#include "emulator/stores/regular_file.hpp"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace emulator {
namespace {

constexpr const char* footer = R"(
Behind '--' stands a program to run with MODEM_PORT, MODEM_BROKER_HOST and MODEM_BROKER_PORT in
its environment. Its exit code becomes ours.

Examples:
  eg91xq                                  a modem on a pseudo-terminal, with a demo broker
  eg91xq --port pty:/tmp/modem            ... with a name of your choice
  eg91xq --port tcp:5000 --port pty       two AT channels of one module
  eg91xq --port stdio                     your terminal is the port; Ctrl-] leaves
  eg91xq --count 100 --port tcp:5000+     a hundred modems at the ports 5000 to 5099
  eg91xq --latency instant -- ./my_tests  run a test suite against the modem
Another program looks at the modem, and breaks it, by --control: see 'eg91xq ctl --help'.
Updates for AT+QFOTADL are made by 'eg91xq fota-package'; see its --help. What this machine lacks for a
modem says 'eg91xq doctor'.
The name broker.demo leads to the demo broker: AT+QMTOPEN=0,"broker.demo",1883
and time.demo to a time server with the module's time: AT+QNTP=1,"time.demo"
http.demo and echo.demo lead to servers for first steps with HTTP and sockets)";

constexpr int max_latency_ms = 60000;
constexpr int max_count = 10000;
constexpr int max_threads = 64;
constexpr std::size_t min_packet_cap = 1024;
constexpr std::size_t max_packet_cap = 16 * 1024 * 1024;

/// Options as they stand on the command line, before they mean anything.
struct Raw {
  std::vector<std::string> ports;
  std::string model = "EG916Q";
  std::string power = "on-open";
  std::string boot = "instant";
  std::string pace = "off";
  std::string line = "free";
  std::optional<std::string> scenario;
  std::optional<std::string> faults;
  std::string latency = "typical";
  std::uint32_t seed = 1;
  std::vector<std::string> knobs;
  std::vector<std::string> files;
  std::optional<std::string> demo_services;
  std::vector<std::string> resolve;
  std::string internet = "all";
  bool internet_named = false;
  std::optional<std::string> listen_address;
  std::vector<std::string> lint_off;
  std::optional<std::string> control;
  std::optional<std::string> control_token;
  IdentityOptions identity{};
};

std::optional<int> whole_number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string check_latency(const std::string& text) {
  if (text == "typical" || text == "instant") return {};
  const auto ms = whole_number(text);
  if (ms && *ms >= 0 && *ms <= max_latency_ms) return {};
  return fmt::format("must be typical, instant or 0 to {} (milliseconds), not '{}'", max_latency_ms,
                     text);
}

std::string check_time_scale(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end == '\0' && value >= Pump::least_scale && value <= Pump::most_scale) return {};
  return fmt::format("must be 0.1 to 1000, not '{}'", text);
}

cellular::Latency::Mode latency_mode(const Raw& raw) {
  using cellular::Latency;
  if (raw.latency == "typical") return Latency::Typical{raw.seed};
  if (raw.latency == "instant") return Latency::Instant{};
  return Latency::Fixed{std::chrono::milliseconds(*whole_number(raw.latency))};
}

std::string check_readable(const std::string& path) {
  const auto wrong = unreadable(path);
  return wrong ? fmt::format("{}: cannot be read: {}", path, *wrong) : std::string();
}

void declare(CLI::App& app, Options& options, Raw& raw) {
  app.set_config("--config", "", "Read options from a file (name=value lines)")
      ->type_name("FILE")
      ->check(check_readable);
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_version_flag("--version", std::string("eg91xq ") + EG91XQ_VERSION);
  command_line::offer_completion(app, add_first_words);
  app.add_option("--port", raw.ports,
                 "Where the host talks to the modem: pty[:LINK], tcp:[HOST:]PORT,\n"
                 "serial:DEV[:BAUD] or stdio. Several are AT channels of one module;\n"
                 "URCs go to the first. Default: pty")
      ->type_name("PORT")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--count", options.count,
                 "So many modems in one program, modem0 and so on: each with its own identity\n"
                 "(from --instance on), ports (--port pty:/tmp/modem%d or tcp:5000+), state\n"
                 "(DIR/0, DIR/1, ...) and seed; one broker, one control interface")
      ->check(CLI::Range(1, max_count))
      ->each([&options](const std::string&) { options.is_fleet = true; })
      ->type_name("N");
  app.add_option("--threads", options.threads,
                 "So many threads share the modems of --count, neighbours together; what one\n"
                 "modem does does not depend on it")
      ->check(CLI::Range(1, max_threads))
      ->capture_default_str()
      ->type_name("T");
  app.add_option("--model", raw.model, "Which module to play")
      ->check(CLI::IsMember({"EG916Q", "EG915Q", "EG800Q"}))
      ->capture_default_str();
  app.add_option("--demo-broker", options.demo_broker,
                 "MQTT broker beside the modem: auto, off, or the path of a mosquitto")
      ->type_name("auto|off|PATH")
      ->capture_default_str();
  app.add_option("--demo-services", raw.demo_services,
                 "Servers called http.demo and echo.demo beside the modem: on, off;\n"
                 "without it they are there when the demo broker is not off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--resolve", raw.resolve,
                 "Where a name of the host's leads: every service of the module goes to HOST\n"
                 "instead. NAME * is every name; server names of TLS stay as they are")
      ->type_name("NAME[:PORT]=HOST[:PORT]")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--internet", raw.internet,
                 "How far the module's services reach: everywhere (all), or addresses of this\n"
                 "machine's loopback alone, without asking the system for names (loopback).\n"
                 "Packets of PPP go further than this machine only if all is given here")
      ->check(CLI::IsMember({"loopback", "all"}))
      ->each([&raw](const std::string&) { raw.internet_named = true; })
      ->capture_default_str();
  app.add_option("--listen-address", raw.listen_address,
                 "Where the module's TCP LISTENER and UDP SERVICE are on this machine:\n"
                 "one of its IPv4 addresses, or 0.0.0.0 for all. Default: 127.0.0.1")
      ->type_name("ADDRESS");
  app.add_option("--listen-port-offset", options.listen_place.port_offset,
                 "What is added to the ports at which the module listens, so that those\n"
                 "below 1024 need no privilege")
      ->check(CLI::Range(0, 65535))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--power", raw.power,
                 "Switch on when the first host opens a port (on-open), or at-start")
      ->check(CLI::IsMember({"on-open", "at-start"}))
      ->capture_default_str();
  raw.identity.declare(app);
  app.add_option(
         "--boot", raw.boot,
         "How long a start takes: no time (instant), or RDY after 3.3 s and so on (typical)")
      ->check(CLI::IsMember({"instant", "typical"}))
      ->capture_default_str();
  app.add_option("--scenario", raw.scenario,
                 "JSON file: operators, cell, signal, SIM, supply, and how they change over time")
      ->type_name("FILE");
  app.add_option("--pace", raw.pace, "Send at the rate of AT+IPR (on), or as fast as can be (off)")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  app.add_option("--line", raw.line,
                 "Pseudo-terminal at any rate (free), or only at that of AT+IPR (strict)")
      ->check(CLI::IsMember({"strict", "free"}))
      ->capture_default_str();
  app.add_option("--latency", raw.latency,
                 "Round trip of the cellular network: typical, instant, or milliseconds")
      ->type_name("typical|instant|MS")
      ->check(check_latency)
      ->capture_default_str();
  app.add_option("--seed", raw.seed, "Seed of the typical latency")->capture_default_str();
  app.add_option("--time-scale", options.time_scale,
                 "Virtual seconds in a real second, 0.1 to 1000")
      ->check(check_time_scale)
      ->type_name("X")
      ->capture_default_str();
  app.add_option("--packet-cap", options.packet_cap,
                 "Longest MQTT packet taken from a broker, in bytes; a longer one is +QMTSTAT: x,8")
      ->check(CLI::Range(min_packet_cap, max_packet_cap))
      ->type_name("BYTES")
      ->capture_default_str();
  app.add_option("--state-dir", options.state_dir,
                 "Keep the module's flash (AT&W, files) in this directory")
      ->type_name("DIR");
  app.add_option("--file", raw.files,
                 "Put the file PATH into the module's flash as NAME, in place of an older one")
      ->type_name("NAME=PATH")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--knob", raw.knobs,
                 "name=value: behaviour that the application note leaves open;\n"
                 "'list' prints them")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--ready-file", options.ready_file,
                 "Write this JSON file once the modem can be used")
      ->type_name("FILE");
  app.add_option("--control", raw.control,
                 "Serve the control interface (HTTP, JSON) here; on loopback unless HOST says\n"
                 "otherwise, port 0 takes a free one. Default: off")
      ->type_name("[HOST:]PORT|unix:PATH");
  app.add_option("--control-token", raw.control_token,
                 "Clients of --control have to know the first line of this file")
      ->type_name("FILE");
  app.add_option("--log-level", options.log_level, "What to say on standard error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->capture_default_str();
  app.add_option("--fail-on", options.fail_on,
                 "End with exit code 3 when an event of one of these kinds has come to the journal")
      ->delimiter(',')
      ->check(CLI::IsMember({"lint", "stat", "fault", "link", "urc", "prompt", "data", "client"}))
      ->type_name("KIND,...");
  app.add_option("--lint", options.lint,
                 "Write what the host did that a host must not to this file, as SARIF 2.1.0")
      ->type_name("FILE");
  app.add_option("--lint-off", raw.lint_off,
                 "Rules of the lint that say nothing; 'list' prints all of them")
      ->delimiter(',')
      ->type_name("RULE,...");
  app.add_option("--faults", raw.faults, "Set the faults that are listed in this file, as JSON")
      ->type_name("FILE");
  app.add_option("--journal", options.journal,
                 "Append what happens to the modem to this file, one JSON object a line")
      ->type_name("FILE");
  app.add_option("--trace", options.trace, "Write every byte to and from the host to this file")
      ->type_name("FILE");
  app.add_option("--capture", options.capture,
                 "Write what passes on the ports and the network to this file, for Wireshark")
      ->type_name("FILE.pcapng");
  app.add_option("--tls-keylog", options.tls_keylog,
                 "Write the secrets of TLS sessions to this file (SSLKEYLOGFILE), for Wireshark")
      ->type_name("FILE");
  app.add_flag("--describe", options.describe, "Print the command manual (Markdown)");
  app.add_flag("--describe-faults", options.describe_faults,
               "Print the reference of faults (Markdown)");
  app.footer(footer);
}

std::optional<std::string> apply_control(const Raw& raw, Options& options) {
  if (raw.control_token) {
    if (!raw.control) return "--control-token: there is no --control";
    auto token = first_line(*raw.control_token);
    if (!token)
      return fmt::format("--control-token {}: its first line has to be the token",
                         *raw.control_token);
    options.control_token = *std::move(token);
  }
  if (!raw.control) return std::nullopt;
  options.control = control::parse_control_address(*raw.control);
  if (!options.control)
    return fmt::format("--control {}: give it as [HOST:]PORT or unix:PATH", *raw.control);
  return std::nullopt;
}

std::optional<std::string> apply_listen(const Raw& raw, Options& options) {
  if (!raw.listen_address) return std::nullopt;
  boost::system::error_code wrong;
  auto& address = options.listen_place.address;
  address = boost::asio::ip::make_address_v4(*raw.listen_address, wrong);
  if (wrong)
    return fmt::format("--listen-address: must be an IPv4 address, not '{}'", *raw.listen_address);
  if (raw.internet == "loopback" && !address.is_loopback())
    return fmt::format("--listen-address {}: --internet loopback keeps the module to the loopback",
                       *raw.listen_address);
  if (const auto refusal = options.listen_place.refusal())
    return fmt::format("--listen-address {}: {}", *raw.listen_address, *refusal);
  return std::nullopt;
}

std::optional<std::string> apply_lint(const Raw& raw, Options& options) {
  for (const auto& id : raw.lint_off) {
    const auto rule = lint::find_rule(id);
    if (!rule)
      return fmt::format("--lint-off {}: there is no such rule; did you mean {}?", id,
                         lint::nearest_rule(id));
    options.lint_off.add(*rule);
  }
  return std::nullopt;
}

/// Every event is looked at, whichever modems it is for.
std::optional<std::string> read_scenario(const std::string& path, Options& options) {
  const auto file = read_regular_file(path, max_scenario_bytes);
  if (!file.content) return fmt::format("cannot be read: {}", file.wrong);
  auto document = codec::parse_json(*file.content);
  if (document.is_discarded()) return "it " + codec::why_no_json(*file.content);
  const auto mine = scenario_of(document, {0, options.count});
  if (const auto* wrong = std::get_if<ScenarioRefusal>(&mine)) return wrong->text();
  const auto read = parse_scenario(scenario_of_all(document), device::home_scene(*options.model));
  if (const auto* wrong = std::get_if<ScenarioRefusal>(&read)) return wrong->text();
  options.scenario_document = std::make_shared<const nlohmann::json>(std::move(document));
  return std::nullopt;
}

std::optional<std::string> apply(const Raw& raw, Options& options) {
  if (!raw.ports.empty()) options.ports = raw.ports;
  options.model = device::find_model(raw.model);
  options.power_at_start = raw.power == "at-start";
  if (auto wrong = raw.identity.apply(options)) return wrong;
  if (auto wrong = apply_control(raw, options)) return wrong;
  if (auto wrong = apply_lint(raw, options)) return wrong;
  options.boot = raw.boot == "typical" ? device::typical_boot : device::instant_boot;
  if (raw.demo_services) options.demo_services = raw.demo_services == "on";
  options.pace = raw.pace == "on";
  options.strict_line = raw.line == "strict";
  options.latency = latency_mode(raw);
  if (raw.scenario) {
    if (auto wrong = read_scenario(*raw.scenario, options))
      return fmt::format("--scenario {}: {}", *raw.scenario, *wrong);
  }
  if (raw.faults) {
    if (auto wrong = read_fault_file(*raw.faults, options.faults))
      return fmt::format("--faults {}: {}", *raw.faults, *wrong);
  }
  if (auto wrong = complaint_about_fleet(options)) return wrong;
  for (const auto& file : raw.files) {
    const auto sign = file.find('=');
    if (sign == std::string::npos || sign + 1 == file.size())
      return fmt::format("--file {}: give it as NAME=PATH", file);
    options.files.push_back({file.substr(0, sign), file.substr(sign + 1)});
  }
  for (const auto& rule : raw.resolve)
    if (!options.resolve.add(rule))
      return fmt::format("--resolve {}: give it as NAME[:PORT]=HOST[:PORT]", rule);
  options.packets_everywhere = raw.internet_named && raw.internet == "all";
  if (raw.internet == "loopback") options.egress = net::Egress(net::Egress::Extent::loopback);
  if (auto wrong = apply_listen(raw, options)) return wrong;
  for (const auto& knob : raw.knobs)
    if (auto wrong = options.knobs.set(knob)) return wrong;
  return std::nullopt;
}

EarlyExit refusal(const std::string& what) {
  return {exit_usage, fmt::format("eg91xq: {}\n", command_line::one_line(what))};
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app{"eg91xq: a Quectel EG91xQ modem that is not there", "eg91xq"};
  declare(app, options, raw);
  const auto* const end = argv + argc;
  const auto* const separator =
      std::find_if(argv, end, [](const char* word) { return std::string_view(word) == "--"; });
  if (separator != end) {
    options.command.assign(separator + 1, end);
    if (options.command.empty()) return refusal("no command behind '--'");
  }
  try {
    app.parse(static_cast<int>(separator - argv), argv);
  } catch (const CLI::Success& done) {
    std::ostringstream out;
    app.exit(done, out, out);
    return EarlyExit{0, out.str()};
  } catch (const CLI::ParseError& error) {
    return refusal(command_line::complaint(app, error));
  }
  if (std::find(raw.knobs.begin(), raw.knobs.end(), "list") != raw.knobs.end())
    return EarlyExit{0, cellular::Knobs::list()};
  if (std::find(raw.lint_off.begin(), raw.lint_off.end(), "list") != raw.lint_off.end())
    return EarlyExit{0, lint::rule_list()};
  if (const auto wrong = apply(raw, options)) return refusal(*wrong);
  return options;
}

std::vector<command_line::CompletedPlace> completed_options(const std::string& words) {
  CLI::App app;
  Options options;
  Raw raw;
  declare(app, options, raw);
  return command_line::completed_places(app, words);
}

}  // namespace emulator
