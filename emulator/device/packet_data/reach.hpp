// What reaches out into the internet by itself: +QIDNSGIP, +QPING, +QNTP (TCP/IP note 2.4.15 to
// 2.4.17). One of each at a time. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/internet.hpp"
#include "emulator/device/clock/clock.hpp"
#include "emulator/device/packet_data/pdp.hpp"
#include "emulator/device/settings/qcfg.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emulator::device {

class Reach {
 public:
  /// What it acts on; all outlive it.
  struct Parts {
    at::Timeline& timeline;
    at::Announce& announce;
    cellular::Internet& internet;
    Pdp& pdp;
    Clock& clock;
    const Qcfg& qcfg;
  };

  explicit Reach(Parts parts);

  static const std::array<at::Command<Reach>, 3>& commands();

  /// The module stops, or context `cid` is gone: what is under way over it ends without a word.
  void reset();
  void lost(int cid);

 private:
  struct Lookup {
    int cid = 0;
  };
  struct Pinging {
    int cid = 0;
    std::string name{};
    std::string address{};
    at::Duration timeout{};
    int wanted = 0;
    int sent = 0;
    std::vector<int> times{};  // of those that came back, ms
  };
  struct Asking {
    int cid = 0;
    std::string server{};
    std::uint16_t port = 0;
    std::string address{};
    bool set_clock = true;
    int tries_left = 0;
  };

  at::Outcome look_up(const at::Args& args);
  at::Outcome ping(const at::Args& args);
  at::Outcome ask_time(const at::Args& args);
  at::Outcome asked_time();

  at::Outcome refuse(TcpIpError error);
  void look_up_done(const std::vector<std::string>& addresses);
  void next_ping();
  void pinged(const std::optional<cellular::Echo>& echo);
  void ping_done();
  void next_question();
  void time_told(const std::optional<std::int64_t>& unix_ms);
  void time_done(const std::string& result);

  Parts parts_;
  // An answer counts only if nothing began or ended since it was asked for.
  std::uint64_t lookup_no_ = 0;
  std::uint64_t ping_no_ = 0;
  std::uint64_t time_no_ = 0;
  std::optional<Lookup> lookup_;
  std::optional<Pinging> pinging_;
  std::optional<Asking> asking_;
  at::Timer lookup_timer_;
  at::Timer ping_timer_;
  at::Timer time_timer_;
};

}  // namespace emulator::device
