// The program put together: modems, demo broker and services, time, trace and the child command on
// one io_context; of a fleet with --threads some of the modems on others. Owned by main.
#pragma once

#include "emulator/control/fleet.hpp"
#include "emulator/demo/demo_services.hpp"
#include "emulator/demo_tls/tls_front.hpp"
#include "emulator/options.hpp"
#include "emulator/processes/child.hpp"
#include "emulator/processes/demo_broker.hpp"
#include "emulator/registration.hpp"
#include "emulator/shard.hpp"
#include "emulator/trace.hpp"
#include "emulator/unit.hpp"
#include "net/sntp_server.hpp"
#include "pty/host_port.hpp"
#include "ssl_ctx/tls_key_log.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace emulator {

namespace control {
class Control;
}

class Emulator : public control::Fleet {
 public:
  /// `for_command` are variables that only the command behind `--` gets.
  explicit Emulator(Options options, Child::Environment for_command = {});
  ~Emulator() override;

  /// Runs until a signal, the end of the child command, or the end of a stdio port. The answer is
  /// the exit code; what cannot be set up is one line on standard error and exit code 2, what goes
  /// wrong inside later one line and exit code 70.
  int run();

  [[nodiscard]] bool ready() const override { return ready_; }
  [[nodiscard]] std::vector<control::ControlledModem*> modems() const override;
  void come_home(std::function<void()> action) const override;

 private:
  [[nodiscard]] std::optional<std::string> set_up();
  [[nodiscard]] std::optional<std::string> start_control();
  [[nodiscard]] std::optional<std::string> open_key_log();
  [[nodiscard]] std::optional<std::string> open_units();
  void go_on();
  void start_tls();
  void tls_started(const std::optional<std::string>& wrong);
  void publish_tls();
  [[nodiscard]] std::vector<Unit::DemoName> demo_names() const;
  void start_clock();
  void start_services();
  [[nodiscard]] std::int64_t world_unix_ms();
  [[nodiscard]] std::optional<std::string> shared_with_capture() const;
  [[nodiscard]] Shard& shard_of(int index);
  void add_unit(int index);
  [[nodiscard]] bool begin_shards();
  void port_lost(const std::string& unit, const std::string& why);
  [[nodiscard]] std::vector<const pty::HostPort*> ports() const;
  void say_ready();
  [[nodiscard]] std::string ready_lines(const char* end) const;
  [[nodiscard]] std::optional<std::string> write_ready_file() const;
  [[nodiscard]] std::string first_ports() const;
  void run_command();
  void stop(int exit_code);
  void fail(const std::string& what);
  void close_all();

  Options options_;
  Child::Environment for_command_;
  CaptureFile capture_;  // outlives what is still to run
  Shard first_;
  std::vector<std::unique_ptr<Shard>> others_;
  boost::asio::io_context& io_ = first_.io();
  boost::asio::signal_set signals_;
  std::int64_t unix_ms_at_start_;
  net::SntpServer time_server_;
  std::uint16_t time_port_ = 0;
  Trace trace_;
  LineFile journal_;
  LintFile lint_;
  DemoBroker broker_;
  std::optional<DemoBroker::Result> broker_result_;
  TlsFront tls_front_;
  bool tls_started_ = false;
  demo::DemoServices services_;
  std::string ca_path_;  // empty without TLS
  Child child_;
  std::shared_ptr<ssl_ctx::TlsKeyLog> key_log_;
  std::uint16_t broker_port_ = 0;
  std::deque<Options> unit_options_;
  std::vector<std::unique_ptr<Unit>> units_;
  std::unique_ptr<control::Control> control_;  // null without --control
  Registration registration_;
  bool ready_ = false;
  bool failed_ = false;
  std::atomic<bool> failed_on_ = false;  // an event of --fail-on has come
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace emulator
