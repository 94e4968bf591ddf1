#include "mqtt_backend/link/library_watch.hpp"

#include <algorithm>
#include <utility>

namespace mqtt_backend {

LibraryWatch::LibraryWatch(PahoWorld& world, Hooks hooks)
    : world_(world), hooks_(std::move(hooks)), timer_(world.io()) {}

void LibraryWatch::start() {
  if (running_) return;
  running_ = true;
  constexpr unsigned most_doublings = 4;
  timer_.expires_after(std::min<std::chrono::microseconds>(
      first_wake * (1U << std::min(waits_, most_doublings)), longest_wake));
  timer_.async_wait([this, life = std::weak_ptr(life_)](boost::system::error_code error) {
    if (!error && !life.expired()) expired();
  });
}

void LibraryWatch::expired() {
  running_ = false;
  if (!hooks_.owes() || !hooks_.goes_on(++waits_)) return;
  world_.keeper().kick();
  start();
}

}  // namespace mqtt_backend
