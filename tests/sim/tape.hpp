// What was done in a session and what was drawn for it, step by step: played again, whole or with
// steps left out, so that a session that fails can be made small. Owned by the shrinker.
#pragma once

#include "at_engine/timeline.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

/// Who takes steps of his own accord.
enum class Actor { host, second_host, broker, trouble };
constexpr std::size_t actor_count = 4;

struct Step {
  Actor actor{};
  at::Time at{};
  std::vector<std::uint64_t> draws{};  // for itself
  std::vector<std::uint64_t> after{};  // for what answers it, up to the next step
};

struct Tape {
  std::vector<Step> steps{};
};

}  // namespace sim
