#include "at_engine/terminal.hpp"

#include "at_engine/reply.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace at {
namespace {

using Lost = event::HostBytesLost::Why;

constexpr std::size_t prefix_bytes = 2;  // "AT"

}  // namespace

Terminal::Terminal(Timeline& timeline, Port& port, Log& log, const Registry& registry, Asker asker,
                   Observer* observer, Interceptor* interceptor)
    : timeline_(timeline),
      port_(port),
      log_(log),
      asker_(asker),
      observer_(observer),
      interceptor_(interceptor),
      families_(registry),
      urcs_(log, fmt::format("channel {}", asker.channel)),
      watchdog_(timeline),
      escape_guard_(timeline) {}

void Terminal::receive(std::string_view bytes) {
  if (!powered_) return tell(event::HostBytesLost{bytes, Lost::module_is_off});
  if (asleep_ && asleep_()) return tell(event::HostBytesLost{bytes, Lost::module_sleeps});
  if (mode_ == Mode::executing && waiting_ && waiting_->aborted) {
    tell(event::HostBytesLost{bytes, Lost::command_aborted});
    std::exchange(waiting_->aborted, nullptr)();
    return settle(Outcome::no_carrier());
  }
  if (mode_ == Mode::online) return take_online(bytes);
  tell(event::HostBytesArrived{bytes.size(), input_.size()});
  input_ += bytes;
  drain();
}

void Terminal::drain() {
  if (draining_) return;
  draining_ = true;
  std::size_t taken = 0;
  while (mode_ != Mode::executing && mode_ != Mode::online && powered_ && taken < input_.size()) {
    taken += take_plain(std::string_view(input_).substr(taken));
    if (taken < input_.size()) take(input_[taken++]);
  }
  input_.erase(0, std::min(taken, input_.size()));
  kept_input_ -= std::min(taken, kept_input_);
  draining_ = false;
  if (mode_ == Mode::executing)
    limit_waiting_input();
  else if (mode_ == Mode::idle)
    answer_overflow();
  else if (mode_ == Mode::entering)
    watch_entry();
  if (!heard_.empty()) tell(event::HostBytes{});
  flush_echo();
  release_urcs();
  // What came behind a dial command in one piece belongs to who is online.
  if (mode_ == Mode::online && !input_.empty()) take_online(std::exchange(input_, {}));
}

/// Most of a line neither ends nor edits it, and is taken in one go; how much there was.
std::size_t Terminal::take_plain(std::string_view bytes) {
  if (mode_ != Mode::idle || !line_.begun()) return 0;
  const auto size = line_.feed_plain(bytes, channel_.s3, channel_.s5);
  if (observer_ != nullptr) heard_ += bytes.substr(0, size);
  if (channel_.echo) echo_ += bytes.substr(0, size);
  line_bytes_ += size;
  return size;
}

void Terminal::take(char byte) {
  if (observer_ != nullptr) heard_ += byte;
  if (belongs_to_line_end(byte)) return;
  if (mode_ == Mode::entering)
    take_data_byte(byte);
  else
    take_line_byte(byte);
}

void Terminal::take_line_byte(char byte) {
  const bool ends_line = byte == channel_.s3;
  const bool had_begun = line_.begun();
  const auto event = line_.feed(byte, timeline_.now(), channel_.s3, channel_.s5);
  line_bytes_ = had_begun ? line_bytes_ + 1 : prefix_bytes;
  if (channel_.echo) echo_ += byte;
  swallow_lf_ = ends_line;
  if (ends_line) line_ended_at_ = timeline_.now();
  switch (event) {
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
      tell(event::LineEnded{false, line_bytes_});
      end_line(final_result(channel_, Result::error));
      break;
  }
}

void Terminal::run_line(const std::string& body) {
  mode_ = Mode::executing;
  calls_ = parse_line(body);
  next_call_ = 0;
  reply_.clear();
  if (observer_ != nullptr) {
    const auto known = [this](const ParsedCall& call) { return families_.registry().find(call); };
    tell(event::LineEnded{
        calls_.complete && std::all_of(calls_.calls.begin(), calls_.calls.end(), known),
        line_bytes_});
  }
  run_calls();
}

void Terminal::run_calls() {
  const auto& registry = families_.registry();
  while (next_call_ < calls_.calls.size()) {
    if (reply_.size() > max_reply) return end_line(final_result(channel_, Result::error));
    const auto& call = calls_.calls[next_call_++];
    const auto* row = registry.find(call);
    limit_ = row == nullptr ? default_limit : row->limit;
    if (observer_ != nullptr)
      tell(event::CommandBegun{call.name, typed(call), limit_, row != nullptr && row->takes_file});
    if (interceptor_ != nullptr && intercept(call)) return;
    if (!advance(row == nullptr ? Outcome::error("there is no such command")
                                : registry.run(*row, call, families_, asker_)))
      return;
  }
  end_line(final_result(channel_, calls_.complete ? Result::ok : Result::error));
}

/// True when the call was answered in its family's place, and the line has ended.
bool Terminal::intercept(const ParsedCall& call) {
  auto instead = interceptor_->instead_of(asker_, typed(call));
  if (!instead) return false;
  if (instead->result.empty()) {
    if (advance(instead->outcome)) run_calls();
    return true;
  }
  tell(event::CommandEnded{call.name, instead->outcome.kind(), instead->outcome.code(),
                           instead->outcome.why()});
  end_line(unsolicited(channel_, instead->result));
  return true;
}

/// Takes one outcome in; true when the next call may run.
bool Terminal::advance(const Outcome& outcome) {
  if (next_call_ > 0)
    tell(event::CommandEnded{calls_.calls[next_call_ - 1].name, outcome.kind(), outcome.code(),
                             outcome.why()});
  if (outcome.deferred()) deferred_.push_back(outcome.deferred());
  if (outcome.download()) download(*outcome.download());
  reply_ += information(channel_, outcome.lines());
  switch (outcome.kind()) {
    case Outcome::Kind::ok:
      return true;
    case Outcome::Kind::error:
    case Outcome::Kind::no_carrier:
    case Outcome::Kind::cme:
    case Outcome::Kind::cms:
    case Outcome::Kind::final:
      end_line(result_of(outcome));
      break;
    case Outcome::Kind::prompt:
      ask(outcome.prompt());
      break;
    case Outcome::Kind::later:
      wait_for(outcome.later());
      break;
    case Outcome::Kind::online:
      go_online(outcome.online());
      break;
    case Outcome::Kind::resume:
      resume();
      break;
    case Outcome::Kind::hang_up:
      hang_up();
      return true;
  }
  return false;
}

/// The final result code of an outcome that has one.
std::string Terminal::result_of(const Outcome& outcome) const {
  switch (outcome.kind()) {
    case Outcome::Kind::ok:
      return final_result(channel_, Result::ok);
    case Outcome::Kind::no_carrier:
      return final_result(channel_, Result::no_carrier);
    case Outcome::Kind::cme:
      return cme_error(channel_, outcome.code());
    case Outcome::Kind::cms:
      return cms_error(channel_, outcome.code());
    case Outcome::Kind::final:
      return final_result(channel_, outcome.final_text());
    default:
      return final_result(channel_, Result::error);
  }
}

void Terminal::wait_for(std::shared_ptr<Later> later) {
  waiting_ = std::move(later);
  waiting_->settle = [this](const Outcome& outcome) { settle(outcome); };
  tell(event::TimerSet{TimerName::command, limit_});
  watchdog_.start(limit_, [this] {
    tell(event::TimerFired{TimerName::command});
    settle(Outcome::error());
  });
}

void Terminal::stop_waiting() {
  if (const auto later = std::exchange(waiting_, nullptr)) later->settle = nullptr;
}

void Terminal::settle(const Outcome& outcome) {
  stop_waiting();
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
  if (connect)
    emit_reply(final_result(channel_, Result::connect), true);
  else
    emit_prompt();
  if (entry_->prompt().timeout) watch_prompt();
}

/// Starts the silence anew that ends an entry, after input.
void Terminal::watch_entry() {
  const auto& prompt = entry_->prompt();
  if (entry_->escaping())
    escape_guard_.start(Escape::guard, [this] {
      entry_done(entry_->prompt().then(entry_->take()));
      drain();
    });
  else
    escape_guard_.stop();
  if (prompt.timeout && prompt.timeout_from == Prompt::TimeoutFrom::last_byte) watch_prompt();
}

void Terminal::drop_entry() {
  watchdog_.stop();
  escape_guard_.stop();
  entry_.reset();
}

void Terminal::watch_prompt() {
  const auto timeout = *entry_->prompt().timeout;
  tell(event::TimerSet{TimerName::prompt, timeout});
  watchdog_.start(timeout, [this] { entry_expired(); });
}

void Terminal::entry_expired() {
  tell(event::TimerFired{TimerName::prompt});
  const auto expired = entry_->prompt().expired;
  entry_done(expired ? expired(entry_->take()) : Outcome::error());
  drain();
}

void Terminal::take_data_byte(char byte) {
  if (entry_->echoes(channel_.echo)) echo_ += byte;
  const auto step = entry_->feed(byte, timeline_.now());
  if (entry_->wants_acknowledgement()) emit("A", event::Reply{"A", {}});
  // What is done with the data is told behind them.
  if (step != Entry::Step::more) tell(event::HostBytes{});
  if (step == Entry::Step::complete) {
    const auto then = entry_->prompt().then;
    entry_done(then(entry_->take()));
  } else if (step == Entry::Step::cancelled) {
    const auto cancelled = entry_->prompt().cancelled;
    entry_done(cancelled ? cancelled() : Outcome::ok());
  }
}

void Terminal::entry_done(const Outcome& outcome) {
  drop_entry();
  tell(event::DataEnded{});
  mode_ = Mode::executing;
  line_.discard_surplus(timeline_.now());
  if (advance(outcome)) run_calls();
}

void Terminal::end_line(const std::string& result) {
  mode_ = Mode::idle;
  emit_reply(result);
  // An action may reset this channel, which empties the list.
  for (std::size_t i = 0; i < deferred_.size(); ++i) {
    const auto next = deferred_[i];
    if (next->claim.holds()) next->action();
  }
  deferred_.clear();
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
  if (kept < input_.size())
    tell(event::HostBytesLost{std::string_view(input_).substr(kept), Lost::no_room});
  input_.resize(kept);
}

void Terminal::answer_overflow() {
  if (!std::exchange(overflowed_, false)) return;
  const auto unit = final_result(channel_, Result::error);
  emit(unit, event::Reply{unit, {}});
}

void Terminal::host_left(bool leaves_data_mode) {
  if (leaves_data_mode && mode_ == Mode::entering) {
    echo_.clear();
    drop_entry();
    mode_ = Mode::idle;
    calls_ = {};
    next_call_ = 0;
    deferred_.clear();
    reply_.clear();
    files_in_reply_.clear();
  }
  line_.drop();
  swallow_lf_ = ends_in_cr_ = false;
  tell(event::HostLeft{});
  tell(event::DataEnded{});
  port_closed();
  release_urcs();
}

void Terminal::reset() {
  hang_up();
  mode_ = Mode::idle;
  stop_waiting();
  drop_entry();
  line_.drop();
  urcs_.clear();
  input_.clear();
  echo_.clear();
  reply_.clear();
  files_in_reply_.clear();
  tell(event::DataEnded{});
  last_line_.clear();
  calls_ = {};
  next_call_ = 0;
  deferred_.clear();
  swallow_lf_ = ends_in_cr_ = overflowed_ = false;
}

void Terminal::power(bool on) {
  powered_ = on;
  reset();
}

std::string_view Terminal::mode_name() const {
  switch (mode_) {
    case Mode::idle:
      return "command";
    case Mode::executing:
      return "executing";
    case Mode::entering:
      return "data";
    case Mode::online:
      return "online";
  }
  return {};
}

}  // namespace at
