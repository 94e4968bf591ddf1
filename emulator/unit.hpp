// One modem with what is its own: ports, stores, name and seed. What all modems of a program share
// is handed in. Owned by the Emulator.
#pragma once

#include "data_services/link/net_transport.hpp"
#include "data_services/ppp/packet_net.hpp"
#include "emulator/capture_file.hpp"
#include "emulator/control/fleet.hpp"
#include "emulator/demo_tls/tls_detour.hpp"
#include "emulator/faults/fault_injector.hpp"
#include "emulator/journal/journal.hpp"
#include "emulator/journal/keeper.hpp"
#include "emulator/journal/notes.hpp"
#include "emulator/line_file.hpp"
#include "emulator/lint/linter.hpp"
#include "emulator/lint_file.hpp"
#include "emulator/log.hpp"
#include "emulator/modem_capture.hpp"
#include "emulator/module/modem.hpp"
#include "emulator/module/observer_pair.hpp"
#include "emulator/module/observers.hpp"
#include "emulator/options.hpp"
#include "emulator/port_pressure.hpp"
#include "emulator/pumped_transport.hpp"
#include "emulator/shard.hpp"
#include "emulator/stores/directory_store.hpp"
#include "emulator/stores/disk_writer.hpp"
#include "emulator/stores/flash.hpp"
#include "emulator/trace.hpp"
#include "emulator/wire.hpp"
#include "mqtt_backend/link/link_paho.hpp"
#include "net/resolver.hpp"
#include "net/system_internet.hpp"
#include "ssl_ctx/tls_key_log.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace emulator {

class Unit : public control::ControlledModem {
 public:
  static constexpr std::size_t max_channels = 4;

  /// What the units of a program have in common.
  struct Shared {
    Shard& shard;
    bool is_elsewhere;  // than the control interface
    Trace& trace;
    CaptureFile& capture;
    LineFile& journal;
    LintFile& lint;
    std::shared_ptr<ssl_ctx::TlsKeyLog> key_log;
    std::int64_t unix_ms_at_start;  // the world's time when the timeline stood at zero
  };

  struct Events {
    /// The host asked for the end, or a stdio port has ended.
    std::function<void()> left;
    /// A port is lost for good; one line.
    std::function<void(const std::string& why)> failed;
    /// An event of --fail-on has come.
    std::function<void()> fail_on;
  };

  /// Names that the unit finds without asking the resolver: where each of their ports leads to on
  /// this machine's loopback.
  struct DemoName {
    std::string name;
    std::map<std::uint16_t, std::uint16_t> ports;
  };

  /// `name` stands in front of its lines in log and trace; empty for the only unit of a program,
  /// which the control interface calls modem0.
  Unit(const Options& options, std::string name, Shared shared, Events events);
  ~Unit() override { stop(); }

  [[nodiscard]] std::string name() const override { return name_.empty() ? "modem0" : name_; }
  [[nodiscard]] std::string model() const override { return std::string(options_.model->model); }
  [[nodiscard]] std::string imei() const override { return options_.identity.imei; }
  void run(const std::function<void()>& action) override { pump().run(action); }
  [[nodiscard]] boost::asio::io_context* other_loop() override {
    return shared_.is_elsewhere ? &io() : nullptr;
  }
  [[nodiscard]] at::Timeline& timeline() override { return shared_.shard.timeline(); }
  [[nodiscard]] Pump& pump() override { return shared_.shard.pump(); }
  [[nodiscard]] Modem& modem() override { return *modem_; }
  [[nodiscard]] journal::Journal& journal() override {
    notes_->show();
    return *journal_;
  }
  [[nodiscard]] faults::FaultInjector& injector() override { return *injector_; }
  [[nodiscard]] control::OwnChannels& own_channels() override { return *own_channels_; }
  [[nodiscard]] bool has_host(std::string_view channel) const override;
  [[nodiscard]] const control::Metrics& metrics() const override { return *metrics_; }
  [[nodiscard]] Backlog backlog(std::string_view channel) const override;
  [[nodiscard]] const device::FileSizes& files() const override { return files_.sizes(); }
  [[nodiscard]] const cellular::Knobs& knobs() const override { return options_.knobs; }

  /// Opens stores and ports. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open();

  /// Puts a text file into the module's flash, marked, unless the user has one of that name there.
  /// After open().
  void offer_file(const std::string& name, std::string_view content);

  /// Makes the modem and serves its ports.
  void start(const std::vector<DemoName>& names);

  /// The run is over for the lint of its host: what had to come by now comes no more.
  void end_lint();

  /// Cuts off the hosts, closes everything and flushes what is to last.
  void stop();

  [[nodiscard]] const std::vector<std::unique_ptr<Wire>>& wires() const { return wires_; }

 private:
  [[nodiscard]] boost::asio::io_context& io() { return shared_.shard.io(); }
  [[nodiscard]] EventLoop& loop() { return shared_.shard.loop(); }
  /// Null for a channel without a port.
  [[nodiscard]] const Wire* wire(std::string_view channel) const;
  void keep_journal();
  bool show_note();
  void found(const lint::Finding& finding);
  void make_injector(const net::DialerOptions& dialer);
  [[nodiscard]] std::optional<std::string> offer(const std::string& name, std::string_view content);
  [[nodiscard]] std::optional<std::string> open_files();
  [[nodiscard]] std::optional<std::string> open_ports();
  [[nodiscard]] std::optional<std::string> open_port(std::size_t index);
  [[nodiscard]] Modem::Settings modem_settings() const;
  void make_modem(const std::vector<DemoName>& names);
  void make_packet_networks(const net::DialerOptions& dialer);
  [[nodiscard]] mqtt_backend::ModuleTime module_time(int client_idx);
  void note_stand_in(int client_idx);
  [[nodiscard]] std::unique_ptr<mqtt_backend::Link> make_link(int client_idx,
                                                              mqtt_backend::LinkOptions options);
  /// What is behind a port: `line` is there where faults may be.
  struct Behind {
    at::Terminal& terminal;
    faults::FaultyPort* line;
  };
  [[nodiscard]] Behind make_terminal(Wire& wire);
  void serve(Wire& wire);

  const Options& options_;
  std::string name_;
  Shared shared_;
  Events events_;
  SpdLog log_;
  std::shared_ptr<DiskWriter> disk_ = std::make_shared<DiskWriter>();
  Flash flash_;
  DirectoryStore files_;
  std::shared_ptr<net::Resolver> resolver_;
  net::SystemInternet internet_;
  PortPressure pressure_;
  std::shared_ptr<ModemCapture> capture_;      // with --capture
  std::unique_ptr<journal::Journal> journal_;  // when somebody looks at it
  std::unique_ptr<journal::Keeper> keeper_;
  std::unique_ptr<lint::Linter> linter_;
  std::unique_ptr<Observers> audience_;        // the two above
  std::unique_ptr<journal::Notes> notes_;      // for the audience
  std::unique_ptr<control::Metrics> metrics_;  // when somebody may ask for them
  journal::Journal::Subscription to_file_;
  journal::Journal::Subscription failing_;
  std::unique_ptr<TlsDetour> detour_;  // for tls faults
  std::unique_ptr<faults::FaultInjector> injector_;
  std::vector<std::unique_ptr<ObserverPair>> observers_;
  std::vector<std::unique_ptr<Wire>> wires_;
  std::optional<data_services::NetTransport> transport_;
  std::optional<PumpedTransport> pumped_transport_;
  std::unique_ptr<data_services::ppp::PacketNetworks> packet_networks_;
  std::unique_ptr<Modem> modem_;
  std::unique_ptr<control::OwnChannels> own_channels_;  // when somebody may ask for them
  std::optional<std::uint64_t> lines_;                  // of the journal's file with our last
  bool notes_wait_ = false;                             // for the loop to have time
  bool stopped_ = false;
};

/// Modems of one seed draw different numbers when their instances differ.
[[nodiscard]] cellular::Latency::Mode latency_of(const Options& options);

}  // namespace emulator
