#include "emulator/port_pressure.hpp"

#include <algorithm>
#include <utility>

namespace emulator {

void PortPressure::watch(Wire& wire) {
  ports_.push_back({&wire});
  wire.when_full([this, index = ports_.size() - 1] {
    if (looking_) return;
    ports_[index].took_at = Clock::now();
    look();
  });
}

void PortPressure::look() {
  const auto now = Clock::now();
  for (auto& port : ports_) look_at(port, now);
  full_ = std::any_of(ports_.begin(), ports_.end(), [](const Port& port) { return port.full; });
  // Again and again: a link that was opened meanwhile does not know.
  for (auto* tap : taps_) tap->ports_full(full_);
  const bool waiting = std::any_of(ports_.begin(), ports_.end(), [](const Port& port) {
    return port.wire->backlog().waiting > enough_room;
  });
  looking_ = full_ || waiting;
  if (looking_) look_again();
}

void PortPressure::look_at(Port& port, Clock::time_point now) {
  const auto backlog = port.wire->backlog();
  if (std::exchange(port.taken, backlog.taken) != backlog.taken) port.took_at = now;
  const auto room = port.full ? enough_room : Wire::full;
  port.full = backlog.waiting > room && now - port.took_at < patience;
}

bool PortPressure::under_way() {
  const auto now = Clock::now();
  return std::any_of(ports_.begin(), ports_.end(), [now](Port& port) {
    const auto backlog = port.wire->backlog();
    const bool took = std::exchange(port.taken_before, backlog.taken) != backlog.taken;
    if (took || backlog.waiting == 0) port.moved_at = now;
    return backlog.waiting > 0 && now - port.moved_at < patience;
  });
}

void PortPressure::look_again() {
  timer_.expires_after(full_ ? interval : long_interval);
  timer_.async_wait([this, life = std::weak_ptr(life_)](boost::system::error_code cancelled) {
    if (!cancelled && !life.expired()) look();
  });
}

}  // namespace emulator
