// The simulated modem and what is around it, in virtual time: the program's faults stand on its
// first line, on its links, in front of its flash and of its first channel's commands. The second
// channel is out of the faults' reach, but for those of the module as a whole.
#pragma once

#include "emulator/faults/fault_injector.hpp"
#include "emulator/module/modem.hpp"
#include "tests/sim/line_judge.hpp"
#include "tests/sim/link_audit.hpp"
#include "tests/support/fake_internet.hpp"
#include "tests/support/fake_link.hpp"
#include "tests/support/fake_port.hpp"
#include "tests/support/fake_transport.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string_view>

namespace sim {

class World {
 public:
  static constexpr std::size_t channel_count = 2;

  World(const emulator::Modem::Settings& settings, LinkAudit::Hooks hooks);

  /// From the host.
  void send(std::size_t channel, std::string_view bytes);
  void host_left(std::size_t channel);

  /// Of the troubles with TLS that somebody may stand for, the one that such an endpoint is for;
  /// empty: nobody stands between.
  [[nodiscard]] std::string_view tls_trouble(int detour) const;

  at::Timeline timeline;
  support::MemoryLog log;
  support::MemoryFlash flash;
  support::MemoryFiles files;
  support::FakeInternet internet;
  support::FakeTransport transport;
  std::array<support::FakeLink*, mqtt_backend::client_count> links{};
  std::array<LinkAudit*, mqtt_backend::client_count> audits{};
  /// What the module says, whatever the line makes of it.
  std::array<support::FakePort, channel_count> ports;
  LineJudge line{timeline, ports[0]};

  /// Told of each fault that strikes.
  std::function<void(const emulator::event::FaultApplied&)> on_fault = [](const auto&) {};

 private:
  class Onlooker : public emulator::Observer {
   public:
    explicit Onlooker(World& world) : world_(world) {}
    using Observer::saw;
    void saw(at::Time at, at::Asker channel, const at::Event& event) override;
    void saw(at::Time at, const emulator::event::FaultApplied& event) override;
    void saw(at::Time at, const emulator::device::Event& event) override;

   private:
    World& world_;
  };

  /// The faults in place of commands, for the first channel alone.
  class FirstChannel : public at::Interceptor {
   public:
    explicit FirstChannel(World& world) : world_(world) {}
    std::optional<Instead> instead_of(at::Asker channel, std::string_view line) override;

   private:
    World& world_;
  };

  std::unique_ptr<mqtt_backend::Link> make_link(int client_idx);
  emulator::faults::Outside outside();

  LinkAudit::Hooks hooks_;
  std::array<at::Terminal*, channel_count> terminals_{};
  Onlooker onlooker_{*this};
  FirstChannel interceptor_{*this};

 public:
  emulator::faults::FaultInjector injector;
  emulator::Modem modem;

 private:
  emulator::faults::FaultyPort& faulty_line_;
};

}  // namespace sim
