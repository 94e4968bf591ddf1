#include "emulator/emulator.hpp"

#include "emulator/pumped_link.hpp"
#include "emulator/stores/whole_file.hpp"
#include "mqtt_backend/link/link_paho.hpp"
#include "pty/open_port.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
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
constexpr std::string_view demo_time_name = "time.demo";
constexpr std::uint16_t ntp_port = 123;
constexpr std::chrono::milliseconds child_grace{2000};
constexpr std::size_t max_channels = 4;
constexpr std::array<std::string_view, max_channels> channel_names{"uart1", "usbat", "usbmodem",
                                                                   "uart2"};

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

Emulator::Emulator(Options options, Variables for_command)
    : options_(std::move(options)),
      for_command_(std::move(for_command)),
      loop_(io_, [this](const std::string& what) { fail(what); }),
      signals_(io_, SIGINT, SIGTERM, SIGHUP),
      pump_(io_, timeline_, options_.time_scale),
      resolver_(std::make_shared<net::Resolver>(io_)),
      internet_(io_, resolver_, [this](const std::function<void()>& answer) { pump_.run(answer); }),
      time_server_(io_, [this] { return world_unix_ms(); }),
      paho_(io_),
      broker_(io_, {options_.demo_broker, std::nullopt}),
      child_(io_),
      unix_ms_at_start_(unix_ms()) {
  resolver_->rules() = options_.resolve;
}

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
    broker_.start([this](const DemoBroker::Result& result) { broker_started(result); });
  });
  loop_.run();
  return exit_code_;
}

std::optional<std::string> Emulator::set_up() {
  if (options_.state_dir)
    if (auto error = flash_.open(*options_.state_dir, disk_)) return error;
  if (auto error = open_files()) return error;
  if (options_.trace)
    if (auto error = trace_.open(*options_.trace)) return error;
  if (auto error = open_key_log()) return error;
  return open_ports();
}

std::optional<std::string> Emulator::open_files() {
  if (auto error = files_.open(options_.state_dir, disk_)) return error;
  for (const auto& file : options_.files)
    if (auto error = files_.preload(file.name, file.path)) return error;
  return std::nullopt;
}

std::optional<std::string> Emulator::open_key_log() {
  if (!options_.tls_keylog) return std::nullopt;
  auto opened = ssl_ctx::TlsKeyLog::open(*options_.tls_keylog);
  if (const auto* error = std::get_if<std::string>(&opened)) return *error;
  key_log_ = std::move(std::get<std::shared_ptr<ssl_ctx::TlsKeyLog>>(opened));
  spdlog::warn("{} will hold the keys of every TLS session: who reads it reads them all",
               *options_.tls_keylog);
  return std::nullopt;
}

std::optional<std::string> Emulator::open_ports() {
  if (options_.ports.size() > max_channels)
    return fmt::format("--port: at most {} ports", max_channels);
  if (std::count(options_.ports.begin(), options_.ports.end(), "stdio") > 1)
    return "--port: stdio can be given once";
  for (std::size_t i = 0; i < options_.ports.size(); ++i)
    if (auto error = open_port(i)) return error;
  const auto has_line = [](const auto& wire) {
    return wire->port->kind() == "pty" || wire->port->kind() == "serial";
  };
  if (options_.strict_line && std::none_of(wires_.begin(), wires_.end(), has_line))
    return "--line strict: none of the ports has a rate; it is for pty and serial";
  return std::nullopt;
}

std::optional<std::string> Emulator::open_port(std::size_t index) {
  auto opened = pty::open_port(io_, options_.ports[index]);
  if (const auto* error = std::get_if<pty::SpecError>(&opened)) return error->text;
  wires_.push_back(
      std::make_unique<Wire>(std::move(std::get<std::unique_ptr<pty::HostPort>>(opened)),
                             std::string(channel_names[index]), trace_));
  auto& wire = *wires_.back();
  if (options_.strict_line && wire.port->kind() == "pty") {
    wire.port->watch_line();
    wire.rate.emplace(*wire.port);
  }
  if (options_.pace) wire.pace.emplace(timeline_, wire.line());
  return std::nullopt;
}

void Emulator::broker_started(const DemoBroker::Result& result) {
  if (!result.error.empty()) spdlog::warn("no demo broker: {}", result.error);
  broker_port_ = result.port;
  name_demo_services(result.port);
  make_modem();
  for (auto& wire : wires_) serve(*wire);
  if (options_.power_at_start) pump_.run([this] { modem_->power_on(); });
  say_ready();
  // Else the first QMTCONN would wait 100 ms for the MQTT library's threads.
  boost::asio::post(io_, [this] { paho_.warm_up(); });
}

// What the user has rules for is not ours to name.
void Emulator::name_demo_services(std::uint16_t broker_port) {
  auto& rules = resolver_->rules();
  const auto name = [&](std::string_view host, std::uint16_t port, std::uint16_t leads_to) {
    if (leads_to == 0 || options_.resolve.has(host)) return;
    rules.add(fmt::format("{}={}", host, loopback));
    rules.add(fmt::format("{}:{}={}:{}", host, port, loopback, leads_to));
  };
  name(demo_name, mqtt_port, broker_port);
  if (options_.demo_broker == "off") return;
  const auto time_port = time_server_.start();
  if (time_port == 0) spdlog::warn("no demo time server: no port can be had");
  name(demo_time_name, ntp_port, time_port);
}

/// The time of the world around the modem, which goes with its time scale.
std::int64_t Emulator::world_unix_ms() {
  pump_.run([] {});
  const auto passed = timeline_.now().time_since_epoch();
  return unix_ms_at_start_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

Modem::Settings Emulator::modem_settings() const {
  Modem::Settings settings;
  settings.device.model = options_.model;
  settings.device.identity = options_.identity;
  settings.device.card = options_.card;
  settings.device.boot = options_.boot;
  settings.device.scenario = options_.scenario;
  settings.device.unix_ms_at_start = unix_ms_at_start_;
  settings.knobs = options_.knobs;
  settings.latency = options_.latency;
  settings.time_scale = options_.time_scale;
  return settings;
}

void Emulator::make_modem() {
  mqtt_backend::LinkOptions link_options;
  link_options.packet_cap = options_.packet_cap;
  link_options.dialer.resolver = resolver_;
  link_options.dialer.tls = {options_.knobs.is_set(cellular::Knob::tls13), key_log_};
  const auto traffic = link_options.dialer.traffic;
  modem_ = std::make_unique<Modem>(
      modem_settings(),
      Modem::World{timeline_, log_, flash_, flash_, files_, internet_,
                   [this, link_options](int) {
                     return std::make_unique<PumpedLink>(
                         pump_, std::make_unique<mqtt_backend::LinkPaho>(paho_, link_options));
                   },
                   [traffic] { return *traffic; }});
}

void Emulator::serve(Wire& wire) {
  auto& terminal = modem_->add_channel(wire.name, wire, trace_.active() ? &wire.observer : nullptr);
  const bool ends_with_port = wire.port->kind() == "stdio";
  pty::HostPort::Events events;
  events.received = [this, &terminal, &wire](std::string_view bytes) {
    loop_.heard(&wire);
    pump_.run(
        [&] { terminal.receive(wire.rate ? wire.rate->received(bytes) : std::string(bytes)); });
  };
  events.opened = [this] { pump_.run([this] { modem_->power_on(); }); };
  events.closed = [this, &terminal, ends_with_port] {
    pump_.run([&] { terminal.host_left(); });
    if (ends_with_port) stop(0);
  };
  events.quit = [this] { stop(0); };
  events.failed = [this, &wire](const std::string& why) {
    say_error(fmt::format("eg91xq: port {} is lost: {}\n", wire.port->address(), why));
    stop(exit_internal_error);
  };
  wire.port->start(std::move(events));
}

void Emulator::say_ready() {
  if (const auto error = write_ready_file()) {
    say_error(fmt::format("eg91xq: --ready-file {}: {}\n", *options_.ready_file, *error));
    stop(exit_usage);
    return;
  }
  bool stdout_is_taken = !options_.command.empty();
  for (const auto& wire : wires_) stdout_is_taken |= wire->port->kind() == "stdio";
  const char* end = stdout_is_taken ? "\r\n" : "\n";
  std::string text;
  for (const auto& wire : wires_)
    text += fmt::format("port {} {}{}{}", wire->port->kind(), wire->port->address(),
                        how_to_open(*wire->port), end);
  if (broker_port_ != 0)
    text += fmt::format("broker {}:{}  # AT+QMTOPEN=0,\"{}\",{} leads there{}", loopback,
                        broker_port_, demo_name, mqtt_port, end);
  else
    text += fmt::format("broker none{}", end);
  text += fmt::format("ready{}", end);
  if (stdout_is_taken) {
    say_error(text);
  } else if (!print(text)) {
    spdlog::warn("standard output: {}", std::generic_category().message(errno));
  }
  ready_ = true;
  if (!options_.command.empty()) run_command();
}

std::optional<std::string> Emulator::write_ready_file() const {
  if (!options_.ready_file) return std::nullopt;
  nlohmann::json ports = nlohmann::json::array();
  for (const auto& wire : wires_)
    ports.push_back({{"kind", wire->port->kind()}, {"path", wire->port->address()}});
  nlohmann::json ready{{"pid", ::getpid()}, {"ports", std::move(ports)}, {"broker", nullptr}};
  if (broker_port_ != 0) ready["broker"] = {{"host", loopback}, {"port", broker_port_}};
  constexpr auto keep_going = nlohmann::json::error_handler_t::replace;
  return write_whole_file(*options_.ready_file, ready.dump(-1, ' ', false, keep_going) + '\n',
                          {.for_everybody = true});
}

void Emulator::run_command() {
  Child::Environment environment = for_command_;
  environment.emplace_back("MODEM_PORT", wires_.front()->port->address());
  if (broker_port_ != 0) {
    environment.emplace_back("MODEM_BROKER_HOST", loopback);
    environment.emplace_back("MODEM_BROKER_PORT", std::to_string(broker_port_));
  }
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
  pump_.stop();
  for (auto& wire : wires_) wire->port->stop();
  modem_.reset();
  broker_.stop();
  time_server_.stop();
  disk_->flush();
  files_.close();
  if (options_.ready_file && ready_) ::unlink(options_.ready_file->c_str());
}

}  // namespace emulator
