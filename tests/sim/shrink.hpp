// Makes a failing session small (delta debugging): steps of host, brokers and troubles are left
// out, by halves, quarters and so on down to single ones, as long as what is left fails in the same
// way.
#pragma once

#include "tests/sim/simulation.hpp"

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace sim {

/// The smallest part of 0 ... `count`-1 that is found for which `fails`, which it does for the
/// whole; it is asked `most` times at the most.
std::vector<std::size_t> smallest_failing(
    std::size_t count, const std::function<bool(const std::vector<std::size_t>&)>& fails,
    std::size_t most);

/// Whether two sessions fail in the same way: what they say is the same but for numbers and quotes.
bool same_way(std::string_view one, std::string_view other);

struct Shrunk {
  std::size_t steps_before = 0;
  std::size_t steps = 0;
  std::size_t runs = 0;
  SimResult result{};  // of what is left, with its record
};

/// Of `failed`, which came of run() with this seed and `duration`.
Shrunk shrink(const SimResult& failed, at::Duration duration);

/// What to print of it.
std::string report(const Shrunk& shrunk);

}  // namespace sim
