#include "mqtt_backend/link/library_watch.hpp"

#include <utility>

namespace mqtt_backend {

LibraryWatch::LibraryWatch(PahoWorld& world, Hooks hooks)
    : world_(world), hooks_(std::move(hooks)), timer_(world.io()) {}

void LibraryWatch::start() {
  if (running_) return;
  running_ = true;
  timer_.expires_after(wake_after);
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
