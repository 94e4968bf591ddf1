// The program put together: ports, demo broker, modem, time, trace and the child command on one
// io_context. Owned by main.
#pragma once

#include "emulator/channel_trace.hpp"
#include "emulator/event_loop.hpp"
#include "emulator/log.hpp"
#include "emulator/module/modem.hpp"
#include "emulator/options.hpp"
#include "emulator/pace.hpp"
#include "emulator/process_start.hpp"
#include "emulator/processes/child.hpp"
#include "emulator/processes/demo_broker.hpp"
#include "emulator/pump.hpp"
#include "emulator/stores/directory_store.hpp"
#include "emulator/stores/disk_writer.hpp"
#include "emulator/stores/flash.hpp"
#include "emulator/trace.hpp"
#include "mqtt_backend/link/paho_world.hpp"
#include "net/sntp_server.hpp"
#include "net/system_internet.hpp"
#include "pty/host_port.hpp"
#include "pty/line_rate.hpp"
#include "ssl_ctx/tls_key_log.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace emulator {

class Emulator {
 public:
  /// `for_command` are variables that only the command behind `--` gets.
  explicit Emulator(Options options, Variables for_command = {});
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  /// Runs until a signal, the end of the child command, or the end of a stdio port. The answer is
  /// the exit code; what cannot be set up is one line on standard error and exit code 2, what goes
  /// wrong inside later one line and exit code 70.
  int run();

 private:
  /// A port as a terminal sees it: traced; paced and strict about its rate if that is wanted.
  struct Wire : at::Port {
    Wire(std::unique_ptr<pty::HostPort> port_, std::string name_, Trace& trace)
        : port(std::move(port_)), name(std::move(name_)), observer(trace, name) {}
    void write(std::string_view bytes) override { out().write(bytes); }
    void set_line(const at::SerialLine& line) override { out().set_line(line); }
    [[nodiscard]] int factory_rate() const override { return port->factory_rate(); }
    at::Port& out() { return pace ? static_cast<at::Port&>(*pace) : line(); }
    at::Port& line() { return rate ? static_cast<at::Port&>(*rate) : *port; }

    std::unique_ptr<pty::HostPort> port;
    std::string name;
    ChannelTrace observer;
    std::optional<pty::LineRate> rate{};
    std::optional<Pace> pace{};
  };

  [[nodiscard]] std::optional<std::string> set_up();
  [[nodiscard]] std::optional<std::string> open_files();
  [[nodiscard]] std::optional<std::string> open_key_log();
  [[nodiscard]] std::optional<std::string> open_ports();
  void name_demo_services(std::uint16_t broker_port);
  [[nodiscard]] std::optional<std::string> open_port(std::size_t index);
  void broker_started(const DemoBroker::Result& result);
  [[nodiscard]] std::int64_t world_unix_ms();
  [[nodiscard]] Modem::Settings modem_settings() const;
  void make_modem();
  void serve(Wire& wire);
  void say_ready();
  [[nodiscard]] std::optional<std::string> write_ready_file() const;
  void run_command();
  void stop(int exit_code);
  void fail(const std::string& what);
  void close_all();

  Options options_;
  Variables for_command_;
  boost::asio::io_context io_;
  EventLoop loop_;
  boost::asio::signal_set signals_;
  at::Timeline timeline_;
  Pump pump_;
  SpdLog log_;
  std::shared_ptr<DiskWriter> disk_ = std::make_shared<DiskWriter>();
  Flash flash_;
  DirectoryStore files_;
  std::shared_ptr<net::Resolver> resolver_;
  net::SystemInternet internet_;
  net::SntpServer time_server_;
  Trace trace_;
  mqtt_backend::PahoWorld paho_;
  DemoBroker broker_;
  Child child_;
  std::shared_ptr<ssl_ctx::TlsKeyLog> key_log_;
  std::uint16_t broker_port_ = 0;
  std::int64_t unix_ms_at_start_;
  std::vector<std::unique_ptr<Wire>> wires_;
  std::unique_ptr<Modem> modem_;
  bool ready_ = false;
  bool failed_ = false;
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace emulator
