// +QPING: ICMP echoes to a host, one a second (TCP/IP note 2.4.16). One at a time. Owned by the
// Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/internet.hpp"
#include "emulator/device/packet_data/pdp.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace emulator::device {

class Ping {
 public:
  Ping(at::Timeline& timeline, at::Announce& announce, cellular::Internet& internet, Pdp& pdp);

  static const std::array<at::Command<Ping>, 1>& commands();

  /// The module stops: what is under way ends without a word.
  void reset();

  [[nodiscard]] std::optional<std::string> busy() const {
    if (series_) return "a +QPING is under way";
    return std::nullopt;
  }

 private:
  struct Series {
    at::Asker asker{};
    cellular::Lease lease{};
    std::string name{};
    std::string address{};
    at::Duration timeout{};
    int wanted = 0;
    int sent = 0;
    std::vector<int> times{};  // of those that came back, ms
    cellular::Inquiry inquiry{};
  };

  at::Outcome start(const at::Call& call);
  void begin();
  void next();
  void came(const std::optional<cellular::Echo>& echo);
  void done();
  void fail(TcpIpError error);

  at::Announce& announce_;
  cellular::Internet& internet_;
  Pdp& pdp_;
  std::optional<Series> series_;
  at::Ground ground_;  // of the step under way
  at::Timer timer_;
};

}  // namespace emulator::device
