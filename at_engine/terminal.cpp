#include "at_engine/terminal.hpp"

#include "at_engine/reply.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace at {

Terminal::Terminal(Timeline& timeline, Port& port, Log& log, Tap* tap)
    : timeline_(timeline), port_(port), log_(log), tap_(tap), watchdog_(timeline) {}

void Terminal::receive(std::string_view bytes) {
  if (!powered_) {
    for (const char byte : bytes) tap_.heard(byte);
    tap_.pass_heard();
    return;
  }
  if (mode_ == Mode::executing && abortable_) {
    for (const char byte : bytes) tap_.heard(byte);
    tap_.pass_heard();
    return settle(Outcome::no_carrier());
  }
  input_ += bytes;
  drain();
}

void Terminal::drain() {
  if (draining_) return;
  draining_ = true;
  std::size_t taken = 0;
  while (mode_ != Mode::executing && powered_ && taken < input_.size()) take(input_[taken++]);
  input_.erase(0, std::min(taken, input_.size()));
  kept_input_ -= std::min(taken, kept_input_);
  draining_ = false;
  if (mode_ == Mode::executing)
    limit_waiting_input();
  else if (mode_ == Mode::idle)
    answer_overflow();
  else
    watch_entry();
  tap_.pass_heard();
  flush_echo();
  release_urcs();
}

void Terminal::take(char byte) {
  tap_.heard(byte);
  const bool after_line_end = std::exchange(swallow_lf_, false);
  if (after_line_end && byte == '\n') return;
  if (mode_ == Mode::entering)
    take_data_byte(byte);
  else
    take_line_byte(byte);
}

void Terminal::take_line_byte(char byte) {
  const bool ends_line = byte == channel_.s3;
  const bool had_begun = line_.begun();
  const auto step = line_.feed(byte, timeline_.now(), channel_.s3, channel_.s5);
  if (tap_.file_expected()) watch_for_command(had_begun, step.event);
  if (channel_.echo) echo_ += step.echo;
  echo_of_file_ = tap_.file_expected();
  swallow_lf_ = ends_line;
  switch (step.event) {
    case Line::Event::none:
      break;
    case Line::Event::line:
      last_line_ = line_.text();
      run_line(last_line_);
      break;
    case Line::Event::repeat:
      run_line(last_line_);
      break;
    case Line::Event::too_long:
      end_line(final_result(channel_, Result::error));
      break;
  }
}

/// Behind a command that takes a file: tells the tap what is a command and no content.
void Terminal::watch_for_command(bool line_had_begun, Line::Event event) {
  if (!line_had_begun && line_.begun()) tap_.line_began();
  if (event != Line::Event::line) return;
  const auto line = parse_line(line_.text());
  const auto is_known = [this](const Call& call) { return registry_.knows(call); };
  if (line.complete && std::all_of(line.calls.begin(), line.calls.end(), is_known))
    tap_.line_was_command();
}

void Terminal::run_line(const std::string& body) {
  mode_ = Mode::executing;
  calls_ = parse_line(body);
  next_call_ = 0;
  reply_.clear();
  run_calls();
}

void Terminal::run_calls() {
  while (next_call_ < calls_.calls.size()) {
    const auto& call = calls_.calls[next_call_++];
    if (registry_.takes_file(call)) tap_.expect_file();
    if (!advance(registry_.run(call))) return;
  }
  end_line(final_result(channel_, calls_.complete ? Result::ok : Result::error));
}

/// Takes one outcome in; true when the next call may run.
bool Terminal::advance(const Outcome& outcome) {
  if (outcome.after()) after_.push_back(outcome.after());
  if (outcome.download()) download(*outcome.download());
  reply_ += information(channel_, outcome.lines());
  switch (outcome.kind()) {
    case Outcome::Kind::ok:
      return true;
    case Outcome::Kind::error:
      end_line(final_result(channel_, Result::error));
      break;
    case Outcome::Kind::no_carrier:
      end_line(final_result(channel_, Result::no_carrier));
      break;
    case Outcome::Kind::cme:
      end_line(cme_error(channel_, outcome.code()));
      break;
    case Outcome::Kind::cms:
      end_line(cms_error(channel_, outcome.code()));
      break;
    case Outcome::Kind::prompt:
      ask(outcome.prompt());
      break;
    case Outcome::Kind::later:
      wait_for(*outcome.later());
      break;
  }
  return false;
}

void Terminal::wait_for(const Later& later) {
  const auto generation = ++generation_;
  const auto limit = registry_.limit(calls_.calls[next_call_ - 1]);
  watchdog_.start(limit, [this] { settle(Outcome::error()); });
  abortable_ = later.abortable;
  later.start([this, generation](const Outcome& outcome) {
    if (generation == generation_) settle(outcome);
  });
}

void Terminal::settle(const Outcome& outcome) {
  ++generation_;
  abortable_ = false;
  watchdog_.stop();
  if (advance(outcome)) run_calls();
  drain();
}

void Terminal::download(const Download& download) {
  reply_ += download.announcement.empty() ? final_result(channel_, Result::connect)
                                          : information(channel_, {download.announcement});
  files_in_reply_.emplace_back(reply_.size(), download.bytes.size());
  reply_ += download.bytes;
}

void Terminal::ask(std::shared_ptr<Prompt> prompt) {
  const bool connect = prompt->introduction == Prompt::Introduction::connect;
  entry_.emplace(std::move(prompt), timeline_.now());
  mode_ = Mode::entering;
  emit_reply(connect ? final_result(channel_, Result::connect) : arrow(channel_));
  const auto& timeout = entry_->prompt().timeout;
  if (timeout) watchdog_.start(*timeout, [this] { entry_expired(); });
}

/// Starts the silence anew that ends an entry, after input.
void Terminal::watch_entry() {
  const auto& prompt = entry_->prompt();
  if (entry_->escaping()) {
    watchdog_.start(Entry::plus_guard, [this] {
      entry_done(entry_->prompt().then(entry_->take()));
      drain();
    });
  } else if (prompt.timeout && prompt.timeout_from == Prompt::TimeoutFrom::last_byte) {
    watchdog_.start(*prompt.timeout, [this] { entry_expired(); });
  }
}

void Terminal::entry_expired() {
  const auto expired = entry_->prompt().expired;
  entry_done(expired ? expired(entry_->take()) : Outcome::error());
  drain();
}

void Terminal::take_data_byte(char byte) {
  if (entry_->echoes(channel_.echo)) echo_ += byte;
  const auto step = entry_->feed(byte, timeline_.now());
  if (entry_->wants_acknowledgement()) emit("A");
  switch (step) {
    case Entry::Step::more:
      break;
    case Entry::Step::complete: {
      auto then = entry_->prompt().then;
      entry_done(then(entry_->take()));
      break;
    }
    case Entry::Step::cancelled:
      entry_done(Outcome::ok());
      break;
  }
}

void Terminal::entry_done(const Outcome& outcome) {
  watchdog_.stop();
  entry_.reset();
  tap_.pass_file();
  mode_ = Mode::executing;
  line_.discard_surplus(timeline_.now());
  if (advance(outcome)) run_calls();
}

void Terminal::end_line(const std::string& result) {
  mode_ = Mode::idle;
  emit_reply(result);
  for (auto& action : std::exchange(after_, {})) action();
  release_urcs();
}

void Terminal::limit_waiting_input() {
  if (!overflowed_) {
    if (input_.size() <= max_waiting_input) return;
    log_.warning(fmt::format("input while a command runs: {} bytes, {} fit; the rest is dropped",
                             input_.size(), max_waiting_input));
    const auto last_end = input_.rfind(channel_.s3, max_waiting_input - 1);
    kept_input_ = last_end == std::string::npos ? 0 : last_end + 1;
    overflowed_ = true;
  }
  const auto kept = std::min(input_.size(), kept_input_);
  tap_.dropped(std::string_view(input_).substr(kept));
  input_.resize(kept);
}

void Terminal::answer_overflow() {
  if (!std::exchange(overflowed_, false)) return;
  emit(final_result(channel_, Result::error));
}

void Terminal::announce(std::string line) {
  if (!powered_) return;
  if (!urcs_.push(std::move(line))) {
    log_.warning(fmt::format("URC queue full: {} dropped so far", urcs_.dropped()));
    return;
  }
  if (!draining_) release_urcs();
}

void Terminal::release_urcs() {
  while (idle() && !urcs_.empty()) emit(unsolicited(channel_, urcs_.pop()));
}

void Terminal::host_left() {
  line_.drop();
  swallow_lf_ = false;
  tap_.pass_file();
  release_urcs();
}

void Terminal::reset() {
  mode_ = Mode::idle;
  ++generation_;
  watchdog_.stop();
  entry_.reset();
  line_.drop();
  urcs_.clear();
  input_.clear();
  echo_.clear();
  reply_.clear();
  files_in_reply_.clear();
  tap_.pass_heard();
  tap_.pass_file();
  last_line_.clear();
  calls_ = {};
  next_call_ = 0;
  after_.clear();
  swallow_lf_ = overflowed_ = abortable_ = false;
}

void Terminal::power(bool on) {
  powered_ = on;
  reset();
}

void Terminal::emit_reply(const std::string& result) {
  emit(std::exchange(reply_, {}) + result);
  files_in_reply_.clear();
}

void Terminal::emit(std::string_view unit) {
  if (echo_.empty() && unit.empty()) return;
  tap_.pass_heard();
  const auto echo = std::exchange(echo_, {});
  tap_.echoed(echo, echo_of_file_);
  tap_.said(unit, files_in_reply_);
  if (echo.empty())
    port_.write(unit);
  else
    port_.write(echo + std::string(unit));
}

void Terminal::flush_echo() { emit({}); }

}  // namespace at
