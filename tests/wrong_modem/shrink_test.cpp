// The simulation makes what it finds small: it runs against the modem with each defect of
// defects.txt, and of the sessions that fail at least 90 % shrink to 12 steps.
#include "tests/support/ended.hpp"
#include "tests/support/places.hpp"
#include "tests/wrong_modem/at_once.hpp"
#include "tests/wrong_modem/defect_list.hpp"

#include <iostream>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

constexpr int few_steps = 12;

struct Found {
  int steps = 0;  // of the shrunk session; 0: the simulation sees nothing
  std::string told{};
};

Found search(const std::string& defect) {
  Program simulation({EG91XQ_SIM_WRONG, "--seeds", "2", "--days", "0.25"},
                     {{"EG91XQ_DEFECT", defect}});
  simulation.end_input();
  const auto code = simulation.end(std::chrono::minutes(2));
  const auto& out = simulation.out();
  std::smatch shrunk;
  if (code != 1 || !std::regex_search(out, shrunk, std::regex("shrunk from \\d+ steps to (\\d+)")))
    return {};
  return {std::stoi(shrunk[1]), shrunk[0]};
}

}  // namespace

TEST_CASE("what the simulation finds of the defects is shrunk to a few steps", "[shrink]") {
  const auto defects = wrong_modem::read_defects(in_tree("tests/wrong_modem/defects.txt")).defects;
  std::vector<Found> found(defects.size());
  wrong_modem::for_each_of(defects.size(), 2,
                           [&](std::size_t i) { found[i] = search(defects[i].name); });
  int seen = 0;
  int small = 0;
  for (std::size_t i = 0; i < defects.size(); ++i) {
    if (found[i].steps == 0) continue;
    ++seen;
    small += found[i].steps <= few_steps ? 1 : 0;
    std::cout << fmt::format("{:32} {}\n", defects[i].name, found[i].told);
  }
  std::cout << fmt::format("{} of {} sessions shrunk to {} steps\n", small, seen, few_steps);
  CHECK(seen >= 40);
  CHECK(small * 10 >= seen * 9);
  CHECK(search("").steps == 0);
}
