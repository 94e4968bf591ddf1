// The part of the Emulator that tells others where its modems are: standard output, the ready file,
// and the environment of the command behind `--`.
#include "command_line/process_start.hpp"
#include "emulator/control/control.hpp"
#include "emulator/demo/known_names.hpp"
#include "emulator/emulator.hpp"
#include "emulator/log.hpp"
#include "emulator/stores/whole_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

std::string how_to_open(const pty::HostPort& port) {
  if (port.kind() == "pty") return fmt::format("  # picocom {}", port.address());
  if (port.kind() == "tcp") return fmt::format("  # socat -,rawer tcp:{}", port.address());
  if (port.kind() == "stdio") return "  # Ctrl-] leaves";
  return {};
}

}  // namespace

void Emulator::say_ready() {
  if (const auto error = write_ready_file()) {
    complain(fmt::format("--ready-file {}: {}", *options_.ready_file, *error));
    stop(exit_usage);
    return;
  }
  if (control_)
    if (const auto error = registration_.enter(control_->address()))
      spdlog::warn("eg91xq ctl will not find this modem by itself: {}", *error);
  ready_ = true;
  bool stdout_is_taken = !options_.command.empty();
  for (const auto* port : ports()) stdout_is_taken |= port->kind() == "stdio";
  const auto text = ready_lines(stdout_is_taken ? "\r\n" : "\n");
  if (stdout_is_taken) {
    say_error(text);
  } else if (!command_line::print(text)) {
    spdlog::warn("standard output: {}", std::generic_category().message(errno));
  }
  if (!options_.command.empty()) run_command();
}

std::string Emulator::ready_lines(const char* end) const {
  std::string text;
  // Of many the ready file is the list.
  constexpr std::size_t most_lines = 16;
  const auto open = ports();
  for (std::size_t i = 0; i < std::min(open.size(), most_lines); ++i)
    text += fmt::format("port {} {}{}{}", open[i]->kind(), open[i]->address(),
                        how_to_open(*open[i]), end);
  if (open.size() > most_lines) text += fmt::format("ports {} in all{}", open.size(), end);
  if (broker_port_ != 0)
    text += fmt::format("broker {}:{}  # AT+QMTOPEN=0,\"{}\",{} leads there{}", demo::loopback,
                        broker_port_, demo::broker_name, demo::mqtt_port, end);
  else
    text += fmt::format("broker none{}", end);
  for (const auto& service : services_.list()) {
    text += fmt::format("{} {}:{}  # {}:{} leads there", service.name, demo::loopback, service.port,
                        service.host_name, service.known_port);
    if (service.tls_port != 0)
      text += fmt::format(", {}:{} with TLS to port {}", service.host_name, service.known_tls_port,
                          service.tls_port);
    text += end;
  }
  if (control_ && control_->address().starts_with("http"))
    text += fmt::format("page {}/{}", control_->address(), end);
  if (control_) text += fmt::format("control {}{}", control_->address(), end);
  return text + fmt::format("ready{}", end);
}

std::optional<std::string> Emulator::write_ready_file() const {
  if (!options_.ready_file) return std::nullopt;
  auto open = nlohmann::json::array();
  auto modems = nlohmann::json::array();
  for (const auto& unit : units_) {
    auto own = nlohmann::json::array();
    for (const auto& wire : unit->wires())
      own.push_back({{"kind", wire->port().kind()}, {"path", wire->port().address()}});
    for (auto port : own) {
      if (options_.is_fleet) port["modem"] = unit->name();
      open.push_back(std::move(port));
    }
    modems.push_back({{"name", unit->name()}, {"imei", unit->imei()}, {"ports", std::move(own)}});
  }
  nlohmann::json ready{{"pid", ::getpid()},
                       {"ports", std::move(open)},
                       {"modems", std::move(modems)},
                       {"broker", nullptr}};
  if (broker_port_ != 0) ready["broker"] = {{"host", demo::loopback}, {"port", broker_port_}};
  if (!ca_path_.empty())
    ready["broker"].update({{"tls_port", tls_front_.port()},
                            {"mtls_port", tls_front_.mutual_port()},
                            {"ca", ca_path_}});
  ready["services"] = nlohmann::json::object();
  if (time_port_ != 0) ready["services"]["time"] = {{"host", demo::loopback}, {"port", time_port_}};
  for (const auto& service : services_.list()) {
    auto& told = ready["services"][service.name];
    told = {{"host", demo::loopback}, {"port", service.port}};
    if (service.tls_port != 0) told["tls_port"] = service.tls_port;
  }
#ifdef EG91XQ_SLIRP
  namespace ppp = data_services::ppp;
  const auto& course = unit_options_.front().scenario;
  const bool begins_there = !course.empty() && course.front().at == at::Duration::zero();
  const auto scene = begins_there ? course.front().scene : device::Scene{};
  const auto address = ppp::parse_address(scene.host_address);
  if (address) ready["ppp"] = {{"host_alias", ppp::to_text(ppp::alias_for(*address))}};
#endif
  if (control_) ready["control"] = control_->address();
  constexpr auto keep_going = nlohmann::json::error_handler_t::replace;
  return write_whole_file(*options_.ready_file, ready.dump(-1, ' ', false, keep_going) + '\n',
                          {.for_everybody = true});
}

/// Of each modem, with commas between.
std::string Emulator::first_ports() const {
  std::string list;
  for (const auto& unit : units_)
    list += fmt::format("{}{}", list.empty() ? "" : ",", unit->wires().front()->port().address());
  return list;
}

void Emulator::run_command() {
  Child::Environment environment = for_command_;
  environment.emplace_back("MODEM_PORT", ports().front()->address());
  environment.emplace_back("MODEM_PORTS", first_ports());
  if (broker_port_ != 0) {
    environment.emplace_back("MODEM_BROKER_HOST", demo::loopback);
    environment.emplace_back("MODEM_BROKER_PORT", std::to_string(broker_port_));
  }
  if (!ca_path_.empty()) {
    environment.emplace_back("MODEM_BROKER_TLS_PORT", std::to_string(tls_front_.port()));
    environment.emplace_back("MODEM_BROKER_MTLS_PORT", std::to_string(tls_front_.mutual_port()));
    environment.emplace_back("MODEM_BROKER_CA", ca_path_);
  }
  if (control_) environment.emplace_back("MODEM_CONTROL", control_->address());
  child_.start(options_.command, std::move(environment), [this](int code) { stop(code); });
}

}  // namespace emulator
