// +QNTP: asks a time server and sets the clock by it (TCP/IP note 2.4.17). One at a time. Owned by
// the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/internet.hpp"
#include "emulator/device/clock/clock.hpp"
#include "emulator/device/packet_data/pdp.hpp"
#include "emulator/device/settings/qcfg.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace emulator::device {

class Ntp {
 public:
  /// What it acts on; all outlive it.
  struct Parts {
    at::Timeline& timeline;
    at::Announce& announce;
    cellular::Internet& internet;
    Pdp& pdp;
    Clock& clock;
    const Qcfg& qcfg;
    const cellular::Knobs& knobs;
  };

  explicit Ntp(Parts parts);

  static const std::array<at::Command<Ntp>, 1>& commands();

  /// The module stops: what is under way ends without a word.
  void reset();

  [[nodiscard]] std::optional<std::string> busy() const {
    if (question_) return "a time server is asked (+QNTP)";
    return std::nullopt;
  }

 private:
  struct Question {
    at::Asker asker{};
    cellular::Lease lease{};
    cellular::TimeServer server{};
    bool set_clock = true;
    int tries_left = 0;
    int interval_s = 0;
    cellular::Inquiry inquiry{};
  };

  at::Outcome start(const at::Call& call);
  at::Outcome server();
  void begin();
  void next();
  void told(const std::optional<std::int64_t>& unix_ms);
  void done(const std::string& result);

  Parts parts_;
  std::optional<Question> question_;
  at::Ground ground_;  // of the question
  at::Timer timer_;
};

}  // namespace emulator::device
