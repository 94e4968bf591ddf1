#include "emulator/lint/boot_patience.hpp"

#include "at_engine/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::lint {

void BootPatience::saw(at::Time at, at::Asker channel, const at::Event& event) {
  const auto* lost = booting_ ? std::get_if<at::event::HostBytesLost>(&event) : nullptr;
  // What only wakes a module, or ends what a former host had begun, is no command.
  if (lost == nullptr || std::none_of(lost->bytes.begin(), lost->bytes.end(), at::is_letter))
    return;
  if (!reported_.insert(channel.channel).second) return;
  report(
      {Rule::command_during_boot,
       at,
       channel,
       {},
       fmt::format("{} bytes came while the module was starting, and are lost", lost->bytes.size()),
       {}});
}

void BootPatience::saw(at::Time, const device::Event& event) {
  const auto* power = std::get_if<device::event::PowerChanged>(&event);
  if (power == nullptr) return;
  booting_ = power->state == device::Power::State::booting;
  if (!booting_) reported_.clear();
}

}  // namespace emulator::lint
