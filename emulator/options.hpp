// The command line and the configuration file of eg91xq, checked. Owned by main.
#pragma once

#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"
#include "command_line/completion_tree.hpp"
#include "emulator/control/control_address.hpp"
#include "emulator/device/identity/identity.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/power/boot_times.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/lint/rule.hpp"
#include "net/egress.hpp"
#include "net/listen_place.hpp"
#include "net/resolve_rules.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace emulator {

/// `--file NAME=PATH`: a file of this machine under the name that it has in the module.
struct PreloadedFile {
  std::string name;
  std::string path;
};

struct Options {
  std::vector<std::string> ports{"pty"};
  const device::ModelProfile* model = &device::models[0];
  std::string demo_broker = "auto";
  std::optional<bool> demo_services;  // nothing: as the demo broker
  net::ResolveRules resolve;
  net::Egress egress;
  bool packets_everywhere = false;  // PPP reaches further than this machine
  net::ListenPlace listen_place;
  bool power_at_start = false;
  device::BootTimes boot = device::instant_boot;
  std::shared_ptr<const nlohmann::json> scenario_document{};  // of --scenario, checked
  std::vector<device::SceneChange> scenario;                  // of one modem
  bool pace = false;
  bool strict_line = false;
  int instance = 0;
  int count = 1;          // modems
  bool is_fleet = false;  // --count was given
  int threads = 1;        // that run them
  device::IdentityValues identity;
  device::SimCard card;
  cellular::Latency::Mode latency = cellular::Latency::Typical{};
  double time_scale = 1;
  std::size_t packet_cap = 256 * 1024;  // bytes
  std::optional<std::string> state_dir;
  std::vector<PreloadedFile> files;
  cellular::Knobs knobs;
  std::optional<std::string> ready_file;
  std::optional<control::ControlAddress> control;  // nothing: off
  std::string control_token;                       // empty: none is wanted
  std::string log_level = "warning";
  std::optional<std::string> trace;
  std::optional<std::string> capture;
  std::optional<std::string> journal;
  std::string faults;  // as JSON that does; empty: none
  std::optional<std::string> lint;
  lint::RuleSet lint_off;
  std::vector<std::string> fail_on;  // kinds of the journal
  std::optional<std::string> tls_keylog;
  bool describe = false;
  bool describe_faults = false;
  std::vector<std::string> command;

  [[nodiscard]] bool has_demo_services() const {
    return demo_services.value_or(demo_broker != "off");
  }
};

/// What main is to do at once: say something and end with this code.
struct EarlyExit {
  int code;
  std::string text;  // on standard output for code 0, else on standard error
};

constexpr int exit_usage = 2;
constexpr int exit_failed_on = 3;        // --fail-on: such an event came
constexpr int exit_internal_error = 70;  // EX_SOFTWARE of sysexits.h

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv);

/// The options as a shell completes them behind `words`.
std::vector<command_line::CompletedPlace> completed_options(const std::string& words);

}  // namespace emulator
