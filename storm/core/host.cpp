#include "storm/core/host.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace storm {

Host::Host(const Plan& plan, const Place& place, HostPort& port, Tally& tally)
    : plan_(plan),
      place_(place),
      port_(port),
      tally_(tally),
      dice_(place.seed),
      backoff_(plan.backoff),
      publisher_(plan, place.modem, tally, dice_,
                 [&port](std::string_view bytes) { port.write(bytes); }),
      limit_(place.start) {}

void Host::tick(Time now) {
  const bool is_due = now >= limit_;
  switch (step_) {
    case Step::waiting:
      if (!is_due) return;
      enter(Step::opening_port, now + port_limit);
      return port_.open();
    case Step::opening_port:
      if (is_due) port_closed(now);
      return;
    case Step::waking:
      return tick_waking(now);
    case Step::settling:
      if (is_due) awake(now);
      return;
    case Step::resting:
      if (is_due) open(now);
      return;
    case Step::publishing:
      publisher_.tick(now);
      return watch_publishing(now);
    case Step::done:
      return;
    default:
      return tick_command(now);
  }
}

std::optional<Time> Host::deadline() const {
  if (step_ == Step::done) return std::nullopt;
  if (step_ == Step::publishing) {
    const auto next = publisher_.deadline();
    // A command that is under way holds up the end.
    if (!finishing_ || publisher_.is_typing()) return next;
    return next ? std::min(*next, limit_) : limit_;
  }
  return reply_due_ ? reply_by_ : limit_;
}

void Host::tick_waking(Time now) {
  if (now < limit_) return;
  if (wakings_ == max_wakings) {
    ++tally_.troubles.silences;
    return drop_port(now);
  }
  ++wakings_;
  limit_ = now + wake_interval;
  port_.write("ATE0\r");
}

/// A reply or a result that is overdue.
void Host::tick_command(Time now) {
  if (reply_due_ && now >= reply_by_) {
    reply_due_ = false;
    // The result says that the command was taken, and its OK is lost.
    if (outcome_ != Outcome::none || link_down_) return advance(now);
    ++tally_.troubles.silences;
    return drop_port(now);
  }
  if (reply_due_ || now < limit_) return;
  outcome_ = Outcome::stuck;
  advance(now);
}

void Host::finish(Time now) {
  finishing_ = true;
  publisher_.stop();
  switch (step_) {
    case Step::waiting:
    case Step::opening_port:
    case Step::waking:
    case Step::settling:
    case Step::resting:
      return end();
    case Step::publishing:
      limit_ = now + drain_limit;
      return watch_publishing(now);
    default:
      limit_ = std::min(limit_, now + drain_limit);
      reply_by_ = std::min(reply_by_, now + drain_limit);
  }
}

void Host::abandon() {
  if (step_ != Step::done) end();
}

void Host::port_opened(Time now) {
  if (step_ == Step::opening_port) wake(now);
}

void Host::port_closed(Time now) {
  if (step_ == Step::done || step_ == Step::waiting) return;
  ++(step_ == Step::opening_port ? tally_.troubles.port_failures : tally_.troubles.ports_closed);
  if (step_ == Step::publishing) lose_link(now);
  drop_port(now);
}

/// Goes on when the step has its reply and, where there is one, its result.
void Host::advance(Time now) {
  if (reply_due_) return;
  if (outcome_ == Outcome::none && link_down_) outcome_ = Outcome::bad;
  if (outcome_ == Outcome::none) return;
  if (step_ == Step::clearing) return rest(now);
  if (step_ == Step::disconnecting) return outcome_ == Outcome::good ? end() : clear(now);
  if (outcome_ != Outcome::good) {
    count_failure();
    return outcome_ == Outcome::bad ? rest(now) : clear(now);
  }
  if (finishing_) return step_ == Step::configuring ? end() : clear(now);
  if (step_ == Step::configuring) return open(now);
  if (step_ == Step::opening) return connect(now);
  if (step_ == Step::connecting) {
    tally_.connect_times.record(now - opened_at_);
    if (plan_.subscribe) return subscribe(now);
  }
  publish(now);
}

void Host::count_failure() {
  auto& troubles = tally_.troubles;
  if (step_ == Step::opening) ++troubles.open_failures;
  if (step_ == Step::connecting) ++troubles.connect_failures;
  if (step_ == Step::subscribing) ++troubles.subscribe_failures;
}

void Host::enter(Step step, Time limit) {
  step_ = step;
  limit_ = limit;
  reply_due_ = false;
  link_down_ = false;
}

/// `limit` is how long the result may take.
void Host::type(Step step, std::string_view command, Time now, Time limit) {
  enter(step, now + limit);
  reply_by_ = now + reply_limit;
  reply_due_ = true;
  outcome_ = Outcome::none;
  port_.write(fmt::format("{}\r", command));
}

void Host::wake(Time now) {
  enter(Step::waking, now);
  wakings_ = 0;
  tick_waking(now);
}

void Host::awake(Time now) {
  if (!plan_.keep_session) return open(now);
  type(Step::configuring, "AT+QMTCFG=\"session\",0,0", now, reply_limit);
}

void Host::open(Time now) {
  tally_.attempt(place_.slot);
  opened_at_ = now;
  type(Step::opening, fmt::format("AT+QMTOPEN=0,\"{}\",{}", plan_.broker_host, plan_.broker_port),
       now, open_limit);
}

void Host::connect(Time now) {
  type(Step::connecting, fmt::format("AT+QMTCONN=0,\"{}-{}\"", plan_.prefix, place_.modem), now,
       connect_limit);
}

void Host::subscribe(Time now) {
  type(Step::subscribing, fmt::format("AT+QMTSUB=0,1,\"{}\",{}", publisher_.topic(), plan_.qos),
       now, connect_limit);
}

void Host::publish(Time now) {
  enter(Step::publishing, now);
  backoff_.reset();
  tally_.connected(place_.slot, now);
  publisher_.begin(now);
}

/// After whatever may have changed while the link is in use. A command that is under way is always
/// waited for: what comes of it would be taken for the next one's.
void Host::watch_publishing(Time now) {
  if (publisher_.is_unanswered(now)) {
    ++tally_.troubles.silences;
    lose_link(now);
    return drop_port(now);
  }
  if (publisher_.is_typing()) return;
  if (link_down_) {
    lose_link(now);
    return rest(now);
  }
  if (publisher_.is_refused()) {
    lose_link(now);
    return clear(now);
  }
  if (finishing_ && (publisher_.is_settled() || now >= limit_)) disconnect(now);
}

void Host::lose_link(Time now) {
  publisher_.cut();
  tally_.lost(place_.slot, now);
}

void Host::disconnect(Time now) {
  type(Step::disconnecting, "AT+QMTDISC=0", now, disconnect_limit);
}

void Host::clear(Time now) { type(Step::clearing, "AT+QMTCLOSE=0", now, close_limit); }

void Host::rest(Time now) {
  if (finishing_) return end();
  enter(Step::resting, now + backoff_.wait(dice_));
}

void Host::wait(Time now) {
  if (finishing_) return end();
  enter(Step::waiting, now + backoff_.wait(dice_));
}

void Host::drop_port(Time now) {
  ++port_number_;
  splitter_.reset();
  port_.close();
  wait(now);
}

void Host::end() {
  publisher_.close();
  port_.close();
  ++port_number_;
  enter(Step::done, {});
}

}  // namespace storm
