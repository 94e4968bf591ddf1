// Where lines go that do not answer a command line: results to the channel that gave the command,
// all else to the one that +QURCCFG or "urc/port" names; once "urc/delay" is over and unless
// "urc/cache" holds them back. Every family announces through it (manual 2.24, 4.4.7 to 4.4.9).
// Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/log.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::device {

class UrcPort : public at::Announce {
 public:
  /// `factory` is the port until the host chooses one; `to_asker` sends results to who asked.
  UrcPort(at::Timeline& timeline, at::Log& log, Nvram& nvram, std::string factory, bool to_asker);

  static const std::array<at::Command<UrcPort>, 1>& commands();

  /// Adds a channel at the port `name` ("uart1", "usbat", "usbmodem", ...). It gets lines of the
  /// port while `hears` says so; results of its own commands always.
  void add(
      at::Asker number, std::string name, at::Announce& channel,
      std::function<bool()> hears = [] { return true; });
  void remove(at::Asker number);

  void announce(std::string line) override;
  void announce_late(std::string headline, std::shared_ptr<at::LateLine> line) override;
  void result(at::Asker asker, std::string line) override;
  void announce_while(const at::Ground::Claim& claim, at::Asker asker, std::string line) override;

  /// Told of each line when it is said.
  void on_said(std::function<void(const std::string& line)> listener) {
    said_ = std::move(listener);
  }

  /// The channels that a line for `asker` goes to, which may be nobody.
  [[nodiscard]] std::vector<at::Announce*> channels_for(at::Asker asker) const;

  /// The port until the next reset, without storing it ("urc/port").
  void choose(std::string port) { port_ = std::move(port); }
  [[nodiscard]] const std::string& port() const { return port_; }

  /// Holds everything back, or lets it go ("urc/cache").
  void hold(bool held);
  /// The same, while a multiplexer has no channel yet that could hear (T-8).
  void wait_for_multiplexer(bool waits);

  /// "urc/delay", 0 to 120 ms.
  void delay(at::Duration delay) { delay_ = delay; }

  /// The module starts: the stored port, nothing held.
  void start();

  /// The module stops: what waits is gone.
  void clear();

  [[nodiscard]] std::optional<std::string> busy() const {
    if (!waiting_.empty()) return "URCs wait";
    return std::nullopt;
  }
  /// The delay is Qcfg's to keep.
  void snapshot(at::Memo& memo);

 private:
  struct Channel {
    at::Asker number;
    std::string name;
    at::Announce* announce;
    std::function<bool()> hears;
  };

  at::Outcome configure(const at::Args& args);
  void push(at::WaitingLine line);
  void release();
  void say(const at::WaitingLine& line);

  at::Timeline& timeline_;
  Nvram& nvram_;
  std::string factory_;
  std::string port_;
  bool held_ = false;
  bool waits_for_multiplexer_ = false;
  at::Duration delay_{};
  std::vector<Channel> channels_;
  bool to_asker_;
  std::function<void(const std::string&)> said_;
  at::UrcQueue waiting_;
  at::Timer timer_;
};

}  // namespace emulator::device
