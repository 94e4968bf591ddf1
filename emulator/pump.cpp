#include "emulator/pump.hpp"

#include <algorithm>
#include <cassert>

namespace emulator {

Pump::Pump(RealTime& real, at::Timeline& timeline, double scale,
           std::shared_ptr<net::Activity> activity)
    : real_(real),
      timeline_(timeline),
      activity_(std::move(activity)),
      course_(real.now(), scale),
      heard_(real.now()) {
  real_.on_alarm([this] { wake(); });
}

at::Time Pump::at(Moment moment) const {
  const auto then = std::max(course_.at(moment), timeline_.now());
  return advance_ ? std::min(then, advance_->target) : then;
}

Pump::Moment Pump::catch_up() {
  const auto now = real_.now();
  timeline_.run_until(at(now));
  return now;
}

void Pump::wake() {
  if (stopped_) return;
  armed_for_.reset();
  rings_at_.reset();
  const auto now = catch_up();
  if (leaps()) look(now);
  arm();
}

void Pump::look(Moment now) {
  if (advance_ && timeline_.now() >= advance_->target)
    return end_advance(now, advance_->until_idle ? Ended::late : Ended::done);
  if (!quiet(now)) return;
  if (advance_ && advance_->until_idle && timeline_.idle()) return end_advance(now, Ended::done);
  auto next = timeline_.next();
  if (advance_) next = std::min(next.value_or(advance_->target), advance_->target);
  if (next) leap(now, *next);
}

bool Pump::quiet(Moment now) {
  const bool stirred = std::exchange(stirs_, activity_->stirs()) != activity_->stirs();
  if (stirred || activity_->under_way()) heard_ = now;
  return now - heard_ >= grace;
}

void Pump::leap(Moment now, at::Time then) {
  course_.leap(now, then);
  heard_ = now;
  timeline_.run_until(then);
}

void Pump::rescale(double scale) {
  const auto now = catch_up();
  course_.rescale(now, timeline_.now(), scale);
  rearm(now);
}

void Pump::pause(bool paused) {
  assert(!advance_);
  if (std::exchange(paused_, paused) == paused) return;
  const auto now = catch_up();
  if (paused)
    course_.stand(now, timeline_.now());
  else
    course_.go(now);
  rearm(now);
}

void Pump::skip(bool skips) {
  assert(!advance_);
  skips_ = skips;
  rearm(catch_up());
}

void Pump::advance_by(at::Duration time, Done done) {
  begin({timeline_.now() + time, false, std::move(done)});
}

void Pump::advance_until_idle(at::Duration limit, Done done) {
  begin({timeline_.now() + limit, true, std::move(done)});
}

void Pump::begin(Advance advance) {
  assert(paused_ && !advance_);
  const auto now = catch_up();
  advance_ = std::move(advance);
  course_.go(now);
  rearm(now);
}

void Pump::cancel_advance() {
  if (!advance_) return;
  const auto now = catch_up();
  advance_.reset();
  course_.stand(now, timeline_.now());
  rearm(now);
}

void Pump::end_advance(Moment now, Ended ended) {
  const auto done = std::move(advance_->done);
  advance_.reset();
  course_.stand(now, timeline_.now());
  done(ended);
}

/// Something is other than the alarm was set for.
void Pump::rearm(Moment now) {
  armed_for_.reset();
  rings_at_.reset();
  heard_ = now;
  if (!stopped_) real_.cancel();
  arm();
}

void Pump::arm() {
  if (stopped_) return;
  if (leaps()) return arm_leaping();
  const auto next = timeline_.next();
  if (next == armed_for_) return;
  armed_for_ = next;
  const auto when = next ? course_.when(*next) : std::nullopt;
  if (when)
    real_.ring_at(*when);
  else
    real_.cancel();
}

void Pump::arm_leaping() {
  const auto next = timeline_.next();
  if (!next && !advance_) return;
  auto when = heard_ + grace;
  for (const auto then : {next, advance_ ? std::optional(advance_->target) : std::nullopt})
    if (then) when = std::min(when, course_.when(*then).value_or(when));
  // What rings too early is set again then: less often than whenever something comes.
  if (rings_at_ && *rings_at_ <= when) return;
  rings_at_ = when;
  real_.ring_at(when);
}

void Pump::stop() {
  stopped_ = true;
  real_.cancel();
}

}  // namespace emulator
