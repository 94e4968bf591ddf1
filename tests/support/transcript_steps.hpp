// What stands in the steps of a transcript about links, latency and prologues of the tests.
// The language is described in tests/transcripts/README.md.
#pragma once

#include "cellular/latency.hpp"
#include "conformance/transcript/steps.hpp"
#include "tests/support/fake_link.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace support {

using transcript::duration_of;
using transcript::Failure;
using transcript::name_of;
using transcript::Step;
using transcript::words_of;

/// All steps of a file that is one session, those of prologues in the place of their `use`.
std::vector<Step> read_steps(const std::filesystem::path& file);

cellular::Latency::Mode latency_of(const std::string& text, std::uint32_t seed);

/// What stands behind `link says`.
mqtt_backend::LinkEvent event_of(const Step& step, const FakeLink& link);

}  // namespace support
