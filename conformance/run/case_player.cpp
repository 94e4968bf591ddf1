#include "conformance/run/case_player.hpp"

#include "conformance/run/said.hpp"
#include "conformance/transcript/escape.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace conformance {

using transcript::Duration;
using transcript::escaped;
using transcript::Failure;
using transcript::Step;
using namespace std::chrono_literals;

namespace {

/// Behind the last step: what comes now, nobody expected.
constexpr auto last_look = 80ms;

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

CasePlayer::CasePlayer(Setting setting) : s_(std::move(setting)), patience_(s_.quick) {}

void CasePlayer::note(Speaker who, const std::string& text) {
  const auto at = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_);
  result_.events.push_back({at, who, text, line_});
}

Clock::duration CasePlayer::scaled(std::chrono::milliseconds limit) const {
  const std::chrono::duration<double, std::milli> time(static_cast<double>(limit.count()) *
                                                       s_.timeout_scale);
  // Half a second is what a loaded machine may take for nothing.
  const auto least = std::min<Clock::duration>(limit, 500ms);
  return std::max(least, std::chrono::duration_cast<Clock::duration>(time));
}

void CasePlayer::start(const transcript::Case& which) {
  result_ = {};
  result_.title = which.title;
  result_.statements = which.statements;
  links_.clear();
  far_lines_.clear();
  heard_.clear();
  most_data_ = usual_n1;
  multiplexed_ = false;
  opened_sockets_ = false;
  touched_.clear();
  finally_.clear();
  awaited_.clear();
  command_.clear();
  due_.reset();
  cut_short_ = false;
  s_.bench.broker().on_request = [this](int link, const std::string& text) {
    note(Speaker::unit_to_broker, link == 0 ? text : fmt::format("({}) {}", link, text));
  };
  s_.bench.far_end().on_bytes = [this](std::string_view bytes) {
    constexpr std::size_t shown = 400;
    note(Speaker::unit_to_broker, escaped(bytes.substr(0, shown)));
  };
  start_ = reference_ = sent_at_ = Clock::now();
  set_aside();
}

CaseResult CasePlayer::play(const transcript::Case& which) {
  start(which);
  Step current;
  try {
    if (applies(which)) {
      for (const auto& step : which.steps) {
        current = step;
        play_step(step);
        judge(step);
      }
      if (due_) reach_due(current);
      s_.loop.sleep_until(Clock::now() + last_look);
      nothing_left(current);
      if (result_.verdict == Verdict::inconclusive) result_.verdict = Verdict::pass;
    }
  } catch (const Failure& failure) {
    // What stands under no statement is a precondition, in a case that has statements.
    const bool precondition = current.statements.empty() && !which.statements.empty();
    const bool proven = !precondition && !cut_short_;
    result_.verdict = proven ? Verdict::fail : Verdict::inconclusive;
    result_.reason = failure.what();
    if (precondition) result_.reason = "the case cannot begin: " + result_.reason;
    if (proven) result_.failed = current.statements;
  } catch (const PortGone&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    result_.verdict = Verdict::inconclusive;
    result_.reason = error.what();
  }
  result_.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_);
  if (result_.verdict == Verdict::pass) result_.reached = which.statements;
  return result_;
}

bool CasePlayer::applies(const transcript::Case& which) {
  for (const auto& step : which.steps) {
    if (step.verb == "finally") finally_.push_back(step.rest);
    if (is_modem(step) || step.verb == "within" || step.verb.starts_with("dlci"))
      unit_->expect_aside(step.rest);
    if (step.verb == "judged") unit_->expect_aside(step.rest);
    if (step.verb != "when") continue;
    const auto equals = step.rest.find('=');
    if (equals == std::string::npos) throw Failure(step, "say when KNOB=VALUE");
    if (s_.profile.claims_that(step.rest.substr(0, equals), step.rest.substr(equals + 1))) continue;
    result_.verdict = Verdict::not_applicable;
    result_.reason = "the unit does not claim " + step.rest;
    return false;
  }
  return true;
}

void CasePlayer::play_step(Step step) {
  line_ = step.line;
  if (step.verb != "repeat")
    step.rest = transcript::expanded(
        step.rest, [this](const std::string& name) { return s_.bench.variable(name); });
  if (!s_.lenient) return Player::play(step);
  try {
    Player::play(step);
  } catch (const Failure& failure) {
    note(Speaker::suite, failure.what());
    result_.verdict = Verdict::fail;
    if (result_.reason.empty()) result_.reason = failure.what();
    s_.loop.sleep_until(Clock::now() + 300ms);
    unit_->take_all();
    heard_.clear();
    for (const auto& [index, link] : links_) link->requests.clear();
    due_.reset();
  }
}

void CasePlayer::judge(const Step& step) {
  for (const auto& id : step.statements)
    if (std::find(result_.reached.begin(), result_.reached.end(), id) == result_.reached.end())
      result_.reached.push_back(id);
}

void CasePlayer::differ(const Step& step, const std::string& expected, const std::string& got) {
  result_.difference = {step.line, step.verb + " " + step.rest, expected, got};
  throw Failure(step, fmt::format("expected {}, got {}", expected, got));
}

void CasePlayer::send(const Step& step, const std::string& bytes) { transmit(step, bytes, bytes); }

void CasePlayer::transmit(const Step& step, const std::string& bytes, const std::string& meaning) {
  reach_due(step);
  note(Speaker::host, escaped(bytes));
  unit_->write(bytes);
  sent_at_ = reference_ = Clock::now();
  const auto name = command_name(meaning);
  if (!name.empty()) command_ = name;
  opened_sockets_ = opened_sockets_ || name == "+QIOPEN";
  multiplexed_ = multiplexed_ || meaning.find("+CMUX=") != std::string::npos;
  const std::string_view config = "+QMTCFG=";
  if (name + "=" == config && meaning.find('"') != std::string::npos) {
    const auto comma = meaning.find(',');
    const auto end = meaning.find(',', comma + 1);
    if (end != std::string::npos)
      touched_.insert(meaning.substr(meaning.find('"'), end - meaning.find('"')));
  }
}

void CasePlayer::in_time(const Step& step, Time at, const std::string& what) {
  if (!due_) return;
  const auto due = *due_;
  due_.reset();
  if (at < due.earliest)
    differ(step, what,
           fmt::format("the same, {:.0f} ms too early", milliseconds(due.nominal - at)));
  if (at > due.latest)
    differ(step, what, fmt::format("the same, {:.0f} ms too late", milliseconds(at - due.nominal)));
}

void CasePlayer::pass(const Step& step, Duration time) {
  reach_due(step);
  const auto nominal = reference_ + time;
  due_ = Window{nominal - scaled(s_.profile.timer_early), nominal,
                nominal + scaled(s_.profile.timer_late)};
  if (step.verb == "quiet") return reach_due(step);
  s_.loop.wait_until(due_->earliest, [&] { return !unit_->unread().empty() || unit_->gone(); });
  nothing_said(step);
}

/// Until what was waited for is due, to the moment; nothing may be said meanwhile.
void CasePlayer::reach_due(const Step& step) {
  if (!due_) return;
  const auto nominal = due_->nominal;
  due_.reset();
  s_.loop.wait_until(nominal, [&] { return !unit_->unread().empty() || unit_->gone(); });
  nothing_said(step);
  reference_ = nominal;
}

void CasePlayer::nothing_left(const Step& step) {
  nothing_said(step);
  for (const auto& [index, link] : links_)
    if (!link->requests.empty())
      differ(step, "nothing asked of the broker", link->requests.front().text);
  for (const auto& [name, line] : far_lines_)
    if (!line->unread.empty()) differ(step, "nothing for the peer", escaped(line->unread));
  if (!s_.bench.far_end().waiting.empty()) differ(step, "no further connection", "one more");
  if (!s_.bench.broker().waiting.empty()) differ(step, "no further link", "a link opened");
}

}  // namespace conformance
