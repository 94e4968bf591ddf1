// What the surroundings are, as they change by themselves, and as somebody changes them.
#include "emulator/device/scenario.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator::device;
using namespace std::chrono_literals;

namespace {

Scene at_zone(int zone) {
  Scene scene;
  scene.zone = zone;
  return scene;
}

}  // namespace

TEST_CASE("before the first change of a scenario the surroundings are the usual ones") {
  at::Timeline timeline;
  Scenario empty(timeline, {});
  CHECK(empty.now().zone == 0);
  CHECK(empty.planned().empty());
  Scenario later(timeline, {{5s, at_zone(4)}});
  std::vector<int> zones;
  later.on_change([&](const SceneChange& change) { zones.push_back(change.scene.zone); });
  CHECK(later.now().zone == 0);
  CHECK(later.planned().size() == 1);
  timeline.run_until(at::Time(5s));
  CHECK(later.now().zone == 4);
  CHECK(zones == std::vector<int>{4});
  Scenario now(timeline, {{0s, at_zone(8)}, {5s, at_zone(9)}});
  CHECK(now.now().zone == 8);
  CHECK(now.planned().size() == 1);
}

TEST_CASE("what is planned has a limit by number, and one by bytes") {
  at::Timeline timeline;
  Scenario scenario(timeline, {});
  scenario.on_change([](const SceneChange&) {});
  SECTION("bytes") {
    const std::string half(Scenario::planned_limit / 2, 'x');
    CHECK(scenario.plan(1s, {at_zone(1), {}, half}));
    CHECK(scenario.plan(2s, {at_zone(2), {}, half}));
    CHECK_FALSE(scenario.plan(3s, {at_zone(3), {}, "x"}));
    CHECK(scenario.plan(3s, {at_zone(3), {}, ""}));
    timeline.run_until(at::Time(1s));
    CHECK(scenario.plan(3s, {at_zone(3), {}, half}));
    scenario.drop();
    CHECK(scenario.plan(4s, {at_zone(4), {}, half + half}));
  }
  SECTION("number") {
    for (std::size_t i = 0; i < Scenario::most_planned; ++i)
      REQUIRE(scenario.plan(1s, {at_zone(1), {}, {}}));
    CHECK_FALSE(scenario.plan(1s, {at_zone(1), {}, {}}));
    CHECK(scenario.drop() == Scenario::most_planned);
    CHECK(scenario.plan(1s, {at_zone(1), {}, {}}));
  }
}

TEST_CASE("a change that is taken back is gone, and one that is none says nothing") {
  at::Timeline timeline;
  Scenario scenario(timeline, {});
  int told = 0;
  scenario.on_change([&](const SceneChange&) { ++told; });
  const int change = scenario.overlay([](Scene& scene) { scene.zone = 12; });
  CHECK(scenario.now().zone == 12);
  CHECK(told == 1);
  scenario.undo(change + 1);
  CHECK(scenario.now().zone == 12);
  CHECK(told == 1);
  scenario.undo(change);
  CHECK(scenario.now().zone == 0);
  CHECK(told == 2);
  scenario.undo(change);
  CHECK(told == 2);
}
