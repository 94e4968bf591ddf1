#include "storm/core/publisher.hpp"

#include "storm/core/message.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace storm {

Publisher::Publisher(const Plan& plan, unsigned modem, Tally& tally, Dice& dice, Write write)
    : plan_(plan),
      tally_(tally),
      dice_(dice),
      write_(std::move(write)),
      topic_(fmt::format("{}/{}", plan.prefix, modem)) {}

void Publisher::begin(Time now) {
  turn_ = Turn::idle;
  refusals_ = 0;
  running_ = plan_.interval > Time::zero();
  // Hosts that connect together must not send together for ever.
  due_ = now + dice_.below(plan_.interval);
}

void Publisher::cut() {
  fail_all();
  ledger_.link_lost();
}

void Publisher::close() {
  fail_all();
  take_losses(ledger_.close());
}

void Publisher::fail_all() {
  running_ = false;
  // With its payload given it is in flight already.
  tally_.messages.failed.cut += in_flight_.size() + (turn_ == Turn::prompt ? 1 : 0);
  in_flight_.clear();
  turn_ = Turn::idle;
}

void Publisher::tick(Time now) {
  expire(now);
  if (running_ && turn_ == Turn::idle && in_flight_.size() < max_in_flight && now >= due_)
    start(now);
}

void Publisher::start(Time now) {
  ++last_sequence_;
  ++tally_.messages.sent;
  if (plan_.qos > 0) last_id_ = next_id();
  turn_ = Turn::prompt;
  began_ = now;
  reply_by_ = now + reply_limit;
  plan_next(now);
  write_(
      fmt::format("AT+QMTPUBEX=0,{},{},0,\"{}\",{}\r", last_id_, plan_.qos, topic_, plan_.payload));
}

/// Keeps to the rate. What a busy modem has missed by whole intervals is not made up for: it would
/// come in a burst.
void Publisher::plan_next(Time now) {
  due_ += plan_.interval;
  if (due_ > now) return;
  const auto missed = (now - due_) / plan_.interval + 1;
  tally_.messages.skipped += static_cast<std::uint64_t>(missed);
  due_ += missed * plan_.interval;
}

/// 1 to 65535 in turn; of no more than max_in_flight none is met again so soon.
std::uint16_t Publisher::next_id() {
  return last_id_ == 0xFFFF ? std::uint16_t{1} : static_cast<std::uint16_t>(last_id_ + 1);
}

void Publisher::prompt(Time now) {
  if (turn_ != Turn::prompt) return;
  turn_ = Turn::reply;
  reply_by_ = now + reply_limit;
  in_flight_.push_back({last_sequence_, last_id_, began_});
  if (plan_.subscribe) take_losses(ledger_.sent(last_sequence_, began_));
  write_(message_payload(plan_.tag, last_sequence_, plan_.payload));
}

void Publisher::replied(bool ok, Time now) {
  const auto turn = std::exchange(turn_, Turn::idle);
  if (turn == Turn::idle) return;
  if (ok && turn == Turn::reply) {
    refusals_ = 0;
  } else {
    ++refusals_;
    const bool without_result =
        turn == Turn::prompt || std::erase_if(in_flight_, [this](const auto& each) {
                                  return each.sequence == last_sequence_;
                                }) > 0;
    if (without_result) ++tally_.messages.failed.refused;
    if (is_refused()) running_ = false;
  }
  tick(now);
}

void Publisher::result(const Answer& answer, Time now) {
  const int code = answer.count > 1 ? answer.values[1] : -1;
  const auto message = std::find_if(in_flight_.begin(), in_flight_.end(), [&](const auto& each) {
    return each.id == answer.values[0];  // those of qos 0 are all 0, and come in order
  });
  if (message == in_flight_.end()) return;
  if (code == 1) {
    ++tally_.messages.resent;
    return;
  }
  if (code == 0) {
    ++tally_.messages.confirmed;
    tally_.publish_times.record(now - message->began);
    ledger_.confirmed(message->sequence);
  } else {
    ++tally_.messages.failed.given_up;
  }
  in_flight_.erase(message);
  tick(now);
}

void Publisher::received(const Answer& answer, Time now) {
  const auto sequence = sequence_of(answer.payload, plan_.tag);
  if (!sequence || answer.topic != topic_) {
    ++tally_.messages.foreign;
    return;
  }
  if (answer.payload != message_payload(plan_.tag, *sequence, plan_.payload)) {
    ++tally_.messages.garbled;
    return;
  }
  const auto arrived = ledger_.arrived(*sequence);
  switch (arrived.arrival) {
    case Ledger::Arrival::first:
      ++tally_.messages.received;
      tally_.round_trip_times.record(now - arrived.sent_at);
      break;
    case Ledger::Arrival::again:
      ++tally_.messages.doubled;
      break;
    case Ledger::Arrival::unknown:
      ++tally_.messages.late;
      break;
  }
}

/// A result that never came, and an OK of which the result says that it is lost.
void Publisher::expire(Time now) {
  const bool has_result =
      std::none_of(in_flight_.begin(), in_flight_.end(),
                   [this](const auto& each) { return each.sequence == last_sequence_; });
  if (turn_ == Turn::reply && now >= reply_by_ && has_result) turn_ = Turn::idle;
  while (!in_flight_.empty() && now >= in_flight_.front().began + result_limit) {
    ++tally_.messages.failed.silent;
    in_flight_.erase(in_flight_.begin());
  }
}

std::optional<Time> Publisher::deadline() const {
  std::optional<Time> first;
  const auto consider = [&](Time time) { first = first ? std::min(*first, time) : time; };
  if (!in_flight_.empty()) consider(in_flight_.front().began + result_limit);
  if (is_typing())
    consider(reply_by_);
  else if (running_ && in_flight_.size() < max_in_flight)
    consider(due_);
  return first;
}

bool Publisher::is_settled() const {
  return !is_typing() && in_flight_.empty() && ledger_.expected(plan_.keep_session) == 0;
}

void Publisher::take_losses(const Ledger::Losses& losses) {
  tally_.messages.unreceived += losses.all;
  tally_.messages.lost_with_link += losses.with_link;
}

}  // namespace storm
