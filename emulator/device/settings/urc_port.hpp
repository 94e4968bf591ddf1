// Where unsolicited lines go: the channel that +QURCCFG or "urc/port" names, once "urc/delay" is
// over and unless "urc/cache" holds them back. Owned by the Modem; every family announces through
// it (manual 2.24, 4.4.7 to 4.4.9).
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <deque>
#include <string>
#include <vector>

namespace emulator::device {

class UrcPort : public at::Announce {
 public:
  /// Lines held back; past it the oldest are dropped.
  static constexpr std::size_t max_cached = 256;

  /// `factory` is the port until the host chooses one.
  UrcPort(at::Timeline& timeline, Nvram& nvram, std::string factory);

  static const std::array<at::Command<UrcPort>, 1>& commands();

  /// Adds a channel by its name ("uart1", "usbat", "usbmodem", "uart2").
  void add(std::string name, at::Announce& channel);

  void announce(std::string line) override;

  /// The port until the next reset, without storing it ("urc/port").
  void choose(std::string port) { port_ = std::move(port); }
  [[nodiscard]] const std::string& port() const { return port_; }

  /// Holds everything back, or lets it go ("urc/cache").
  void hold(bool held);
  [[nodiscard]] bool held() const { return held_; }

  /// "urc/delay", 0 to 120 ms.
  void delay(at::Duration delay) { delay_ = delay; }

  /// The module starts: the stored port, nothing held.
  void start();

  /// The module stops: what waits is gone.
  void clear();

 private:
  struct Waiting {
    std::string line;
    at::Time due;
  };
  struct Channel {
    std::string name;
    at::Announce* announce;
  };

  at::Outcome configure(const at::Args& args);
  void release();
  void say(const std::string& line);

  at::Timeline& timeline_;
  Nvram& nvram_;
  std::string factory_;
  std::string port_;
  bool held_ = false;
  at::Duration delay_{};
  std::vector<Channel> channels_;
  std::deque<Waiting> waiting_;
  at::Timer timer_;
};

}  // namespace emulator::device
