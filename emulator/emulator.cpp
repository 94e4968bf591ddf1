#include "emulator/emulator.hpp"

#include "command_line/process_start.hpp"
#include "emulator/capture_routes.hpp"
#include "emulator/control/control.hpp"
#include "emulator/demo/known_names.hpp"
#include "emulator/descriptor_limit.hpp"
#include "emulator/fleet_options.hpp"
#include "emulator/log.hpp"
#include "emulator/manual_routes.hpp"
#include "emulator/module/command_set.hpp"
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

constexpr std::chrono::milliseconds child_grace{2000};

std::int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Emulator::Emulator(Options options, Child::Environment for_command)
    : options_(std::move(options)),
      for_command_(std::move(for_command)),
      first_(options_.time_scale, [this](const std::string& what) { fail(what); }),
      signals_(io_, SIGINT, SIGTERM, SIGHUP),
      unix_ms_at_start_(unix_ms()),
      time_server_(io_, [this] { return world_unix_ms(); }),
      broker_(io_, {options_.demo_broker, std::nullopt}),
      tls_front_(io_),
      services_(io_),
      child_(io_) {}

Emulator::~Emulator() { close_all(); }

int Emulator::run() {
  boost::asio::post(io_, [this] {
    if (const auto error = set_up()) {
      complain(*error);
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
  first_.loop().run();
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
  control_->add(manual_routes(command_set(options_.knobs)));
  control_->add(capture_routes(io_, options_.capture));
  return control_->start(*options_.control);
}

std::vector<control::ControlledModem*> Emulator::modems() const {
  std::vector<control::ControlledModem*> modems;
  for (const auto& unit : units_) modems.push_back(unit.get());
  return modems;
}

std::optional<std::string> Emulator::open_units() {
  const auto wanted = descriptors_of_the_program +
                      static_cast<std::size_t>(options_.count) * descriptors_of_a_modem;
  if (options_.count > 1)
    if (const auto most = raise_descriptor_limit(); most < wanted)
      spdlog::warn("{} modems may need {} descriptors, and this user has {} (ulimit -Hn)",
                   options_.count, wanted, most);
  for (int thread = 1; thread < options_.threads; ++thread)
    others_.push_back(std::make_unique<Shard>(options_.time_scale, [this](const std::string& what) {
      come_home([this, what] { fail(what); });
    }));
  for (int index = 0; index < options_.count; ++index) add_unit(index);
  for (auto& unit : units_)
    if (auto error = unit->open()) return error;
  return std::nullopt;
}

/// Neighbours are together.
Shard& Emulator::shard_of(int index) {
  const auto shard = static_cast<std::size_t>(index) * (others_.size() + 1) /
                     static_cast<std::size_t>(options_.count);
  return shard == 0 ? first_ : *others_[shard - 1];
}

/// Also while the shards are taken down.
void Emulator::come_home(std::function<void()> action) const {
  if (options_.threads == 1) return action();
  boost::asio::post(io_, std::move(action));
}

void Emulator::add_unit(int index) {
  const auto name = options_.is_fleet ? modem_name(index) : std::string();
  const auto& options = unit_options_.emplace_back(options_of(options_, index));
  auto& shard = shard_of(index);
  units_.push_back(
      std::make_unique<Unit>(options, name,
                             Unit::Shared{shard, &shard != &first_, trace_, capture_, journal_,
                                          lint_, key_log_, unix_ms_at_start_},
                             Unit::Events{[this] { come_home([this] { stop(0); }); },
                                          [this, name](const std::string& why) {
                                            come_home([this, name, why] { port_lost(name, why); });
                                          },
                                          [this] { failed_on_ = true; }}));
}

/// The others of a fleet go on.
void Emulator::port_lost(const std::string& unit, const std::string& why) {
  if (units_.size() > 1) return spdlog::error("{}: {}", unit, why);
  complain(why);
  stop(exit_internal_error);
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
    complain("--demo-broker: " + result.error);
    return stop(exit_usage);
  }
  if (!result.error.empty()) spdlog::warn("no demo broker: {}", result.error);
  broker_port_ = result.port;
  publish_tls();
  start_clock();
  start_services();
  for (auto& unit : units_) unit->start(demo_names());
  if (!begin_shards()) {
    complain("--threads: the system has no more threads to give");
    return stop(exit_usage);
  }
  say_ready();
  // Else the first QMTCONN would wait 100 ms for the MQTT library's threads.
  boost::asio::post(io_, [this] {
    first_.paho().warm_up();
    release_startup_memory();
    if (options_.count > 1) enlarge_heap_pages();
  });
}

/// From here on what is on them is theirs.
bool Emulator::begin_shards() {
  for (auto& shard : others_) {
    boost::asio::post(shard->io(), [&paho = shard->paho()] { paho.warm_up(); });
    if (!shard->begin()) return false;
  }
  return true;
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
  first_.pump().run([] {});
  const auto passed = first_.timeline().now().time_since_epoch();
  return unix_ms_at_start_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
}

std::vector<Unit::DemoName> Emulator::demo_names() const {
  std::vector<Unit::DemoName> names;
  if (time_port_ != 0)
    names.push_back({std::string(demo::time_name), {{demo::ntp_port, time_port_}}});
  for (const auto& service : services_.list()) {
    Unit::DemoName name{service.host_name, {{service.known_port, service.port}}};
    if (service.tls_port != 0) name.ports[service.known_tls_port] = service.tls_port;
    names.push_back(std::move(name));
  }
  if (broker_port_ == 0) return names;
  Unit::DemoName broker{std::string(demo::broker_name), {{demo::mqtt_port, broker_port_}}};
  if (!ca_path_.empty()) {
    broker.ports[demo::mqtts_port] = tls_front_.port();
    broker.ports[demo::mutual_port] = tls_front_.mutual_port();
  }
  names.push_back(std::move(broker));
  return names;
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
  complain(fmt::format("{}: {}", ready_ ? "internal error" : "cannot start", what));
  exit_code_ = ready_ ? exit_internal_error : exit_usage;
  if (!std::exchange(failed_, true)) return stop(exit_code_);
  close_all();
  io_.stop();
}

void Emulator::close_all() {
  if (std::exchange(stopping_, true)) return;
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  for (auto& shard : others_) shard->end();
  if (!failed_)
    for (auto& unit : units_) unit->end_lint();
  first_.pump().stop();
  for (auto& shard : others_) shard->pump().stop();
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
  if (const auto error = lint_.finish(!failed_)) complain(*error);
  if (options_.ready_file && ready_) ::unlink(options_.ready_file->c_str());
}

}  // namespace emulator
