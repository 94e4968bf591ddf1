// The module put together: six MQTT clients, the device model, and a terminal for each AT channel.
// Sans I/O: its ports, links, flash, log and time are handed in. Owned by the program or by a test.
#pragma once

#include "at_engine/families/v250.hpp"
#include "at_engine/terminal.hpp"
#include "emulator/device/clock.hpp"
#include "emulator/device/identity.hpp"
#include "emulator/device/network.hpp"
#include "emulator/device/power.hpp"
#include "emulator/device/profile.hpp"
#include "emulator/device/sim.hpp"
#include "emulator/device/ufs.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "ssl_ctx/qssl_commands.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace emulator {

class Modem : private at::Announce {
 public:
  /// What the module is made to be.
  struct Settings {
    const device::ModelProfile* model = &device::models[0];
    mqtt_backend::Knobs knobs{};
    mqtt_backend::Latency::Mode latency = mqtt_backend::Latency::Instant{};
    double time_scale = 1;
    std::int64_t unix_ms_at_start = 0;  // Unix time when the timeline stood at zero
  };

  /// The world outside. `make_link` is called once for each client_idx.
  struct World {
    at::Timeline& timeline;
    at::Log& log;
    at::ProfileStore& flash;
    device::FileStore& files;
    std::function<std::unique_ptr<mqtt_backend::Link>(int client_idx)> make_link;
  };

  Modem(const Settings& settings, World world);

  /// Adds an AT channel; URCs go to the first. `name` is the channel's in the flash.
  /// `tap` listens in, if there is one.
  at::Terminal& add_channel(const std::string& name, at::Port& port, at::Tap* tap = nullptr);

  void power_on() { power_.on(); }

  /// All commands of the module, for the manual.
  [[nodiscard]] const at::Registry& registry() { return channels_.front()->terminal.registry(); }

 private:
  struct Channel {
    Channel(const std::string& name, at::Port& port, at::Tap* tap, Modem& modem);
    at::Terminal terminal;
    at::families::V250 v250;
  };

  void announce(std::string line) override;
  std::vector<at::ProfilePart*> shared_settings();
  void last_words(std::string line);
  void take_network_time();
  void switched_on();
  void switched_off();

  Settings settings_;
  World world_;
  mqtt_backend::Latency latency_;
  device::Identity identity_;
  device::Clock clock_;
  device::Sim sim_;
  device::Network network_;
  device::Ufs ufs_;
  ssl_ctx::Contexts contexts_;
  ssl_ctx::Qssl qssl_{contexts_};
  device::Power power_;
  mqtt_backend::ClientWorld client_world_;
  std::array<std::unique_ptr<mqtt_backend::Link>, mqtt_backend::client_count> links_;
  mqtt_backend::Qmt::Clients clients_;
  mqtt_backend::Qmt qmt_;
  std::vector<std::unique_ptr<Channel>> channels_;
};

}  // namespace emulator
