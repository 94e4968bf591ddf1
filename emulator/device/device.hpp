// The module without its MQTT and TLS: power, SIM, network, packet data, clock, settings and files,
// wired to each other. What happens in one part and matters to another is passed on here. Owned by
// the Modem.
#pragma once

#include "at_engine/memo.hpp"
#include "at_engine/terminal.hpp"
#include "cellular/knobs.hpp"
#include "emulator/device/clock/clock.hpp"
#include "emulator/device/files/ufs.hpp"
#include "emulator/device/identity/identity.hpp"
#include "emulator/device/identity/profile.hpp"
#include "emulator/device/network/indications.hpp"
#include "emulator/device/network/measurement.hpp"
#include "emulator/device/network/network.hpp"
#include "emulator/device/network/preferred_operators.hpp"
#include "emulator/device/observer.hpp"
#include "emulator/device/packet_data/data_counter.hpp"
#include "emulator/device/packet_data/dns_lookup.hpp"
#include "emulator/device/packet_data/ntp.hpp"
#include "emulator/device/packet_data/pdp.hpp"
#include "emulator/device/packet_data/ping.hpp"
#include "emulator/device/packet_data/socket_echo.hpp"
#include "emulator/device/packet_data/stack_switch.hpp"
#include "emulator/device/packet_data/usb_network.hpp"
#include "emulator/device/power/boot_times.hpp"
#include "emulator/device/power/power.hpp"
#include "emulator/device/scenario.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/settings/qcfg.hpp"
#include "emulator/device/settings/ring_indicator.hpp"
#include "emulator/device/settings/urc_port.hpp"
#include "emulator/device/sim/sim.hpp"
#include "emulator/device/sms/sms.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace emulator::device {

class Device {
 public:
  /// What the module is made to be, and where.
  struct Settings {
    const ModelProfile* model = &models[0];
    IdentityValues identity = identity_of(models[0], 0);
    SimCard card = card_of(0);
    BootTimes boot{};
    std::vector<SceneChange> scenario{};
    std::string urc_port = "uart1";  // until the host chooses another
    bool results_to_asker = true;    // else to the URC port
    cellular::Knobs knobs{};
    std::int64_t unix_ms_at_start = 0;  // the world's time when the timeline stood at zero
  };

  /// What it lives on; all outlive it.
  struct World {
    at::Timeline& timeline;
    at::Log& log;
    cellular::Latency& latency;
    Nvram& nvram;
    FileStore& files;
    cellular::Internet& internet;
    DataCounter::Meter meter{};
    Observer* observer = nullptr;  // looks on, if there is one
  };

  /// What it tells the Modem.
  struct Hooks {
    std::function<void()> on;
    std::function<void()> off;
    std::function<void(at::Asker, std::string)> power_down_urc;
    std::function<void(bool active)> ring;  // the ring indicator
  };

  Device(const Settings& settings, World world, Hooks hooks);

  /// The commands of every family of the device, and with `qcfg_siblings` keys of sibling modules.
  static void add_commands(at::Registry& registry, bool qcfg_siblings, bool siblings);

  /// Every family answers its commands on this channel.
  void bind_to(at::Terminal& terminal);

  [[nodiscard]] UrcPort& urcs() { return urcs_; }
  [[nodiscard]] Power& power() { return power_; }
  [[nodiscard]] const Power& power() const { return power_; }
  [[nodiscard]] Scenario& scenario() { return scenario_; }
  [[nodiscard]] Identity& identity() { return identity_; }
  [[nodiscard]] const Sim& sim() const { return sim_; }
  [[nodiscard]] Sms& sms() { return sms_; }
  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] Pdp& pdp() { return pdp_; }
  [[nodiscard]] Ufs& ufs() { return ufs_; }
  /// AT+QCFG="fota/cid".
  [[nodiscard]] int fota_cid() const { return qcfg_.values().fota_cid; }
  /// AT+QCFG="cmux/urcport" and "cmux/baudratework".
  [[nodiscard]] int cmux_urc_port() const { return qcfg_.values().cmux_urc_port; }
  [[nodiscard]] bool cmux_changes_rate() const { return qcfg_.values().cmux_baud_rate_works; }
  /// AT+QCFG="ppp/termframe", as it was at the start.
  [[nodiscard]] bool ppp_term_frame() const { return ppp_term_frame_; }
  /// AT+QISDE.
  [[nodiscard]] bool echoes_payload() const { return socket_echo_.on(); }
  /// AT+QCFG="TCP/SendMode".
  [[nodiscard]] int tcp_send_mode() const { return qcfg_.values().tcp_send_mode; }

  /// What is under way, if anything is.
  [[nodiscard]] std::optional<std::string> busy();
  /// All parts in the order in which one needs another; the surroundings and what is in the stores
  /// are there already.
  void snapshot(at::Memo& memo);

  /// Settings of the whole module that a profile keeps.
  [[nodiscard]] std::vector<at::ProfilePart*> profile_parts() { return {&network_}; }

  /// What AT&F resets beside them. False when that cannot be stored; nothing has changed then.
  [[nodiscard]] bool factory();

 private:
  /// The families in the order of the manual.
  auto families();

  void wire();
  void show_to_observer();
  void start();
  void stop();
  void scene_changed(const SceneChange& change);
  void setting_changed(std::string_view key);
  void set_network_time();

  Settings settings_;
  World world_;
  Hooks hooks_;
  UrcPort urcs_;
  Scenario scenario_;
  Qcfg qcfg_;
  RingIndicator ring_;
  Identity identity_;
  Clock clock_;
  Sim sim_;
  Network network_;
  PreferredOperators preferred_;
  Measurement measurement_;
  Indications indications_;
  Pdp pdp_;
  DataCounter data_counter_;
  StackSwitch stack_switch_;
  DnsLookup dns_lookup_;
  Ping ping_;
  Ntp ntp_;
  SocketEcho socket_echo_;
  UsbNetwork usb_network_;
  Sms sms_;
  Ufs ufs_;
  Power power_;
  bool roaming_allowed_ = true;
  bool ppp_term_frame_ = false;
};

}  // namespace emulator::device
