// What a socket does of itself, as AT+QICFG and AT+QCFG set it: beats, payloads that are dropped or
// wake the host, the end of a silent one, and acknowledgements (CFGI-16, SOCK-53).
#include "at_engine/text.hpp"
#include "data_services/sockets/socket.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace data_services {
namespace {

/// How often an acknowledgement is looked for; no event tells of one.
constexpr at::Duration acknowledgement_interval = std::chrono::milliseconds(20);

/// The bytes of a payload in AT+QICFG; none while it is off, or no hex digits.
std::string payload_of(const std::string& typed, int form) {
  constexpr int off = 0;
  constexpr int hex = 2;
  if (form == off) return {};
  return form == hex ? at::unhex(typed).value_or("") : typed;
}

}  // namespace

bool Socket::passes_rules(const std::string& bytes) {
  const auto& rules = settings_.rules[static_cast<std::size_t>(request_.connect_id)];
  if (bytes.empty()) return true;
  if (rules.wakes && bytes == payload_of(rules.waking, rules.waking_form))
    speaker_.urc(fmt::format("+QIURC: \"wakeup/data\",{}", request_.connect_id));
  return !rules.ignores || bytes != payload_of(rules.ignored, rules.ignored_form);
}

void Socket::watch_beat() {
  const auto& rules = settings_.rules[static_cast<std::size_t>(request_.connect_id)];
  beats_ = 0;
  if (payload_of(rules.beat, rules.beat_form).empty()) return beat_timer_.stop();
  if (state_ == State::connected)
    beat_timer_.start(std::chrono::seconds(rules.beat_s), [this] { beat(); });
}

void Socket::beat() {
  const auto& rules = settings_.rules[static_cast<std::size_t>(request_.connect_id)];
  if (state_ != State::connected || protocol() == Protocol::udp_service) return;
  if (connection_) static_cast<void>(send(payload_of(rules.beat, rules.beat_form)));
  if (rules.beat_count == 0 || ++beats_ < rules.beat_count)
    beat_timer_.start(std::chrono::seconds(rules.beat_s), [this] { beat(); });
}

void Socket::watch_silence() {
  if (settings_.inactive_s == 0 || !is_stream() || state_ != State::connected)
    return silence_timer_.stop();
  silence_timer_.start(std::chrono::seconds(settings_.inactive_s), [this] {
    if (state_ == State::connected) ended(Ending::reset);
  });
}

std::size_t Socket::unacknowledged() const {
  return connection_ ? std::min(connection_->unacknowledged(), sent_) : 0;
}

std::size_t Socket::room() const {
  const auto all = static_cast<std::size_t>(settings_.send_buffer);
  return all - std::min(all, unacknowledged());
}

void Socket::when_acknowledged(std::function<void(bool acknowledged)> done) {
  awaited_.push_back({sent_, std::move(done)});
  if (!acknowledgement_timer_.running())
    acknowledgement_timer_.start({}, [this] { look_for_acknowledgement(); });
}

void Socket::look_for_acknowledgement() {
  const auto life = shared_from_this();
  while (!awaited_.empty()) {
    const bool acknowledged = connection_ && sent_ - unacknowledged() >= awaited_.front().sent;
    const bool lost = !connection_ || (broken_ && !acknowledged);
    if (!acknowledged && !lost) break;
    const auto done = std::move(awaited_.front().done);
    awaited_.pop_front();
    done(acknowledged);
  }
  if (!awaited_.empty())
    acknowledgement_timer_.start(acknowledgement_interval, [this] { look_for_acknowledgement(); });
}

}  // namespace data_services
