// The seeded simulation: many sessions in virtual time, with every fault that is drawn, and none
// may break an invariant.
#include "tests/sim/simulation.hpp"

#include <iostream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;

namespace {

void add(sim::SimResult& total, const sim::SimResult& result) {
  total.days += result.days;
  total.events += result.events;
  total.commands += result.commands;
  total.operations += result.operations;
  total.faults.resize(result.faults.size());
  for (std::size_t i = 0; i < result.faults.size(); ++i) total.faults[i] += result.faults[i];
  for (std::size_t i = 0; i < sim::slip_count; ++i) total.slips[i] += result.slips[i];
  for (std::size_t i = 0; i < sim::turn_count; ++i) total.turns[i] += result.turns[i];
}

void check_drawn(std::string_view what, std::uint64_t draws) {
  constexpr std::uint64_t least_draws = 50;
  std::cout << fmt::format("{:>24} {}\n", what, draws);
  INFO(what);
  CHECK(draws >= least_draws);
}

/// All that came of seeds 1 to `seeds`, none of which has a problem.
sim::SimResult run_seeds(std::uint64_t seeds) {
  constexpr auto session = 6h;
  sim::SimResult total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto result = sim::run(seed, session);
    INFO(sim::report(result));
    REQUIRE(result.problem.empty());
    add(total, result);
  }
  return total;
}

}  // namespace

TEST_CASE("twelve days of trouble in virtual time, for builds that are slow", "[.slow-build]") {
  CHECK(run_seeds(50).days > 12);
}

TEST_CASE("sixty days of trouble in virtual time", "[sim][long]") {
  constexpr double least_days = 60;
  const auto total = run_seeds(500);
  std::cout << fmt::format("simulation: {:.1f} days, {} events, {} commands, {} operations\n",
                           total.days, total.events, total.commands, total.operations);
  for (std::size_t i = 0; i < total.faults.size(); ++i)
    check_drawn(sim::fault_draws()[i].label(), total.faults[i]);
  for (std::size_t i = 0; i < sim::slip_count; ++i) check_drawn(sim::slip_names[i], total.slips[i]);
  for (std::size_t i = 0; i < sim::turn_count; ++i) check_drawn(sim::turn_names[i], total.turns[i]);
  CHECK(total.days >= least_days);
}

TEST_CASE("the same seed says the same bytes", "[sim]") {
  for (std::uint64_t seed = 1000; seed < 1020; ++seed) {
    const auto first = sim::run(seed, 2h);
    const auto second = sim::run(seed, 2h);
    INFO(sim::report(first));
    CHECK(first.problem.empty());
    CHECK(first.hash == second.hash);
    CHECK(first.events == second.events);
  }
}
