// What came of a run, for people and for programs. Free functions that only read.
#pragma once

#include "storm/core/plan.hpp"
#include "storm/core/tally.hpp"

#include <cstddef>
#include <string>

namespace storm {

/// Of a whole run, as seen from outside.
struct Course {
  Time lasted{};                     // with what its end took
  Time publishing{};                 // from the first connection until no more was sent
  std::size_t connected_at_end = 0;  // when the hosts began to disconnect
};

/// Messages that the broker took and did not deliver; of qos 0 it may do so.
[[nodiscard]] std::uint64_t losses(const Plan& plan, const Tally& tally);

/// Modems that had been connected and were not at the end: an outage that lasts. However short it
/// was, nobody knows that it would have ended.
[[nodiscard]] std::size_t still_away(const Tally& tally, const Course& course);

/// No losses, nothing of qos 2 twice, every modem was connected and none is still away.
[[nodiscard]] bool is_well(const Plan& plan, const Tally& tally, const Course& course);

/// Some lines, with a line feed at the end.
[[nodiscard]] std::string report_text(const Plan& plan, const Tally& tally, const Course& course);

/// One JSON object in several lines; eg91xq-storm(1) documents its members.
[[nodiscard]] std::string report_json(const Plan& plan, const Tally& tally, const Course& course);

}  // namespace storm
