// The keeper when the library does not reach it at first, or loses it.
#include "mqtt_backend/link/keeper.hpp"
#include "tests/support/link_bench.hpp"

#include <catch2/catch.hpp>

using namespace mqtt_backend;
using support::LinkBench;

TEST_CASE("a keeper that is not reached at first tries again") {
  LinkBench bench;
  HopListener hop(bench.io, [] {});
  PahoThread api;
  Keeper keeper(bench.io, api, hop);
  keeper.start();
  REQUIRE(bench.run_until([&] { return keeper.failures() >= 2; }));
  CHECK_FALSE(keeper.established());
  REQUIRE(hop.start());
  CHECK(bench.run_until([&] { return keeper.established(); }));
  keeper.stop();
  CHECK_FALSE(keeper.established());
}
