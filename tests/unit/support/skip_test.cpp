#include "tests/support/skip.hpp"

#include <cstdlib>

#include <catch2/catch.hpp>

TEST_CASE("a test that is skipped fails where CI is set", "[!shouldfail]") {
  ::setenv("CI", "true", 1);
  support::skip("of a trial");
}
