// A terminal whose bytes belong to somebody else, and the modem lines that go with it.
#include "at_engine/reply.hpp"
#include "at_engine/terminal.hpp"

#include <utility>

namespace at {

/// What stands behind the command on its line is not run: the line ends with CONNECT (V.250 5.4.4).
void Terminal::go_online(const std::shared_ptr<Online>& online) {
  hang_up();
  online_ = online;
  resume();
  if (online_ == online && online) online->connected(*this);
}

void Terminal::resume() {
  if (!online_) return end_line(final_result(channel_, Result::no_carrier));
  const bool returns = std::exchange(escape_, Escape(timeline_.now())).has_value();
  emit_reply(final_result(channel_, Result::connect));
  mode_ = Mode::online;
  update_lines();
  if (returns) online_->resumed();
}

void Terminal::take_online(std::string_view bytes) {
  if (observer_ != nullptr) heard_ += bytes;
  tell(event::HostBytes{});
  const auto online = online_;
  if (!online->can_escape()) return online->receive(bytes);
  std::string data;
  for (const char byte : bytes) {
    escape_->feed(byte, timeline_.now());
    if (escape_->pluses() > 0) {
      if (escape_->pluses() == 1) data += std::exchange(held_pluses_, {});
      held_pluses_ += byte;
    } else {
      data += std::exchange(held_pluses_, {}) + byte;
    }
  }
  watchdog_.stop();
  if (escape_->complete())
    watchdog_.start(Escape::guard, [this] { suspend(); });
  else if (!held_pluses_.empty())
    watchdog_.start(Escape::guard, [this, online] {
      escape_->forget();
      online->receive(std::exchange(held_pluses_, {}));
    });
  if (!data.empty()) online->receive(data);
}

void Terminal::suspend() {
  held_pluses_.clear();
  watchdog_.stop();
  mode_ = Mode::executing;
  const auto online = online_;
  end_line(final_result(channel_, Result::ok));
  online->suspended();
}

void Terminal::hang_up() {
  const auto online = std::exchange(online_, nullptr);
  if (!online) return;
  escape_.reset();
  held_pluses_.clear();
  if (mode_ == Mode::online) {
    mode_ = Mode::idle;
    watchdog_.stop();
  }
  update_lines();
  online->hung_up();
}

void Terminal::transmit(std::string_view bytes) {
  if (mode_ == Mode::online) port_.write(bytes);
}

void Terminal::carrier_lost() {
  if (!online_) return;
  const bool was_online = mode_ == Mode::online;
  online_.reset();
  escape_.reset();
  held_pluses_.clear();
  update_lines();
  if (!was_online) return announce("NO CARRIER");
  watchdog_.stop();
  mode_ = Mode::executing;
  end_line(final_result(channel_, Result::no_carrier));
}

void Terminal::dtr(bool on) {
  const bool dropped = std::exchange(dtr_, on) && !on;
  constexpr int to_command_state = 1;
  constexpr int hangs_up = 2;
  if (!dropped || !powered_) return;
  if (channel_.dtr == to_command_state && mode_ == Mode::online) suspend();
  if (channel_.dtr != hangs_up || !online_) return;
  const bool was_online = mode_ == Mode::online;
  hang_up();
  if (!was_online) return;
  mode_ = Mode::executing;
  end_line(final_result(channel_, Result::no_carrier));
}

void Terminal::ring(bool active) {
  lines_.ri = active;
  port_.set_lines(lines_);
}

void Terminal::update_lines() {
  constexpr int always_on = 0;
  const bool dcd = channel_.dcd == always_on || online_ != nullptr;
  if (std::exchange(lines_.dcd, dcd) != dcd) port_.set_lines(lines_);
}

}  // namespace at
