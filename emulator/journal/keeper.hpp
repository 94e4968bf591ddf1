// Turns what an observer of a modem is shown into events of its journal. Contents of files are
// counted and not kept. Owned by the Unit, and only there when somebody wants a journal.
#pragma once

#include "emulator/journal/journal.hpp"
#include "emulator/module/observer.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator::journal {

class Keeper : public Observer {
 public:
  explicit Keeper(Journal& journal) : journal_(journal) {}

  /// What the events of a channel are called by.
  void name_channel(at::Asker channel, std::string name) {
    channels_[channel.channel].name = std::move(name);
  }

  using Observer::saw;

  /// Empty for a channel without a name.
  [[nodiscard]] std::string channel_name(at::Asker channel) const {
    const auto found = channels_.find(channel.channel);
    return found == channels_.end() ? std::string() : found->second.name;
  }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;
  void saw(at::Time at, const emulator::event::FaultApplied& event) override;
  void saw(at::Time at, const emulator::event::LineCarried& event) override;

 private:
  struct Channel {
    std::string name;
    std::string command;    // that runs, or has ended last on its line
    at::Duration limit{};   // its maximum response time
    at::Time began{};       // when its line was complete
    std::string why;        // of its error
    std::size_t data = 0;   // bytes that came for a prompt
    bool entering = false;  // a prompt is open
    bool file = false;      // what comes may be the content of a file
  };
  /// What a client's end is explained by.
  struct Client {
    std::string why;
    Because because;
  };

  void said(at::Time at, const Channel& channel, std::string_view bytes,
            const at::event::FileSpans& files);
  void heard(at::Time at, const Channel& channel, std::string_view bytes, std::string_view lost);

  void on(at::Time, const Channel&, const at::event::HostBytesArrived&) {}
  void on(at::Time at, Channel& channel, const at::event::HostBytes& event);
  void on(at::Time at, Channel& channel, const at::event::HostBytesLost& event);
  void on(at::Time at, Channel& channel, const at::event::LineEnded& event);
  void on(at::Time at, Channel& channel, const at::event::CommandBegun& event);
  void on(at::Time at, Channel& channel, const at::event::CommandEnded& event);
  void on(at::Time, const Channel&, const at::event::HostLeft&) {}
  void on(at::Time at, Channel& channel, const at::event::DataEnded& event);
  void on(at::Time at, Channel& channel, const at::event::Echo& event);
  void on(at::Time at, Channel& channel, const at::event::Reply& event);
  void on(at::Time at, Channel& channel, const at::event::Prompted& event);
  void on(at::Time at, const Channel& channel, const at::event::Transmitted& event) {
    said(at, channel, event.bytes, {});
  }
  void on(at::Time at, Channel& channel, const at::event::Unsolicited& event);
  void on(at::Time at, Channel& channel, const at::event::TimerSet& event);
  void on(at::Time at, Channel& channel, const at::event::TimerFired& event);

  void on(at::Time at, int client, const mqtt_backend::event::LinkOpening& event);
  void on(at::Time at, int client, const mqtt_backend::event::LinkNegotiating& event);
  void on(at::Time at, int client, const mqtt_backend::event::LinkOpened& event);
  void on(at::Time at, int client, const mqtt_backend::event::LinkLost& event);
  void on(at::Time at, int client, const mqtt_backend::event::LinkEnded& event);
  void on(at::Time at, int client, const mqtt_backend::event::BearerLost& event);
  void on(at::Time at, int client, const mqtt_backend::event::PacketPassed& event);
  void on(at::Time, int, const mqtt_backend::event::ExchangeRefused&) {}
  void on(at::Time, int, const mqtt_backend::event::MessageStored&) {}
  void on(at::Time, int, const mqtt_backend::event::MessageDropped&) {}
  void on(at::Time, int, const mqtt_backend::event::MessageRead&) {}
  void on(at::Time at, int client, const mqtt_backend::event::StateChanged& event);
  void on(at::Time at, int client, const mqtt_backend::event::TimerSet& event);
  void on(at::Time at, int client, const mqtt_backend::event::TimerFired& event);
  void on(at::Time at, int client, const mqtt_backend::event::TimerStopped& event);

  void link(at::Time at, int client, std::string_view what, std::string why = {});
  void timer(at::Time at, std::vector<Field> fields, std::string_view what);
  void device(at::Time at, std::string_view what, Value value);
  void saw_signal(at::Time at, const device::Signal& signal);
  void stat(at::Time at, std::string_view line);
  void remember(int client, std::uint64_t seq);

  Journal& journal_;
  std::map<int, Channel> channels_;
  std::map<int, Client> clients_;
  std::optional<device::Signal> signal_;
};

}  // namespace emulator::journal
