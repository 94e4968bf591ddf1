// +QIDNSGIP: the addresses of a name (TCP/IP note 2.4.15). One at a time. Owned by the Device.
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

namespace emulator::device {

class DnsLookup {
 public:
  DnsLookup(at::Timeline& timeline, at::Announce& announce, cellular::Internet& internet, Pdp& pdp);

  static const std::array<at::Command<DnsLookup>, 1>& commands();

  /// The module stops: what is under way ends without a word.
  void reset();

  [[nodiscard]] std::optional<std::string> busy() const {
    if (question_) return "a name is looked up (+QIDNSGIP)";
    return std::nullopt;
  }

 private:
  struct Question {
    at::Asker asker{};
    cellular::Lease lease{};
    std::string name{};
    cellular::Inquiry inquiry{};
  };

  at::Outcome start(const at::Call& call);
  void begin();
  void answered(const cellular::Addresses& found);

  at::Announce& announce_;
  cellular::Internet& internet_;
  Pdp& pdp_;
  std::optional<Question> question_;
  at::Ground ground_;  // of the question
  at::Timer timer_;
};

}  // namespace emulator::device
