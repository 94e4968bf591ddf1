// Runs one seed for as many virtual days as wanted: `sim --seed N --days D [--seeds COUNT]`. What
// fails is made small, unless --whole.
#include "tests/sim/shrink.hpp"

#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

int main(int argc, char** argv) {
  CLI::App app{"Simulates the modem with a random host and random brokers in virtual time."};
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  double days = 1;
  app.add_option("--seed", seed, "first seed");
  app.add_option("--seeds", seeds, "how many seeds, one after the other");
  app.add_option("--days", days, "virtual days for each");
  bool whole = false;
  app.add_flag("--whole", whole, "leave a session that fails as it is");
  CLI11_PARSE(app, argc, argv);
  const auto duration =
      std::chrono::duration_cast<at::Duration>(std::chrono::duration<double>(days * 86400));
  for (const auto last = seed + seeds; seed < last; ++seed) {
    const auto result = sim::run(seed, duration);
    std::cout << fmt::format(
        "seed {}: {:.2f} days, {} events, {} commands, {} operations, {:016x}\n", seed, result.days,
        result.events, result.commands, result.operations, result.hash);
    if (result.problem.empty()) continue;
    std::cout << (whole ? sim::report(result) : sim::report(sim::shrink(result, duration)));
    return 1;
  }
  return 0;
}
