#include "conformance/run/case_player.hpp"

#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace conformance {

using transcript::Duration;
using transcript::escaped;
using transcript::Failure;
using transcript::Step;
using namespace std::chrono_literals;

namespace {

/// For bytes of a line that has begun to arrive.
constexpr auto rest_of_line = 60ms;
/// Silence in the middle of what is expected.
constexpr auto unfinished = 1500ms;
/// How much longer than its limit something is awaited, to see how late it is.
constexpr auto late_patience = 1500ms;
/// Behind the last step: what comes now, nobody expected.
constexpr auto last_look = 80ms;

constexpr std::string_view prompt = "\r\n> ";

bool ends_command(const std::string& bytes) {
  for (const std::string_view code : {"\r\nOK\r\n", "\r\nERROR\r\n"})
    if (bytes.size() >= code.size() &&
        bytes.compare(bytes.size() - code.size(), code.size(), code) == 0)
      return true;
  return bytes.rfind("\r\n+CME ERROR: ", 0) == 0;
}

/// "+QMTOPEN" of "\r\n+QMTOPEN: 0,0\r\n".
std::string urc_name(const std::string& bytes) {
  if (bytes.rfind("\r\n+", 0) != 0) return {};
  return bytes.substr(2, bytes.find_first_of(":\r", 2) - 2);
}

/// "+QMTOPEN" of "AT+QMTOPEN=0,...", "" for what is no extended command.
std::string command_name(const std::string& line) {
  if (line.size() < 4 || (line[0] != 'A' && line[0] != 'a') || (line[1] != 'T' && line[1] != 't'))
    return {};
  auto name = line.substr(2, line.find_first_of("=?;\r", 2) - 2);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return name;
}

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

CasePlayer::CasePlayer(Setting setting) : s_(std::move(setting)) {}

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

CaseResult CasePlayer::play(const transcript::Case& which) {
  result_ = {};
  result_.title = which.title;
  result_.statements = which.statements;
  links_.clear();
  touched_.clear();
  finally_.clear();
  awaited_.clear();
  command_.clear();
  due_.reset();
  s_.bench.broker().on_request = [this](int link, const std::string& text) {
    note(Speaker::unit_to_broker, link == 0 ? text : fmt::format("({}) {}", link, text));
  };
  start_ = reference_ = sent_at_ = Clock::now();
  set_aside();
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
    result_.verdict = precondition ? Verdict::inconclusive : Verdict::fail;
    result_.reason = failure.what();
    if (precondition) result_.reason = "the case cannot begin: " + result_.reason;
    result_.failed = current.statements;
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
    if (is_modem(step) || step.verb == "within") unit_->expect_aside(step.rest);
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

void CasePlayer::send(const Step& step, const std::string& bytes) {
  reach_due(step);
  note(Speaker::host, escaped(bytes));
  unit_->write(bytes);
  sent_at_ = reference_ = Clock::now();
  const auto name = command_name(bytes);
  if (!name.empty()) command_ = name;
  const std::string_view config = "+QMTCFG=";
  if (name + "=" == config && bytes.find('"') != std::string::npos) {
    const auto comma = bytes.find(',');
    const auto end = bytes.find(',', comma + 1);
    if (end != std::string::npos)
      touched_.insert(bytes.substr(bytes.find('"'), end - bytes.find('"')));
  }
}

Clock::duration CasePlayer::patience(const std::string& bytes) const {
  if (ends_command(bytes) || bytes == prompt)
    return scaled(*s_.catalogue.limit_of(command_).answer) + late_patience;
  const auto name = urc_name(bytes);
  const auto limit = s_.catalogue.limit_of(name);
  if (awaited_.count(name) != 0 && limit.result) return scaled(*limit.result) + late_patience;
  return std::max<Clock::duration>(usual_patience, scaled(usual_patience));
}

void CasePlayer::expect(const Step& step, const std::string& bytes) {
  hear(step, bytes, due_ ? due_->latest : Clock::now() + patience(bytes));
}

void CasePlayer::expect_within(const Step& step, Duration limit, const std::string& bytes) {
  const auto time = std::chrono::duration<double, std::micro>(static_cast<double>(limit.count()) *
                                                              std::max(1.0, s_.timeout_scale));
  hear(step, bytes, Clock::now() + std::chrono::duration_cast<Clock::duration>(time));
}

/// Looks again now and then, since silence is no event.
void CasePlayer::wait_for_bytes(Time deadline, const std::function<bool()>& decided) {
  constexpr auto look = 250ms;
  while (Clock::now() < deadline)
    if (s_.loop.wait_until(std::min(deadline, Clock::now() + look), decided)) return;
}

void CasePlayer::hear(const Step& step, const std::string& bytes, Time deadline) {
  const auto fits = [&] {
    const auto& unread = unit_->unread();
    return unread.compare(0, bytes.size(), bytes, 0, unread.size()) == 0;
  };
  const auto whole = [&] { return unit_->unread().size() >= bytes.size(); };
  // What has begun goes on: a line without its end is not waited for.
  const auto begun_long_ago = [&] {
    return !unit_->unread().empty() && Clock::now() - unit_->last_arrival() > unfinished;
  };
  const auto decided = [&] { return !fits() || whole() || unit_->gone() || begun_long_ago(); };
  wait_for_bytes(deadline, decided);
  // A URC that is to be set aside may be half there.
  if (!fits()) {
    s_.loop.wait(rest_of_line, [&] { return fits(); });
    wait_for_bytes(deadline, decided);
  }
  if (unit_->gone()) throw PortGone("the port is gone");
  if (!fits() || !whole()) {
    const auto got = unit_->unread();
    const auto waited = milliseconds(Clock::now() - reference_);
    differ(step, escaped(bytes),
           got.empty() ? fmt::format("nothing for {:.0f} ms", waited) : escaped(got));
  }
  take(step, 0, bytes);
}

void CasePlayer::take(const Step& step, std::size_t offset, const std::string& bytes) {
  const auto first = unit_->arrival(offset);
  const auto last = unit_->arrival(offset + bytes.size() - 1);
  unit_->take_at(offset, bytes.size());
  // What a timer brings about was not asked for by the last line.
  const bool by_timer = due_.has_value();
  in_time(step, first, escaped(bytes));
  reference_ = last;
  if (by_timer)
    command_.clear();
  else
    measure(step, bytes, last);
}

void CasePlayer::expect_among(const Step& step, const std::string& bytes) {
  auto place = std::string::npos;
  s_.loop.wait_until(due_ ? due_->latest : Clock::now() + patience(bytes), [&] {
    place = unit_->unread().find(bytes);
    return place != std::string::npos || unit_->gone();
  });
  if (unit_->gone()) throw PortGone("the port is gone");
  if (place == std::string::npos)
    differ(step, escaped(bytes) + " among what is said", escaped(unit_->unread()));
  take(step, place, bytes);
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

void CasePlayer::measure(const Step& step, const std::string& bytes, Time at) {
  if (bytes == prompt) {
    sample(step, command_, false, at - sent_at_, *s_.catalogue.limit_of(command_).answer);
  } else if (ends_command(bytes)) {
    const auto name = std::exchange(command_, {});
    if (name.empty()) return;
    if (bytes.find("\r\nOK\r\n") != std::string::npos) awaited_[name] = at;
    sample(step, name, false, at - sent_at_, *s_.catalogue.limit_of(name).answer);
  } else if (const auto found = awaited_.find(urc_name(bytes)); found != awaited_.end()) {
    const auto since = found->second;
    const auto name = found->first;
    awaited_.erase(found);
    if (const auto limit = s_.catalogue.limit_of(name).result)
      sample(step, name, true, at - since, *limit);
  }
}

void CasePlayer::sample(const Step& step, const std::string& command, bool is_result,
                        Clock::duration took, std::chrono::milliseconds limit) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  const auto allowed = scaled(limit);
  result_.samples.push_back({command, is_result, duration_cast<microseconds>(took),
                             duration_cast<microseconds>(allowed)});
  // A result at the limit itself is seen a moment later.
  if (took > allowed + (is_result ? scaled(s_.profile.timer_late) : Clock::duration::zero()))
    differ(step, fmt::format("the answer within {:.0f} ms", milliseconds(allowed)),
           fmt::format("it after {:.0f} ms", milliseconds(took)));
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

void CasePlayer::nothing_said(const Step& step) {
  if (unit_->gone()) throw PortGone("the port is gone");
  if (unit_->unread().empty()) return;
  s_.loop.wait(rest_of_line, [&] { return unit_->unread().empty(); });
  s_.loop.sleep_until(Clock::now() + (unit_->unread().empty() ? 0ms : rest_of_line));
  if (!unit_->unread().empty()) differ(step, "nothing", escaped(unit_->unread()));
}

void CasePlayer::nothing_left(const Step& step) {
  nothing_said(step);
  for (const auto& [index, link] : links_)
    if (!link->requests.empty())
      differ(step, "nothing asked of the broker", link->requests.front().text);
  if (!s_.bench.broker().waiting.empty()) differ(step, "no further link", "a link opened");
}

}  // namespace conformance
