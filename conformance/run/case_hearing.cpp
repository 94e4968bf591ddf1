// What a case expects the unit to say: awaited as long as the note grants, taken, and measured
// against the note's maximum.
#include "conformance/run/case_player.hpp"
#include "conformance/run/said.hpp"
#include "conformance/transcript/escape.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace conformance {

using transcript::Duration;
using transcript::escaped;
using transcript::Step;
using namespace std::chrono_literals;

namespace {

/// For bytes of a line that has begun to arrive.
constexpr auto rest_of_line = 60ms;
/// Silence in the middle of what is expected.
constexpr auto unfinished = 1500ms;
/// How much longer than its limit something is awaited, to see how late it is.
constexpr auto late_patience = 1500ms;

constexpr std::string_view prompt = "\r\n> ";

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

}  // namespace

Wait CasePlayer::wait_for(const std::string& bytes) const {
  if (due_) return usual_wait({});
  const auto name = urc_name(bytes);
  const bool information = !command_.empty() && name == command_;
  if (ends_command(bytes) || bytes == prompt || information) {
    const auto granted = scaled(*s_.catalogue.limit_of(command_).answer);
    return {fmt::format("{} of {}", bytes == prompt ? "prompt" : "answer",
                        command_.empty() ? "a basic command" : command_),
            granted, granted + late_patience};
  }
  const auto limit = s_.catalogue.limit_of(name);
  if (awaited_.count(name) != 0 && limit.result)
    return {"result of " + name, scaled(*limit.result), scaled(*limit.result) + late_patience};
  return usual_wait(name.empty() ? "bytes without a name" : "URC " + name);
}

Wait CasePlayer::usual_wait(const std::string& what) const {
  const auto time = due_ ? due_->latest - Clock::now()
                         : std::max<Clock::duration>(usual_patience, scaled(usual_patience));
  return {due_ ? std::string{} : what, time, time};
}

void CasePlayer::expect(const Step& step, const std::string& bytes) {
  hear(step, bytes, wait_for(bytes));
}

void CasePlayer::expect_within(const Step& step, Duration limit, const std::string& bytes) {
  const auto time =
      std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double, std::micro>(
          static_cast<double>(limit.count()) * std::max(1.0, s_.timeout_scale)));
  hear(step, bytes,
       {fmt::format("{} within {} ms", urc_name(bytes), limit.count() / 1000), time, time});
}

/// Looks again now and then, since silence is no event.
void CasePlayer::wait_for_bytes(Time deadline, const std::function<bool()>& decided) {
  constexpr auto look = 250ms;
  while (Clock::now() < deadline)
    if (s_.loop.wait_until(std::min(deadline, Clock::now() + look), decided)) return;
}

void CasePlayer::hear(const Step& step, const std::string& bytes, const Wait& wait) {
  const auto began = Clock::now();
  const auto deadline = began + patience_.of(wait);
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
  const auto got = unit_->unread();
  if (got.empty())
    miss(step, wait, escaped(bytes),
         fmt::format("nothing for {:.0f} ms", milliseconds(Clock::now() - reference_)));
  if (!fits() || !whole()) differ(step, escaped(bytes), escaped(got));
  patience_.met(wait, Clock::now() - began);
  take(step, 0, bytes);
}

void CasePlayer::miss(const Step& step, const Wait& wait, const std::string& expected,
                      const std::string& got) {
  const auto waited = patience_.of(wait);
  cut_short_ = patience_.too_short(wait);
  patience_.missed(wait);
  if (waited == wait.whole) differ(step, expected, got);
  differ(step, expected,
         fmt::format("{} (it was missed before, so {:.1f} s were waited for, not {:.1f} s)", got,
                     milliseconds(waited) / 1000, milliseconds(wait.whole) / 1000));
}

void CasePlayer::take(const Step& step, std::size_t offset, const std::string& bytes) {
  const auto first = unit_->arrival(offset);
  const auto last = unit_->arrival(offset + bytes.size() - 1);
  unit_->take_at(offset, bytes.size());
  heard_in_time(step, bytes, first, last);
}

void CasePlayer::heard_in_time(const Step& step, const std::string& bytes, Time first, Time last) {
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
  const auto wait = wait_for(bytes);
  const auto began = Clock::now();
  auto place = std::string::npos;
  s_.loop.wait(patience_.of(wait), [&] {
    place = unit_->unread().find(bytes);
    return place != std::string::npos || unit_->gone();
  });
  if (unit_->gone()) throw PortGone("the port is gone");
  if (place == std::string::npos)
    miss(step, wait, escaped(bytes) + " among what is said", escaped(unit_->unread()));
  patience_.met(wait, Clock::now() - began);
  take(step, place, bytes);
}

void CasePlayer::measure(const Step& step, const std::string& bytes, Time at) {
  if (bytes == prompt) {
    sample(step, command_, false, at - sent_at_);
  } else if (ends_command(bytes)) {
    const auto name = std::exchange(command_, {});
    if (name.empty()) return;
    if (bytes.find("\r\nOK\r\n") != std::string::npos) awaited_[name] = at;
    sample(step, name, false, at - sent_at_);
  } else if (const auto found = awaited_.find(urc_name(bytes)); found != awaited_.end()) {
    const auto [name, since] = *found;
    awaited_.erase(found);
    if (s_.catalogue.limit_of(name).result) sample(step, name, true, at - since);
  }
}

void CasePlayer::sample(const Step& step, const std::string& command, bool is_result,
                        Clock::duration measured) {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  // The answer may be read before the system says that the line is written.
  const auto took = std::max(measured, Clock::duration::zero());
  const auto limit = s_.catalogue.limit_of(command);
  const auto allowed = scaled(is_result ? *limit.result : *limit.answer);
  if (s_.catalogue.has(command))
    result_.samples.push_back({command, is_result, duration_cast<microseconds>(took),
                               duration_cast<microseconds>(allowed)});
  // A result at the limit itself is seen a moment later.
  if (took > allowed + (is_result ? scaled(s_.profile.timer_late) : Clock::duration::zero()))
    differ(step, fmt::format("the answer within {:.0f} ms", milliseconds(allowed)),
           fmt::format("it after {:.0f} ms", milliseconds(took)));
}

void CasePlayer::nothing_said(const Step& step) {
  if (unit_->gone()) throw PortGone("the port is gone");
  drop_heard_aside();
  for (const auto& [dlci, bytes] : heard_)
    if (!bytes.empty()) differ(step, "nothing", fmt::format("{} on DLCI {}", escaped(bytes), dlci));
  if (unit_->unread().empty()) return;
  s_.loop.wait(rest_of_line, [&] { return unit_->unread().empty(); });
  s_.loop.sleep_until(Clock::now() + (unit_->unread().empty() ? 0ms : rest_of_line));
  if (!unit_->unread().empty()) differ(step, "nothing", escaped(unit_->unread()));
}

}  // namespace conformance
