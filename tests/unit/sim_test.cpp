// The seeded simulation: many sessions in virtual time, with every fault, and none may break an
// invariant.
#include "tests/sim/simulation.hpp"

#include <iostream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;

TEST_CASE("sixty days of trouble in virtual time", "[sim]") {
  constexpr std::uint64_t seeds = 600;
  constexpr auto session = 6h;
  constexpr double least_days = 60;
  constexpr std::uint64_t least_draws = 100;
  sim::SimResult total;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto result = sim::run(seed, session);
    INFO(sim::report(result));
    REQUIRE(result.problem.empty());
    total.days += result.days;
    total.events += result.events;
    total.commands += result.commands;
    total.operations += result.operations;
    for (std::size_t i = 0; i < sim::fault_count; ++i) total.faults[i] += result.faults[i];
  }
  std::cout << fmt::format("simulation: {:.1f} days, {} events, {} commands, {} operations\n",
                           total.days, total.events, total.commands, total.operations);
  for (std::size_t i = 0; i < sim::fault_count; ++i) {
    std::cout << fmt::format("{:>20} {}\n", sim::fault_names[i], total.faults[i]);
    INFO(sim::fault_names[i]);
    CHECK(total.faults[i] >= least_draws);
  }
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
