#include "emulator/device/settings/ring_indicator.hpp"

#include <algorithm>
#include <array>

namespace emulator::device {
namespace {

constexpr std::array<std::string_view, 4> of_messages{"+CMTI:", "+CMT:", "+CDSI:", "+CDS:"};

}  // namespace

void RingIndicator::said(std::string_view line) {
  if (timer_.running()) return;
  const bool message = std::any_of(of_messages.begin(), of_messages.end(), [line](auto name) {
    return line.substr(0, name.size()) == name;
  });
  const auto& ring = message ? qcfg_.values().ri_sms_incoming : qcfg_.values().ri_other;
  if (ring.type != "pulse") return;
  duration_ = std::chrono::milliseconds(ring.duration_ms);
  pulses_left_ = ring.count;
  pulse();
}

// reading: between two pulses the line rests as long as a pulse lasts
void RingIndicator::pulse() {
  --pulses_left_;
  show_(true);
  timer_.start(duration_, [this] {
    show_(false);
    if (pulses_left_ > 0) timer_.start(duration_, [this] { pulse(); });
  });
}

void RingIndicator::reset() {
  if (!timer_.running()) return;
  timer_.stop();
  show_(false);
}

}  // namespace emulator::device
