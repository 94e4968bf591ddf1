// The steps of a case inside a multiplexer: data of one DLCI, however the unit cuts them into
// frames. What is to be judged to the byte is written in >> and <<.
#include "conformance/run/case_player.hpp"
#include "conformance/run/said.hpp"
#include "conformance/transcript/escape.hpp"

#include <fmt/format.h>

namespace conformance {

using transcript::escaped;
using transcript::Failure;
using transcript::Step;
using namespace std::chrono_literals;

namespace {

/// For the unit's MSC behind UA, which not every unit sends.
constexpr auto for_status = 500ms;
/// For the last bytes of an answer that has begun to arrive.
constexpr auto rest_of_answer = 20ms;
constexpr std::size_t name_size = 4;  // dlci

std::string on(int dlci, const std::string& bytes) {
  return fmt::format("{} on DLCI {}", bytes, dlci);
}

}  // namespace

/// "dlci2 < OK"
void CasePlayer::dlci(const Step& step) {
  const int dlci = step.verb.size() > name_size ? step.verb[name_size] - '0' : -1;
  if (dlci < 0 || dlci > mux::last_dlci) throw Failure(step, "a DLCI is one of 0 to 4");
  Step inner = step;
  inner.verb = step.rest.substr(0, step.rest.find(' '));
  inner.rest = step.rest.size() > inner.verb.size() ? step.rest.substr(inner.verb.size() + 1) : "";
  if (inner.verb == "open") return open_dlci(step, dlci);
  if (dlci == 0) throw Failure(step, "DLCI 0 can only be opened");
  if (inner.verb == "status") return take_status(step, dlci);
  if (inner.verb == "close") return close_dlci(step, dlci);
  if (inner.verb == "reset") return reset_on(step, dlci);
  if (is_host(inner)) {
    nothing_said(step);
    transmit(step, mux::frame(dlci, mux::uih, host_bytes(inner)), host_bytes(inner));
  } else if (is_modem(inner) && inner.verb != "<&") {
    hear_on(step, dlci, expected_bytes(inner));
  } else {
    throw Failure(step, "a DLCI has no such step: " + inner.verb);
  }
}

/// The frame that comes next; it is taken.
mux::Heard CasePlayer::next_frame(const Step& step, const Wait& wait, Time deadline,
                                  const std::string& expected) {
  mux::Heard frame;
  wait_for_bytes(deadline, [&] {
    frame = mux::heard(unit_->unread());
    return frame.kind != mux::Heard::Kind::begun || unit_->gone();
  });
  if (unit_->gone()) throw PortGone("the port is gone");
  const auto got = escaped(unit_->unread());
  if (frame.kind == mux::Heard::Kind::begun)
    miss(step, wait, expected, got.empty() ? "nothing" : got);
  if (frame.kind == mux::Heard::Kind::wrong)
    differ(step, expected, fmt::format("{}: {}", frame.wrong, got));
  arrived_ = unit_->arrival(frame.size - 1);
  unit_->take(frame.size);
  return frame;
}

/// Frames of other channels may come between; what they hold is for later steps.
void CasePlayer::hear_on(const Step& step, int dlci, const std::string& bytes) {
  const auto wait = wait_for(bytes);
  const auto began = Clock::now();
  const auto deadline = began + patience_.of(wait);
  const auto expected = on(dlci, escaped(bytes));
  auto& heard = heard_[dlci];
  const auto fits = [&] { return heard.compare(0, bytes.size(), bytes, 0, heard.size()) == 0; };
  while (fits() && heard.size() < bytes.size()) {
    const auto frame = next_frame(step, wait, deadline, expected);
    if (!frame.is_data())
      differ(step, expected,
             fmt::format("a frame of type {:02X} on DLCI {} with C/R {:d}: {}", frame.type,
                         frame.dlci, frame.command_response, escaped(frame.data)));
    if (frame.data.size() > most_data_)
      differ(step, fmt::format("at most {} bytes of data in a frame", most_data_),
             std::to_string(frame.data.size()));
    heard_[frame.dlci] += frame.data;
    drop_heard_aside();
  }
  if (!fits()) differ(step, expected, on(dlci, escaped(heard)));
  heard.erase(0, bytes.size());
  patience_.met(wait, Clock::now() - began);
  heard_in_time(step, bytes, arrived_, arrived_);
}

/// URCs that share a frame with something else.
void CasePlayer::drop_heard_aside() {
  for (auto& [dlci, bytes] : heard_)
    while (const auto size = unit_->aside_size(bytes)) {
      unit_->on_aside(std::string_view(bytes).substr(0, size));
      bytes.erase(0, size);
    }
}

void CasePlayer::open_dlci(const Step& step, int dlci) {
  nothing_said(step);
  transmit(step, mux::frame(dlci, mux::sabm), {});
  const auto wait = usual_wait("UA");
  const auto deadline = Clock::now() + patience_.of(wait);
  const auto expected = on(dlci, "UA");
  const auto frame = next_frame(step, wait, deadline, expected);
  if (frame.dlci != dlci || frame.type != mux::ua) differ(step, expected, "another frame");
  patience_.met(wait, Clock::now() - sent_at_);
  if (dlci != 0) take_status(step, dlci);
}

/// MSC behind the UA of a channel, whatever it tells, is acknowledged.
void CasePlayer::take_status(const Step& step, int dlci) {
  mux::Heard status;
  s_.loop.wait(scaled(for_status), [&] {
    status = mux::heard(unit_->unread());
    return status.kind == mux::Heard::Kind::whole || unit_->gone();
  });
  const auto values = status.modem_status();
  if (values.empty() || static_cast<unsigned char>(values[0]) >> 2U != static_cast<unsigned>(dlci))
    return;
  unit_->take(status.size);
  auto answer = status.data;
  answer[0] = '\xE1';
  transmit(step, mux::frame(0, mux::uih, answer), {});
}

/// Whatever the unit still has to say on it is dropped.
void CasePlayer::close_dlci(const Step& step, int dlci) {
  reach_due(step);
  transmit(step, mux::frame(dlci, mux::disc), {});
  const auto wait = usual_wait("UA");
  const auto deadline = Clock::now() + patience_.of(wait);
  for (;;) {
    const auto frame = next_frame(step, wait, deadline, on(dlci, "UA"));
    if (frame.dlci == dlci && frame.type == mux::ua) break;
    if (!frame.is_data()) continue;
    heard_[frame.dlci] += frame.data;
  }
  heard_[dlci].clear();
}

/// The end of the multiplexer as well: the boot is told on the bare port.
void CasePlayer::reset_on(const Step& step, int dlci) {
  const std::string reset = "AT+CFUN=1,1\r";
  transmit(step, mux::frame(dlci, mux::uih, reset), reset);
  hear_on(step, dlci, "\r\nOK\r\n");
  await_boot();
}

/// In a multiplexer CLD ends it; at the bare port it is junk before AT.
void CasePlayer::leave_multiplexer() {
  constexpr auto for_answer = 300ms;
  constexpr std::string_view close_down_answered("\xC1\x01", 2);
  heard_.clear();
  note(Speaker::suite, "out of the multiplexer, if it is there");
  unit_->write(mux::leave());
  s_.loop.wait(for_answer, [&] {
    return unit_->unread().find(close_down_answered) != std::string::npos || unit_->gone();
  });
  s_.loop.sleep_until(Clock::now() + rest_of_answer);
  unit_->take_all();
}

}  // namespace conformance
