#include "tests/support/transcript.hpp"

#include "tests/support/places.hpp"

#include <cstdlib>
#include <iostream>

#include <catch2/catch.hpp>

namespace {

void play_all(support::Delivery delivery) {
  const char* const others = std::getenv("EG91XQ_TRANSCRIPTS");
  const auto files =
      support::transcripts(others != nullptr ? others : support::in_tree("tests/transcripts"));
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    DYNAMIC_SECTION(file.string()) {
      const auto difference = support::play(file, delivery);
      INFO(difference.value_or(""));
      CHECK_FALSE(difference.has_value());
    }
  }
}

}  // namespace

TEST_CASE("transcripts hold") { play_all(support::Delivery::as_written); }

TEST_CASE("transcripts hold with the input cut at every byte") {
  play_all(support::Delivery::byte_by_byte);
}

TEST_CASE("transcripts hold with the input in one burst") { play_all(support::Delivery::burst); }

TEST_CASE("the link fails at every step of every transcript") {
  std::size_t runs = 0;
  std::size_t followed = 0;
  for (const auto& file : support::transcripts(support::in_tree("tests/transcripts"))) {
    const auto report = support::play_with_trouble(file);
    runs += report.runs;
    followed += report.followed;
    for (const auto& failure : report.failures) {
      INFO(failure);
      CHECK(false);
    }
  }
  std::cout << "trouble at every step: " << runs << " runs, " << followed
            << " followed by the ledger\n";
  CHECK(runs > 1000);
}
