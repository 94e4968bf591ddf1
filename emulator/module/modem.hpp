// The module put together: six MQTT clients and their SSL contexts, the device model, and a
// terminal for each AT channel. Sans I/O: its ports, links, flash, log and time are handed in.
// Owned by the program or by a test.
#pragma once

#include "at_engine/families/clac.hpp"
#include "at_engine/families/serial.hpp"
#include "at_engine/families/v250.hpp"
#include "at_engine/terminal.hpp"
#include "data_services/fota/fota_commands.hpp"
#include "data_services/ftp/ftp_commands.hpp"
#include "data_services/http/http_commands.hpp"
#include "data_services/ppp/dial_commands.hpp"
#include "data_services/ppp/no_network.hpp"
#include "data_services/sockets/socket_commands.hpp"
#include "data_services/sockets/ssl_socket_commands.hpp"
#include "emulator/device/device.hpp"
#include "emulator/module/cmux.hpp"
#include "emulator/module/firmware_memory.hpp"
#include "emulator/module/observer.hpp"
#include "emulator/module/observer_pair.hpp"
#include "emulator/module/service_files.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "ssl_ctx/qssl_commands.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emulator {

class Modem {
 public:
  /// What the module is made to be.
  struct Settings {
    device::Device::Settings device{};
    cellular::Knobs knobs{};
    cellular::Latency::Mode latency = cellular::Latency::Instant{};
    /// Virtual seconds in a second of the wire, as things are.
    std::function<double()> time_scale = [] { return 1.0; };
  };

  /// The world outside. `make_link` is called once for each client_idx.
  struct World {
    at::Timeline& timeline;
    at::Log& log;
    at::ProfileStore& profiles;
    device::Nvram& nvram;
    device::FileStore& files;
    cellular::Internet& internet;
    data_services::Transport& transport;
    std::function<std::unique_ptr<mqtt_backend::Link>(int client_idx)> make_link;
    /// What went over the links, since they were made.
    std::function<cellular::Traffic()> meter{};
    /// Looks on at everything, if there is one; outlives the modem.
    Observer* observer = nullptr;
    /// Is asked before every command, if there is one; outlives the modem.
    at::Interceptor* interceptor = nullptr;
    /// What is behind PPP; null: nothing is.
    data_services::ppp::PacketNetworks* packet_networks = nullptr;
    /// Sees every IP packet of a data call, if there is one; outlives the modem.
    data_services::ppp::PacketTap* packet_tap = nullptr;
    /// Told the name of each channel that the module makes by itself ("cmux1", ...).
    std::function<void(at::Asker, const std::string& name)> named{};
  };

  Modem(const Settings& settings, World world);
  ~Modem();
  Modem(const Modem&) = delete;
  Modem& operator=(const Modem&) = delete;

  /// Adds an AT channel. `name` ("uart1", "usbat", "usbmodem", ...) is its role and its name in the
  /// flash. `observer` looks on, if there is one.
  at::Terminal& add_channel(const std::string& name, at::Port& port,
                            at::Observer* observer = nullptr);

  /// What it still owed goes to the URC port. The first channel stays as long as the module.
  void remove_channel(const at::Terminal& terminal);

  void power_on() { device_.power().on(); }

  /// It sleeps (AT+QSCLK=1, manual 10.5): its UARTs hear nothing until a host raises DTR.
  [[nodiscard]] bool asleep() const;

  [[nodiscard]] device::Device& device() { return device_; }
  /// Calls `look` with the name and the terminal of each channel.
  template <class Look>
  void each_channel(Look&& look) const {
    for (const auto& channel : channels_)
      if (channel->is_there) look(channel->name, channel->terminal);
  }
  [[nodiscard]] mqtt_backend::Client& client(int client_idx) const {
    return *clients_[static_cast<std::size_t>(client_idx)];
  }

  [[nodiscard]] const Cmux& cmux() const { return cmux_; }
  [[nodiscard]] const data_services::Sockets& sockets() const { return sockets_; }
  [[nodiscard]] data_services::HttpSession& http() { return http_; }
  [[nodiscard]] const data_services::FtpSession& ftp() const { return ftp_; }
  [[nodiscard]] const data_services::Fota& fota() const { return fota_; }
  [[nodiscard]] const data_services::ppp::Dial& dial() const { return dial_; }

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const World& world() const { return world_; }

  /// What is under way, if anything is; for a person.
  [[nodiscard]] std::optional<std::string> busy();

  /// All that it is at rest but its surroundings and what is in the stores, which are there
  /// already. A channel that the document does not have becomes as after a start, and one that is
  /// not here is passed over. Only while nothing is under way; sets nothing off.
  void snapshot(at::Memo& memo);

  /// Most channels of a snapshot.
  static constexpr std::size_t max_channels = 16;

  /// All commands of the module.
  [[nodiscard]] const at::Registry& registry() const { return registry_; }

 private:
  struct Channel {
    Channel(const std::string& name, at::Port& port, at::Observer* observer, Modem& modem);
    /// As after a start of the module, which is ready or not.
    void begin(at::ProfileStore& profiles, bool ready);

    std::string name;
    bool is_there = true;  // a channel of the multiplexer may be closed
    ObserverPair observers;
    at::Terminal terminal;
    at::families::Serial serial;
    at::families::V250 v250;
    at::families::Clac clac;
  };

  void snapshot_channels(at::Memo& memo);
  [[nodiscard]] Cmux::Module cmux_module();
  at::Terminal& connect_dlci(int dlci, at::Port& port);
  void disconnect_dlci(int dlci);
  [[nodiscard]] Channel* channel_of(at::Asker asker) const;
  [[nodiscard]] bool is_dlci(const Channel& channel) const {
    return std::find(dlcis_.begin(), dlcis_.end(), &channel) != dlcis_.end();
  }
  [[nodiscard]] std::string name_of(at::Asker asker) const;
  [[nodiscard]] data_services::ServiceWorld service_world();
  [[nodiscard]] data_services::FotaWorld fota_world();
  [[nodiscard]] data_services::ppp::PppWorld ppp_world();
  [[nodiscard]] std::variant<ssl_ctx::TlsRequest, std::string> tls_request(int ctx);

  // Settings of the whole module are in the profile of the first channel.
  std::vector<at::ProfilePart*> parts_for(at::families::Serial& serial);
  at::families::V250::Shared shared_parts();
  void power_down_urc(at::Asker asker, const std::string& line);
  void switched_on();
  void switched_off();

  Settings settings_;
  World world_;
  const at::Registry& registry_;
  int last_channel_ = 0;
  cellular::Latency latency_;
  device::Device device_;
  ssl_ctx::Contexts contexts_;
  ssl_ctx::Qssl qssl_{contexts_};
  mqtt_backend::ClientWorld client_world_;
  std::array<std::unique_ptr<mqtt_backend::Link>, mqtt_backend::client_count> links_;
  mqtt_backend::Qmt::Clients clients_;
  mqtt_backend::Qmt qmt_;
  data_services::Sockets sockets_;
  data_services::Qi qi_{sockets_};
  data_services::QsslSockets qssl_sockets_{sockets_};
  ServiceFiles service_files_;
  data_services::HttpSession http_;
  data_services::Qhttp qhttp_{http_};
  data_services::FtpSession ftp_;
  data_services::Qftp qftp_{ftp_};
  FirmwareMemory firmware_;
  data_services::Fota fota_;
  data_services::Qfotadl qfotadl_{fota_};
  data_services::ppp::NoNetwork no_network_;
  std::minstd_rand random_;
  data_services::ppp::PppWorld ppp_world_;
  data_services::ppp::Dial dial_{ppp_world_};
  Cmux cmux_;
  std::vector<std::unique_ptr<Channel>> channels_;
  // Those of the multiplexer, once they have been opened; among `channels_`.
  std::array<Channel*, at::mux::Multiplexer::max_dlcis> dlcis_{};
};

}  // namespace emulator
