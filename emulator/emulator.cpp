#include "emulator/emulator.hpp"

#include "command_line/process_start.hpp"
#include "emulator/control/control.hpp"
#include "emulator/log.hpp"
#include "emulator/startup_memory.hpp"
#include "emulator/stores/whole_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

constexpr std::string_view demo_name = "broker.demo";
constexpr std::string_view loopback = "127.0.0.1";
constexpr std::uint16_t mqtt_port = 1883;
constexpr std::uint16_t mqtts_port = 8883;
constexpr std::uint16_t mutual_port = 8884;
constexpr std::string_view demo_time_name = "time.demo";
constexpr std::uint16_t ntp_port = 123;
constexpr std::chrono::milliseconds child_grace{2000};
std::int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string how_to_open(const pty::HostPort& port) {
  if (port.kind() == "pty") return fmt::format("  # picocom {}", port.address());
  if (port.kind() == "tcp") return fmt::format("  # socat -,rawer tcp:{}", port.address());
  if (port.kind() == "stdio") return "  # Ctrl-] leaves";
  return {};
}

}  // namespace

Emulator::Emulator(Options options, Child::Environment for_command)
    : options_(std::move(options)),
      for_command_(std::move(for_command)),
      loop_(io_, [this](const std::string& what) { fail(what); }),
      signals_(io_, SIGINT, SIGTERM, SIGHUP),
      real_time_(io_),
      pump_(real_time_, timeline_, options_.time_scale),
      unix_ms_at_start_(unix_ms()),
      time_server_(io_, [this] { return world_unix_ms(); }),
      paho_(io_),
      broker_(io_, {options_.demo_broker, std::nullopt}),
      tls_front_(io_),
      services_(io_),
      child_(io_) {}

Emulator::~Emulator() { close_all(); }

int Emulator::run() {
  boost::asio::post(io_, [this] {
    if (const auto error = set_up()) {
      say_error(fmt::format("eg91xq: {}\n", *error));
      return stop(exit_usage);
    }
    signals_.async_wait([this](boost::system::error_code error, int) {
      if (!error) stop(0);
    });
    broker_.start([this](const DemoBroker::Result& result) {
      broker_result_ = result;
      go_on();
    });
    // While the broker starts. Posted, so that it begins first.
    boost::asio::post(io_, [this] { start_tls(); });
  });
  loop_.run();
  return exit_code_ == 0 && failed_on_ ? exit_failed_on : exit_code_;
}

std::optional<std::string> Emulator::set_up() {
  if (options_.trace)
    if (auto error = trace_.open(*options_.trace)) return error;
  if (options_.capture) {
    if (auto error = capture_.open(*options_.capture)) return error;
    if (auto error = shared_with_capture()) return error;
    trace_.show(capture_);
  }
  if (options_.journal)
    if (auto error = journal_.open(*options_.journal, "journal")) return error;
  if (options_.lint)
    if (auto error = lint_.open(*options_.lint,
                                {EG91XQ_VERSION, options_.lint_off, options_.journal.value_or("")}))
      return error;
  if (auto error = open_key_log()) return error;
  if (auto error = open_units()) return error;
  return options_.control ? start_control() : std::nullopt;
}

/// Blocks and lines spoil each other.
std::optional<std::string> Emulator::shared_with_capture() const {
  using Other = std::pair<const char*, std::optional<std::string>>;
  for (const auto& [name, path] :
       {Other{"--trace", options_.trace}, Other{"--journal", options_.journal},
        Other{"--lint", options_.lint}, Other{"--tls-keylog", options_.tls_keylog},
        Other{"--ready-file", options_.ready_file}}) {
    std::error_code unknown;
    if (path && (*path == *options_.capture ||
                 (std::filesystem::is_regular_file(*path, unknown) &&
                  std::filesystem::equivalent(*path, *options_.capture, unknown))))
      return fmt::format("--capture and {} are the same file", name);
  }
  return std::nullopt;
}

std::optional<std::string> Emulator::start_control() {
  control_ = std::make_unique<control::Control>(io_, *this, options_.control_token);
  return control_->start(*options_.control);
}

std::vector<control::ControlledModem*> Emulator::modems() const {
  std::vector<control::ControlledModem*> modems;
  for (const auto& unit : units_) modems.push_back(unit.get());
  return modems;
}

std::optional<std::string> Emulator::open_units() {
  units_.push_back(
      std::make_unique<Unit>(options_, std::string(),
                             Unit::Shared{io_, loop_, timeline_, pump_, paho_, trace_, capture_,
                                          journal_, lint_, key_log_, unix_ms_at_start_},
                             Unit::Events{[this] { stop(0); },
                                          [this](const std::string& why) {
                                            say_error(fmt::format("eg91xq: {}\n", why));
                                            stop(exit_internal_error);
                                          },
                                          [this] { failed_on_ = true; }}));
  for (auto& unit : units_)
    if (auto error = unit->open()) return error;
  return std::nullopt;
}

std::vector<const pty::HostPort*> Emulator::ports() const {
  std::vector<const pty::HostPort*> ports;
  for (const auto& unit : units_)
    for (const auto& wire : unit->wires()) ports.push_back(&wire->port());
  return ports;
}

std::optional<std::string> Emulator::open_key_log() {
  const auto warn_of = [](const std::string& path) {
    spdlog::warn("{} will hold the keys of every TLS session: who reads it reads them all", path);
  };
  if (options_.tls_keylog) {
    auto opened = ssl_ctx::TlsKeyLog::open(*options_.tls_keylog);
    if (const auto* error = std::get_if<std::string>(&opened)) return *error;
    key_log_ = std::move(std::get<std::shared_ptr<ssl_ctx::TlsKeyLog>>(opened));
    warn_of(*options_.tls_keylog);
  }
  if (options_.capture) {
    if (!key_log_) key_log_ = ssl_ctx::TlsKeyLog::without_file();
    key_log_->show([this](std::string_view line) { capture_.secret(line); });
    warn_of(*options_.capture);
  }
  return std::nullopt;
}

/// Once the broker and TLS in front of it have begun, or cannot.
void Emulator::go_on() {
  if (!broker_result_ || !tls_started_ || stopping_ || ready_) return;
  const auto& result = *broker_result_;
  if (!result.error.empty() && options_.demo_broker != "auto") {
    say_error(fmt::format("eg91xq: --demo-broker: {}\n", result.error));
    return stop(exit_usage);
  }
  if (!result.error.empty()) spdlog::warn("no demo broker: {}", result.error);
  broker_port_ = result.port;
  publish_tls();
  start_clock();
  start_services();
  for (auto& unit : units_) unit->start(demo_names());
  say_ready();
  // Else the first QMTCONN would wait 100 ms for the MQTT library's threads.
  boost::asio::post(io_, [this] {
    paho_.warm_up();
    release_startup_memory();
  });
}

void Emulator::start_tls() {
  if (stopping_) return;
  const bool for_broker =
      options_.demo_broker != "off" && (!broker_result_ || broker_result_->error.empty());
  const bool wanted = for_broker || options_.has_demo_services();
  if (wanted) return tls_front_.start([this](const auto& wrong) { tls_started(wrong); });
  tls_started_ = true;
  go_on();
}

void Emulator::tls_started(const std::optional<std::string>& wrong) {
  tls_started_ = true;
  if (wrong) {
    spdlog::warn("no TLS for the demo: {}", *wrong);
  } else {
    const auto& pem = tls_front_.pem();
    for (auto& unit : units_) {
      unit->offer_file("demo_ca.pem", pem.authority);
      unit->offer_file("demo_client.pem", pem.client);
      unit->offer_file("demo_client.key", pem.client_key);
    }
  }
  go_on();
}

/// Once the broker is there, its directory is too.
void Emulator::publish_tls() {
  if (broker_port_ == 0 || tls_front_.port() == 0) return tls_front_.stop();
  tls_front_.lead_to(broker_port_);
  const auto path = (broker_.directory() / "ca.pem").string();
  if (const auto error = write_whole_file(path, tls_front_.pem().authority)) {
    spdlog::warn("no TLS for the demo broker: {}: {}", path, *error);
    return tls_front_.stop();
  }
  ca_path_ = path;
}

void Emulator::start_clock() {
  if (options_.demo_broker == "off") return;
  boost::system::error_code error;
  time_port_ = time_server_.start(error);
  if (time_port_ == 0) spdlog::warn("no demo time server: {}", error.message());
}

void Emulator::start_services() {
  if (options_.has_demo_services()) services_.start(tls_front_.pem().whole);
}

/// The time of the world around the modems, which goes with their time scale.
std::int64_t Emulator::world_unix_ms() {
  pump_.run([] {});
  const auto passed = timeline_.now().time_since_epoch();
  return unix_ms_at_start_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

std::vector<Unit::DemoName> Emulator::demo_names() const {
  std::vector<Unit::DemoName> names;
  if (time_port_ != 0) names.push_back({std::string(demo_time_name), {{ntp_port, time_port_}}});
  for (const auto& service : services_.list()) {
    Unit::DemoName name{service.host_name, {{service.known_port, service.port}}};
    if (service.tls_port != 0) name.ports[service.known_tls_port] = service.tls_port;
    names.push_back(std::move(name));
  }
  if (broker_port_ == 0) return names;
  Unit::DemoName broker{std::string(demo_name), {{mqtt_port, broker_port_}}};
  if (!ca_path_.empty()) {
    broker.ports[mqtts_port] = tls_front_.port();
    broker.ports[mutual_port] = tls_front_.mutual_port();
  }
  names.push_back(std::move(broker));
  return names;
}

void Emulator::say_ready() {
  if (const auto error = write_ready_file()) {
    say_error(fmt::format("eg91xq: --ready-file {}: {}\n", *options_.ready_file, *error));
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
  for (const auto* port : ports())
    text += fmt::format("port {} {}{}{}", port->kind(), port->address(), how_to_open(*port), end);
  if (broker_port_ != 0)
    text += fmt::format("broker {}:{}  # AT+QMTOPEN=0,\"{}\",{} leads there{}", loopback,
                        broker_port_, demo_name, mqtt_port, end);
  else
    text += fmt::format("broker none{}", end);
  for (const auto& service : services_.list()) {
    text += fmt::format("{} {}:{}  # {}:{} leads there", service.name, loopback, service.port,
                        service.host_name, service.known_port);
    if (service.tls_port != 0)
      text += fmt::format(", {}:{} with TLS to port {}", service.host_name, service.known_tls_port,
                          service.tls_port);
    text += end;
  }
  if (control_) text += fmt::format("control {}{}", control_->address(), end);
  return text + fmt::format("ready{}", end);
}

std::optional<std::string> Emulator::write_ready_file() const {
  if (!options_.ready_file) return std::nullopt;
  nlohmann::json open = nlohmann::json::array();
  for (const auto* port : ports())
    open.push_back({{"kind", port->kind()}, {"path", port->address()}});
  nlohmann::json ready{{"pid", ::getpid()}, {"ports", std::move(open)}, {"broker", nullptr}};
  if (broker_port_ != 0) ready["broker"] = {{"host", loopback}, {"port", broker_port_}};
  if (!ca_path_.empty())
    ready["broker"].update({{"tls_port", tls_front_.port()},
                            {"mtls_port", tls_front_.mutual_port()},
                            {"ca", ca_path_}});
  ready["services"] = nlohmann::json::object();
  if (time_port_ != 0) ready["services"]["time"] = {{"host", loopback}, {"port", time_port_}};
  for (const auto& service : services_.list()) {
    auto& told = ready["services"][service.name];
    told = {{"host", loopback}, {"port", service.port}};
    if (service.tls_port != 0) told["tls_port"] = service.tls_port;
  }
#ifdef EG91XQ_SLIRP
  namespace ppp = data_services::ppp;
  const auto& course = options_.scenario;
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

void Emulator::run_command() {
  Child::Environment environment = for_command_;
  environment.emplace_back("MODEM_PORT", ports().front()->address());
  if (broker_port_ != 0) {
    environment.emplace_back("MODEM_BROKER_HOST", loopback);
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

void Emulator::stop(int exit_code) {
  if (stopping_) return;
  if (!failed_) exit_code_ = exit_code;
  if (child_.running()) {
    child_.stop(child_grace);
    return;
  }
  close_all();
  io_.stop();
}

/// The second time there is no waiting for a command to end.
void Emulator::fail(const std::string& what) {
  say_error(fmt::format("eg91xq: {}: {}\n", ready_ ? "internal error" : "cannot start", what));
  exit_code_ = ready_ ? exit_internal_error : exit_usage;
  if (!std::exchange(failed_, true)) return stop(exit_code_);
  close_all();
  io_.stop();
}

void Emulator::close_all() {
  if (std::exchange(stopping_, true)) return;
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  if (!failed_)
    for (auto& unit : units_) unit->end_lint();
  pump_.stop();
  registration_.leave();
  if (control_) control_->stop();
  for (auto& unit : units_) unit->stop();
  tls_front_.stop();
  services_.stop();
  broker_.stop();
  time_server_.stop();
  trace_.flush();
  capture_.flush();
  journal_.flush();
  if (const auto error = lint_.finish(!failed_)) say_error(fmt::format("eg91xq: {}\n", *error));
  if (options_.ready_file && ready_) ::unlink(options_.ready_file->c_str());
}

}  // namespace emulator
