// A terminal whose bytes belong to somebody else, and the modem lines that go with it.
#include "at_engine/reply.hpp"
#include "at_engine/terminal.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace at {

namespace {

/// A multiplexer begins behind the whole line (MUX-8): it is asked for again as its last command,
/// unless that line has it once more.
bool is_put_off(const Online& online, std::vector<ParsedCall>& calls, std::size_t next_call) {
  if (online.is_call() || next_call == 0 || next_call >= calls.size()) return false;
  const auto call = calls[next_call - 1];
  const auto rest = calls.begin() + static_cast<std::ptrdiff_t>(next_call);
  if (std::none_of(rest, calls.end(), [&](const auto& other) { return other.name == call.name; }))
    calls.push_back(call);
  return true;
}

}  // namespace

/// What stands behind the command on its line is not run: the line ends with CONNECT (V.250 5.4.4).
void Terminal::go_online(const std::shared_ptr<Online>& online) {
  if (is_put_off(*online, calls_.calls, next_call_)) return run_calls();
  if (!online->is_call() && !calls_.complete)
    return end_line(final_result(channel_, Result::error));
  if (const auto other = std::exchange(online_, nullptr)) other->displaced();
  escape_.reset();
  online_ = online;
  resume();
  online->connected(*this);
}

void Terminal::resume() {
  if (!online_) return end_line(final_result(channel_, Result::no_carrier));
  const bool returns = std::exchange(escape_, Escape(timeline_.now())).has_value();
  emit_reply(online_->is_call() ? connect_result(channel_, online_->speed())
                                : final_result(channel_, Result::ok));
  mode_ = Mode::online;
  update_lines();
  if (returns) online_->resumed();
}

void Terminal::take_online(std::string_view bytes) {
  if (observer_ != nullptr) heard_ += bytes;
  tell(event::HostBytes{});
  if (!bytes.empty() && belongs_to_line_end(bytes.front())) bytes.remove_prefix(1);
  if (bytes.empty()) return;
  const auto online = online_;
  if (!online->is_call()) return online->receive(bytes);
  std::string data;
  while (!bytes.empty()) {
    escape_->feed(bytes.front(), timeline_.now());
    if (escape_->pluses() == 0) break;  // nor is what came with it: no silence is between
    if (escape_->pluses() == 1) data += std::exchange(held_pluses_, {});
    held_pluses_ += bytes.front();
    bytes.remove_prefix(1);
  }
  if (!bytes.empty()) data += std::exchange(held_pluses_, {});
  watchdog_.stop();
  if (escape_->complete())
    watchdog_.start(Escape::guard, [this] { suspend(); });
  else if (!held_pluses_.empty())
    watchdog_.start(Escape::guard, [this, online] {
      escape_->forget();
      online->receive(std::exchange(held_pluses_, {}));
    });
  if (!data.empty()) bytes = data.append(bytes);
  if (!bytes.empty()) online->receive(bytes);
}

/// The host's bytes are commands again.
void Terminal::leave_online() {
  held_pluses_.clear();
  watchdog_.stop();
  hold(false);
  mode_ = Mode::executing;
}

void Terminal::suspend() {
  const auto online = online_;
  if (!online->can_suspend()) return break_off();
  leave_online();
  end_line(final_result(channel_, Result::ok));
  online->suspended();
}

/// The host has ended what it was online with.
void Terminal::break_off() {
  hang_up();
  mode_ = Mode::executing;
  end_line(final_result(channel_, Result::no_carrier));
}

void Terminal::hang_up() {
  const auto online = std::exchange(online_, nullptr);
  if (!online) return;
  escape_.reset();
  if (mode_ == Mode::online) leave_online();
  update_lines();
  online->hung_up();
}

void Terminal::transmit(std::string_view bytes) {
  if (mode_ != Mode::online || bytes.empty()) return;
  tell(event::Transmitted{bytes});
  port_.write(bytes);
}

void Terminal::hold(bool held) {
  if (held && mode_ != Mode::online) return;
  if (std::exchange(holds_host_, held) != held) port_.hold(held);
}

void Terminal::carrier_lost() {
  if (!online_) return;
  const bool was_online = mode_ == Mode::online;
  finish(Outcome::no_carrier());
  if (!was_online) push({.text = "NO CARRIER", .result = Result::no_carrier});
}

void Terminal::finish(const Outcome& result) {
  if (!online_) return;
  online_.reset();
  escape_.reset();
  update_lines();
  if (mode_ != Mode::online) return;
  leave_online();
  reply_ += information(channel_, result.lines());
  end_line(result_of(result));
}

void Terminal::leave(std::string_view rest) {
  if (!online_) return;
  const std::string commands(rest);  // of somebody who may be gone by then
  online_.reset();
  escape_.reset();
  update_lines();
  if (mode_ == Mode::online) leave_online();
  mode_ = Mode::idle;
  input_ += commands;
  drain();
}

void Terminal::dtr(bool on) {
  if (mode_ == Mode::online && !online_->is_call()) {
    dtr_ = on;
    return std::shared_ptr(online_)->dtr(on);
  }
  const bool dropped = std::exchange(dtr_, on) && !on;
  constexpr int to_command_state = 1;
  constexpr int hangs_up = 2;
  if (!dropped || !powered_) return;
  if (channel_.dtr != 0 && mode_ == Mode::entering && entry_->heeds_dtr()) {
    entry_done(entry_->prompt().then(entry_->take()));
    return drain();
  }
  if (channel_.dtr == to_command_state && mode_ == Mode::online) suspend();
  if (channel_.dtr != hangs_up || !online_) return;
  if (mode_ == Mode::online)
    break_off();
  else
    hang_up();
}

/// The port that the host has closed is a DTR that fell, for who heeds that.
void Terminal::port_closed() {
  if (!online_) return;
  const auto online = online_;
  if (!online->is_call()) return online->host_left();
  if (!online->heeds_port()) return;
  const bool was = std::exchange(dtr_, true);
  dtr(false);
  dtr_ = was;
}

void Terminal::ring(bool active) {
  lines_.ri = active;
  port_.set_lines(lines_);
}

void Terminal::update_lines() {
  constexpr int always_on = 0;
  const bool dcd = channel_.dcd == always_on || (online_ && online_->is_call());
  if (std::exchange(lines_.dcd, dcd) != dcd) port_.set_lines(lines_);
}

/// One LF directly behind the CR of a line is no byte of what follows (GRAM-1).
// reading: behind CONNECT, or the prompt of a socket, it is data if it comes later, of a host whose
// lines end in CR: payloads of sockets begin with any byte
bool Terminal::belongs_to_line_end(char byte) {
  if (!std::exchange(swallow_lf_, false)) return false;
  const auto* const prompt = mode_ == Mode::entering ? &entry_->prompt() : nullptr;
  const bool takes_data =
      mode_ == Mode::online ||
      (prompt != nullptr &&
       (prompt->begins_behind_prompt || prompt->introduction == Prompt::Introduction::connect));
  const bool is_data = takes_data && ends_in_cr_ && timeline_.now() > line_ended_at_;
  const bool belongs = byte == '\n' && !is_data;
  ends_in_cr_ = !belongs;
  return belongs;
}

}  // namespace at
