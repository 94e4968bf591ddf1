#include "mqtt_backend/link/stand_in.hpp"

#include <utility>

namespace mqtt_backend {
namespace {

// In keepalives: when it is time to look, and when a packet comes late. The broker waits for 1.5.
constexpr double early = 0.75;
constexpr double late = 1.25;

}  // namespace

bool needs_stand_in(const KeepAlive& link) {
  if (link.since_packet < early * link.keepalive) return false;
  const auto owed_after = link.keepalive * link.scale;
  if (link.module_since >= owed_after) return false;
  if (link.rate <= 0) return true;
  const auto comes_after = link.since_packet + (owed_after - link.module_since) / link.rate;
  return comes_after > late * link.keepalive;
}

StandIn::StandIn(boost::asio::io_context& io, std::optional<ModuleTime> time,
                 std::function<void()> ping)
    : time_(std::move(time)), ping_(std::move(ping)), timer_(io) {}

void StandIn::connect(std::chrono::seconds keepalive) {
  if (!time_) return;
  keepalive_ = keepalive;
  scale_ = time_->scale();
}

void StandIn::start() {
  if (keepalive_ > keepalive_.zero()) look_later();
}

void StandIn::sent() {
  if (!time_) return;
  packet_at_ = std::chrono::steady_clock::now();
  module_at_ = time_->now();
}

void StandIn::stood_in() {
  packet_at_ = std::chrono::steady_clock::now();
  time_->stood_in();
}

void StandIn::look_later() {
  timer_.expires_after(std::chrono::duration_cast<std::chrono::milliseconds>(keepalive_) /
                       looks_in_keepalive);
  timer_.async_wait([this, life = std::weak_ptr(life_)](boost::system::error_code error) {
    if (!error && !life.expired()) look();
  });
}

void StandIn::look() {
  const KeepAlive link{keepalive_, scale_, std::chrono::steady_clock::now() - packet_at_,
                       time_->now() - module_at_, time_->rate()};
  look_later();
  if (needs_stand_in(link)) ping_();
}

}  // namespace mqtt_backend
