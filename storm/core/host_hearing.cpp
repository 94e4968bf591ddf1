#include "storm/core/host.hpp"

namespace storm {
namespace {

/// The msgID of the only subscription.
constexpr int subscription_id = 1;
constexpr int highest_grant = 2;

}  // namespace

void Host::heard(std::string_view bytes, Time now) {
  const auto port = port_number_;
  // What is left of a port that was closed meanwhile is nobody's.
  while (port == port_number_) {
    const auto token = splitter_.next(bytes);
    if (!token) return;
    handle(*token, now);
  }
}

void Host::handle(const Token& token, Time now) {
  if (step_ == Step::waiting || step_ == Step::opening_port || step_ == Step::done) return;
  if (token.kind == Token::Kind::line)
    handle(read_answer(token.text), now);
  else if (step_ == Step::publishing)
    publisher_.prompt(now);
  if (step_ == Step::publishing) watch_publishing(now);
}

void Host::handle(const Answer& answer, Time now) {
  switch (answer.kind) {
    case Answer::Kind::ok:
      return replied(true, now);
    case Answer::Kind::error:
      return replied(false, now);
    case Answer::Kind::ready:
      return restarted(now);
    case Answer::Kind::open:
      return concluded(Step::opening, outcome_of(answer), now);
    case Answer::Kind::connect:
      return concluded(Step::connecting, outcome_of(answer), now);
    case Answer::Kind::subscribe:
      return concluded(Step::subscribing, outcome_of(answer), now);
    case Answer::Kind::disconnect:
      return concluded(Step::disconnecting, outcome_of(answer), now);
    case Answer::Kind::close:
      return concluded(Step::clearing, outcome_of(answer), now);
    case Answer::Kind::publish:
      if (step_ == Step::publishing) publisher_.result(answer, now);
      return;
    case Answer::Kind::message:
      return publisher_.received(answer, now);
    case Answer::Kind::status:
      return status(answer.values[0], now);
    case Answer::Kind::other:
      return;
  }
}

/// What a result URC means; nothing yet where it only tells of a packet that was sent once more.
Host::Outcome Host::outcome_of(const Answer& answer) {
  const auto& values = answer.values;
  switch (answer.kind) {
    case Answer::Kind::open:
      if (values[0] == 2) return Outcome::stuck;  // the client is in use
      return values[0] == 0 ? Outcome::good : Outcome::bad;
    case Answer::Kind::connect:
      if (values[0] == 1) return Outcome::none;
      return values[0] == 0 && values[1] == 0 ? Outcome::good : Outcome::bad;
    case Answer::Kind::subscribe:
      if (values[0] != subscription_id || values[1] == 1) return Outcome::none;
      if (values[1] != 0) return Outcome::bad;
      return values[2] <= highest_grant ? Outcome::good : Outcome::stuck;
    case Answer::Kind::disconnect:
      return values[0] == 0 ? Outcome::good : Outcome::stuck;
    default:
      return Outcome::good;
  }
}

void Host::replied(bool ok, Time now) {
  switch (step_) {
    case Step::waking:
      // An ERROR is of what stood before ATE0 in the module's line.
      if (!ok) return;
      return wakings_ > 1 ? enter(Step::settling, now + settling) : awake(now);
    case Step::settling:
      limit_ = now + settling;
      return;
    case Step::publishing:
      return publisher_.replied(ok, now);
    default:
      break;
  }
  if (!reply_due_) return;
  reply_due_ = false;
  // The setting is one that every module has, and without it the run is what it would be anyway.
  if (step_ == Step::configuring) outcome_ = Outcome::good;
  if (!ok && outcome_ == Outcome::none) outcome_ = Outcome::stuck;
  advance(now);
}

void Host::concluded(Step step, Outcome outcome, Time now) {
  if (step_ != step || outcome == Outcome::none || outcome_ != Outcome::none) return;
  outcome_ = outcome;
  advance(now);
}

void Host::status(int code, Time now) {
  const bool is_listed = code > 0 && code < static_cast<int>(Troubles::status_codes);
  ++tally_.troubles.status[is_listed ? static_cast<std::size_t>(code) : 0];
  const bool has_link = step_ == Step::connecting || step_ == Step::subscribing ||
                        step_ == Step::publishing || step_ == Step::disconnecting;
  if (!has_link) return;
  link_down_ = true;
  if (step_ == Step::publishing)
    publisher_.stop();  // the caller sees to the rest
  else
    advance(now);
}

/// The module has lost everything, ATE0 too. While it is being woken that is no news.
void Host::restarted(Time now) {
  if (step_ == Step::waking) return;
  if (step_ != Step::settling) ++tally_.troubles.restarts;
  if (step_ == Step::publishing) lose_link(now);
  if (finishing_) return end();
  wake(now);
}

}  // namespace storm
