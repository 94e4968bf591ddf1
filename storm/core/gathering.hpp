// How modems that were away come to be connected: how many of them, after how long, with how many
// attempts. The start of a run is one, and every outage is. Owned by the Tally.
#pragma once

#include "storm/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace storm {

class Gathering {
 public:
  /// For a fleet of so many modems, named by their slots from 0. None of them is part of it yet.
  Gathering(std::size_t fleet, Time began) : began_(began), states_(fleet) {}

  /// A modem is away, perhaps once more.
  void lost(std::size_t slot);
  /// It tries to connect. Counts while it is away.
  void attempt(std::size_t slot);
  /// It is connected. Does nothing with one that is not away.
  void back(std::size_t slot, Time now);

  [[nodiscard]] Time began() const { return began_; }
  /// How many are part of it, and of these are away.
  [[nodiscard]] std::size_t modems() const { return modems_; }
  [[nodiscard]] std::size_t away() const { return away_; }
  [[nodiscard]] std::uint64_t attempts() const { return attempts_; }

  /// After how long a share (over 0, up to 1) of its modems was connected, each as of its last
  /// return. Nothing while more of them are away.
  [[nodiscard]] std::optional<Time> reached(double share) const;

 private:
  enum class Where : std::uint8_t { elsewhere, away, back };
  struct State {
    Where where = Where::elsewhere;
    Time back_at{};
  };

  Time began_;
  std::vector<State> states_;
  std::size_t modems_ = 0;
  std::size_t away_ = 0;
  std::uint64_t attempts_ = 0;
};

}  // namespace storm
