// What the host asks of an MQTT client while the former is under way: a publish into a full window,
// a msgID again, the same command again (rules window-overrun, id-reused, retry-too-early). Owned
// by the Linter.
#pragma once

#include "emulator/lint/check.hpp"
#include "mqtt_backend/qmt_commands.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace emulator::lint {

class Exchanges : public Check {
 public:
  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override;

 private:
  /// Accepted commands with a msgID that are kept, for each client: as many as can be under way.
  static constexpr std::size_t most_accepted = 64;

  struct Command {
    at::Asker channel{};
    std::string line{};
    at::Time at{};
    at::Duration limit{};
  };
  struct Client {
    std::optional<Command> step;   // open, connect, disconnect or close under way
    std::deque<Command> accepted;  // with a msgID, the latest last
  };

  void begun(const Command& command);
  void accepted(const Command& command);
  void refused(at::Time at, int client_idx, const mqtt_backend::event::ExchangeRefused& event);
  void again(const Command& command, int client_idx, const Command& former);
  [[nodiscard]] Command* acting();

  std::map<int, Command> commands_;  // the last of each channel
  int acting_ = 0;                   // the channel that was heard last
  std::array<Client, mqtt_backend::client_count> clients_;
};

}  // namespace emulator::lint
