#include "cellular/latency.hpp"

#include <array>

namespace cellular {
namespace {

struct Range {
  int low_ms;
  int high_ms;
};

constexpr std::array typical{
    Range{250, 450},     // open
    Range{250, 400},     // connect
    Range{250, 350},     // answer
    Range{300, 800},     // radio on or off
    Range{1500, 2500},   // restart
    Range{8000, 15000},  // search for networks
};

}  // namespace

Latency::Latency(Mode mode) : mode_(mode) {
  if (const auto* seeded = std::get_if<Typical>(&mode)) random_.seed(seeded->seed);
}

at::Duration Latency::draw(Step step) {
  if (const auto* fixed = std::get_if<Fixed>(&mode_)) return fixed->delay;
  if (std::holds_alternative<Instant>(mode_)) return {};
  const auto range = typical[static_cast<std::size_t>(step)];
  const auto span = static_cast<std::uint32_t>(range.high_ms - range.low_ms + 1);
  return std::chrono::milliseconds(range.low_ms + static_cast<int>(random_() % span));
}

}  // namespace cellular
