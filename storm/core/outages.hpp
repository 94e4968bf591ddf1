// The times at which modems of a fleet had lost their links: from the first that loses it until all
// that did are connected again. Owned by the Tally.
#pragma once

#include "storm/core/gathering.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace storm {

/// How long a Gathering took; nothing where it did not come so far.
struct GatheringFigures {
  Time began{};
  std::size_t modems = 0;
  std::uint64_t attempts = 0;
  std::optional<Time> half{};
  std::optional<Time> nine_tenths{};
  std::optional<Time> ninety_nine_percent{};
  std::optional<Time> all{};
};
[[nodiscard]] GatheringFigures figures_of(const Gathering& gathering);

class Outages {
 public:
  /// So many are listed: the first ones. Later ones are only counted.
  static constexpr std::size_t max_listed = 100;

  explicit Outages(std::size_t fleet) : fleet_(fleet) {}

  void lost(std::size_t slot, Time now);
  void attempt(std::size_t slot);
  void back(std::size_t slot, Time now);

  /// With the one that lasts, last.
  [[nodiscard]] std::vector<GatheringFigures> list() const;
  /// All of them, listed or not.
  [[nodiscard]] std::uint64_t count() const { return ended_count_ + (current_ ? 1 : 0); }

 private:
  std::size_t fleet_;
  std::optional<Gathering> current_;
  std::vector<GatheringFigures> ended_;
  std::uint64_t ended_count_ = 0;
};

}  // namespace storm
