// The steps of a transcript as the player wants them: lines read, times and link events understood.
// The language is described in tests/transcripts/README.md.
#pragma once

#include "mqtt_backend/latency.hpp"
#include "tests/support/fake_link.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace support {

struct Step {
  std::filesystem::path file;
  int line = 0;
  std::size_t channel = 0;
  std::string verb;
  std::string rest;
};

/// `folder/file.at`
std::string name_of(const std::filesystem::path& file);

/// A step that does not hold, or cannot be understood.
class Failure : public std::runtime_error {
 public:
  Failure(const Step& step, const std::string& what);
};

/// All steps, those of prologues in the place of their `use`.
std::vector<Step> read_steps(const std::filesystem::path& file);

at::Duration duration_of(const Step& step, const std::string& text);
mqtt_backend::Latency::Mode latency_of(const std::string& text, std::uint32_t seed);

/// Words of a step; quoted ones are unescaped.
std::vector<std::string> words_of(const std::string& text);

/// What stands behind `link says`.
mqtt_backend::LinkEvent event_of(const Step& step, const FakeLink& link);

}  // namespace support
