// Puts the faults of one modem into effect: on its lines, in place of its commands, in its power,
// flash and network. Tells an observer of each. Owned by the Unit, and only there when somebody may
// want faults.
#pragma once

#include "at_engine/interceptor.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/faults/faulty_flash.hpp"
#include "emulator/faults/faulty_link.hpp"
#include "emulator/faults/faulty_port.hpp"
#include "emulator/faults/faulty_transport.hpp"
#include "emulator/module/modem.hpp"
#include "emulator/module/observer.hpp"
#include "mqtt_backend/link/packet.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::faults {

/// What faults do to the program around the module.
struct Outside {
  /// Every port of the module vanishes, or is back.
  std::function<void(bool gone)> ports = [](bool) {};
  /// The module's side of its lines has this rate; nothing: that of +IPR.
  std::function<void(std::optional<int> baud)> rate = [](std::optional<int>) {};
  /// Puts somebody between a client and its broker. Where nobody can, TLS fails.
  FaultyLink::Detour detour = [](const TlsTrouble&, const mqtt_backend::Endpoint&,
                                 const FaultyLink::Found& found) { found(std::nullopt); };
};

class FaultInjector : public at::Interceptor {
 public:
  /// `observer` is told, if there is one.
  FaultInjector(at::Timeline& timeline, Observer* observer, FaultyFlash::Stores stores,
                Outside outside);

  /// Told of what was said where nobody would expect it, and on which channel.
  using Inserted = std::function<void(const std::string& channel, const Insertion& insertion)>;
  void on_inserted(Inserted inserted) { inserted_ = std::move(inserted); }

  /// What the modem is to have in place of the stores.
  [[nodiscard]] FaultyFlash& flash() { return flash_; }
  /// Before any fault is set, and before the modem is switched on.
  void attach(Modem& modem);
  /// The line in front of `port`, through which a channel speaks and hears.
  FaultyPort& add_port(at::Port& port, std::string channel);
  /// One that nobody speaks through any more.
  void remove_port(std::string_view channel);
  /// Null when there is no such channel.
  [[nodiscard]] FaultyPort* port(std::string_view channel);

  /// The link of a client with its faults; before the modem that it is for.
  [[nodiscard]] std::unique_ptr<mqtt_backend::Link> wrap(int client_idx,
                                                         std::unique_ptr<mqtt_backend::Link> link);
  /// The transport of the data services with its faults; once, and before the modem it is for.
  [[nodiscard]] data_services::Transport& wrap(data_services::Transport& transport);
  /// A packet of the broker's has come to a client.
  void gate(int client_idx, mqtt_backend::Packet packet,
            const std::function<void(mqtt_backend::Packet)>& pass);

  /// A packet for a client as though its broker had sent it; false when it has no connection.
  [[nodiscard]] bool inject(int client_idx, mqtt_backend::Packet packet);

  /// What has not got through a port yet, if anything has not.
  [[nodiscard]] std::optional<std::string> busy() const;

  [[nodiscard]] FaultSet& faults() { return faults_; }

  std::optional<Instead> instead_of(at::Asker channel, std::string_view line) override;

 private:
  /// A fault that lasts.
  struct Lasting {
    explicit Lasting(at::Timeline& timeline) : timer(timeline), until(timeline) {}
    at::Timer timer;
    at::Timer until;
    std::int64_t left = 0;
    int overlay = 0;  // of the scenario
    bool ports_gone = false;
  };

  void applied(const Fault& fault, const Occasion& occasion);
  void begin(Fault& fault, const Occasion& occasion);
  [[nodiscard]] Lasting& last(const Fault& fault);
  void begin_at(Lasting& lasting, const Fault& fault, std::optional<int> client_idx);
  [[nodiscard]] bool boot_hangs();
  [[nodiscard]] bool lasts(std::string_view type) const;
  void vanish(Lasting& lasting, const Fault& fault);
  void ports_return(Lasting& lasting);
  void change_signal(Lasting& lasting, const Fault& fault);
  void undo_after(Lasting& lasting, const Fault& fault);
  void send_message(const Fault& fault, std::optional<int> client_idx);
  void begin_at_links(const Fault& fault, std::optional<int> client_idx);
  void end_at_links(const Fault& fault);
  void begin_at_sockets(const Fault& fault);
  void end_at_sockets(const Fault& fault);
  [[nodiscard]] Occasion about(int client_idx) const;
  void end(const Fault& fault);
  void strike(PowerLoss loss);
  void wait(Fault& fault);
  void storm(Lasting& lasting, const Fault& fault);
  void change_registration(Lasting& lasting, const Fault& fault);
  void let_go(Lasting& lasting);
  [[nodiscard]] Occasion describe(std::string_view command) const;

  at::Timeline& timeline_;
  Observer* observer_;
  FaultyFlash flash_;
  Outside outside_;
  Modem* modem_ = nullptr;
  std::map<int, FaultyLink*> links_;  // by client
  std::optional<FaultyTransport> transport_;
  std::map<const Fault*, std::unique_ptr<Lasting>> lasting_;
  FaultSet faults_;
  Inserted inserted_ = [](const auto&, const auto&) {};
  std::map<std::string, std::unique_ptr<FaultyPort>, std::less<>> ports_;
};

}  // namespace emulator::faults
