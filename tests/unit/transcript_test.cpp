#include "tests/support/transcript.hpp"

#include <catch2/catch.hpp>

namespace {

void play_all(support::Delivery delivery) {
  const auto files = support::transcripts(EG91XQ_SOURCE_DIR "/tests/transcripts");
  REQUIRE_FALSE(files.empty());
  for (const auto& file : files) {
    DYNAMIC_SECTION(file.filename().string()) {
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
