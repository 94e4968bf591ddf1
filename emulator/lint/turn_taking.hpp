// Whether the host waits for its turn: for the prompt before data, for the result before the next
// command (rules data-before-prompt, command-before-result, retry-too-early). What came before an
// answer was said is known by position: bytes that had arrived and were not taken in yet. Owned by
// the Linter.
#pragma once

#include "emulator/lint/check.hpp"

#include <cstddef>
#include <limits>
#include <map>
#include <string>

namespace emulator::lint {

class TurnTaking : public Check {
 public:
  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;
  void saw(at::Time at, const emulator::event::AnswerDisturbed& event) override;
  void saw(at::Time at, const emulator::event::HostBytesHeld& event) override;

 private:
  static constexpr std::size_t long_ago = std::numeric_limits<std::size_t>::max() / 2;

  /// A line that the host has sent.
  struct Sent {
    std::string command{};  // the first of the line; empty for a bare AT
    at::Time at{};
    at::Duration limit{};
  };
  struct Host {
    std::size_t held = 0;                // sent, but kept back by a fault
    std::size_t untaken = 0;             // arrived, but not taken in
    std::size_t early = 0;               // of those, what had arrived when the last answer was said
    std::size_t since_early = long_ago;  // bytes taken in since there were any such
    bool asked = false;                  // data are wanted, which has not been said yet
    bool entering = false;               // it has been said
    bool behind_line = false;            // a line feed that comes now belongs to the command's end
    bool answered = true;                // the host has, or can have, what was said last
    bool too_early = false;              // the line under way was begun before its turn
    bool begun = false;                  // its first command is known
    Sent last;
    Sent former;
  };

  void on(at::Time at, Host& host, const at::event::HostBytesArrived& event);
  void on(at::Time at, Host& host, at::Asker channel, const at::event::HostBytes& event);
  void on(at::Time at, Host& host, const at::event::HostBytesLost& event);
  void on(at::Time at, Host& host, const at::event::LineEnded& event);
  void on(at::Time at, Host& host, at::Asker channel, const at::event::CommandBegun& event);
  void said(at::Time at, Host& host, at::Asker channel);
  void judge(at::Time at, Host& host, at::Asker channel);
  [[nodiscard]] static bool outstanding(at::Time at, const Host& host, const Sent& sent);

  std::map<int, Host> hosts_;  // by channel
};

}  // namespace emulator::lint
