// Which messages of one modem are on their way back to it: sent, perhaps confirmed, not received
// yet. What came back is forgotten, so a message that is not there but is not newer than the last
// one has come twice. Owned by the Publisher.
#pragma once

#include "storm/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace storm {

class Ledger {
 public:
  /// Messages, 16 bytes each. Of more the oldest are given up.
  static constexpr std::size_t max_open = 1024;

  /// Messages that were confirmed and did not come back.
  struct Losses {
    std::uint64_t all = 0;
    std::uint64_t with_link = 0;  // of these: the link was lost while they were on their way
  };

  enum class Arrival : std::uint8_t {
    first,
    again,
    unknown  // it was given up, or never sent
  };
  struct Arrived {
    Arrival arrival = Arrival::unknown;
    Time sent_at{};  // of a first one
  };

  /// Numbers grow from message to message. Returns what is given up for it.
  Losses sent(std::uint32_t sequence, Time at);
  void confirmed(std::uint32_t sequence);
  [[nodiscard]] Arrived arrived(std::uint32_t sequence);

  /// The link is gone, and with it what was on its way over it, or some of that.
  void link_lost();

  /// How many confirmed messages may still come: those that no lost link took with it, or all when
  /// the broker keeps the session.
  [[nodiscard]] std::size_t expected(bool session_kept) const;

  /// Nothing comes any more.
  [[nodiscard]] Losses close();

 private:
  struct Entry {
    std::int64_t sent_us = 0;
    std::uint32_t sequence = 0;
    bool confirmed = false;
    bool link_lost = false;
  };
  [[nodiscard]] std::vector<Entry>::iterator find(std::uint32_t sequence);

  std::vector<Entry> open_;  // by sequence
  std::uint32_t last_ = 0;
  std::uint32_t given_up_ = 0;  // up to this number
};

}  // namespace storm
