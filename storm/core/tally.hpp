// What a run has come to so far, counted over all modems of the fleet: messages, times, who is
// connected, what went wrong. Owned by whoever runs the fleet; the hosts write into it, progress
// and report read it.
#pragma once

#include "storm/core/gathering.hpp"
#include "storm/core/histogram.hpp"
#include "storm/core/outages.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace storm {

/// Why messages were not confirmed.
struct Failures {
  std::uint64_t refused = 0;   // ERROR, before or behind the payload
  std::uint64_t given_up = 0;  // result 2
  std::uint64_t cut = 0;       // the link went, or the port, or the module started anew
  std::uint64_t silent = 0;    // no result within its limit

  [[nodiscard]] std::uint64_t all() const { return refused + given_up + cut + silent; }
};

struct Messages {
  std::uint64_t sent = 0;  // commands; each is confirmed, or fails
  std::uint64_t confirmed = 0;
  Failures failed{};
  std::uint64_t skipped = 0;         // were due while the modem was busy with earlier ones
  std::uint64_t resent = 0;          // result 1: the module has sent the packet once more
  std::uint64_t received = 0;        // for the first time
  std::uint64_t doubled = 0;         // once more
  std::uint64_t garbled = 0;         // another payload than was sent
  std::uint64_t foreign = 0;         // of nobody here, or of another run
  std::uint64_t late = 0;            // after it was given up, see Ledger::max_open
  std::uint64_t unreceived = 0;      // confirmed, and did not come back
  std::uint64_t lost_with_link = 0;  // of these: the link was lost meanwhile
};

struct Troubles {
  static constexpr std::size_t status_codes = 10;

  std::uint64_t port_failures = 0;       // it could not be opened
  std::uint64_t ports_closed = 0;        // by the other side
  std::uint64_t silences = 0;            // a command without OK or ERROR
  std::uint64_t restarts = 0;            // of the module
  std::uint64_t open_failures = 0;       // AT+QMTOPEN: ERROR, no result, or none that is 0
  std::uint64_t connect_failures = 0;    // AT+QMTCONN
  std::uint64_t subscribe_failures = 0;  // AT+QMTSUB, also by the broker's grant
  std::array<std::uint64_t, status_codes> status{};  // +QMTSTAT by code; 0: any other code
};

class Tally {
 public:
  /// All modems of the fleet are away when it begins.
  explicit Tally(std::size_t fleet) : start_(fleet, Time::zero()), outages_(fleet) {
    for (std::size_t slot = 0; slot < fleet; ++slot) start_.lost(slot);
  }

  void attempt(std::size_t slot) {
    start_.attempt(slot);
    outages_.attempt(slot);
  }
  void connected(std::size_t slot, Time now) {
    ++connected_;
    if (!first_connection_) first_connection_ = now;
    start_.back(slot, now);
    outages_.back(slot, now);
  }
  /// Against its will.
  void lost(std::size_t slot, Time now) {
    --connected_;
    outages_.lost(slot, now);
  }

  [[nodiscard]] std::size_t fleet() const { return start_.modems(); }
  [[nodiscard]] std::size_t connected() const { return connected_; }
  [[nodiscard]] std::size_t ever_connected() const { return start_.modems() - start_.away(); }
  [[nodiscard]] std::optional<Time> first_connection() const { return first_connection_; }
  [[nodiscard]] const Gathering& start() const { return start_; }
  [[nodiscard]] const Outages& outages() const { return outages_; }

  Messages messages{};
  Troubles troubles{};
  Histogram publish_times{};     // command to result URC, of confirmed messages
  Histogram round_trip_times{};  // command to +QMTRECV
  Histogram connect_times{};     // AT+QMTOPEN to +QMTCONN: 0,0,0

 private:
  Gathering start_;
  Outages outages_;
  std::size_t connected_ = 0;
  std::optional<Time> first_connection_;
};

}  // namespace storm
