#include "at_engine/mux/multiplexer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace at::mux {

Multiplexer::Multiplexer(const Parameters& parameters, int dlcis, Line& line, Events& events)
    : parameters_(parameters),
      dlcis_(std::clamp(dlcis, 1, max_dlcis)),
      events_(events),
      sender_(line, static_cast<std::size_t>(std::max(parameters.n1, 1))),
      receiver_(std::make_shared<Receiver>()) {}

void Multiplexer::receive(std::string_view bytes) {
  const auto receiver = receiver_;
  while (!receiver->is_orphaned && !ended_) {
    const auto frame = receiver->framer.next(bytes);
    if (!frame) return tell_drained();
    take(*frame);
    if (!receiver->is_orphaned && ending_) return end(bytes);
  }
}

void Multiplexer::drained() {
  flush();
  tell_drained();
}

void Multiplexer::take(const Frame& frame) {
  switch (frame.type) {
    case FrameType::sabm:
      return connect(frame.dlci);
    case FrameType::disc:
      return disconnect(frame.dlci);
    case FrameType::dm:
      // reading: a DM of the host means that it knows nothing of the DLCI
      if (is_open_channel(frame.dlci)) close(frame.dlci, Closing::refused);
      return;
    case FrameType::uih:
    case FrameType::ui:
      return frame.dlci == 0 ? take_control(frame.data) : take_data(frame.dlci, frame.data);
    case FrameType::ua:
      return;
  }
}

void Multiplexer::connect(int dlci) {
  if (dlci > last_refused) return;
  if (dlci > dlcis_ || (dlci != 0 && !dlc(0).open)) return respond(dlci, FrameType::dm);
  auto& opening = dlc(dlci);
  const bool is_new = !opening.open;
  opening.open = true;
  respond(dlci, FrameType::ua);
  if (dlci == 0) return;
  // reading: a host that opens again what it had already acknowledged is a new one, and has to be
  // told; one that repeats its SABM has MSC on its way (T-9)
  if (is_new || opening.status_acknowledged) send_status(dlci);
  if (!is_new) return;
  ++opening.opened;
  events_.opened(dlci);
}

void Multiplexer::disconnect(int dlci) {
  if (dlci > last_refused) return;
  if (!is_open(dlci)) return respond(dlci, FrameType::dm);
  respond(dlci, FrameType::ua);
  if (dlci == 0)
    ending_ = Ending::disconnected;
  else
    close(dlci, Closing::disconnected);
}

void Multiplexer::close(int dlci, Closing why) {
  auto& closing = dlc(dlci);
  closing = {
      .opened = closing.opened, .frames_in = closing.frames_in, .bytes_in = closing.bytes_in};
  sender_.discard(dlci);
  events_.closed(dlci, why);
}

void Multiplexer::take_data(int dlci, std::string_view bytes) {
  if (!is_open(dlci)) return;
  auto& taking = dlc(dlci);
  ++taking.frames_in;
  taking.bytes_in += bytes.size();
  if (!bytes.empty()) events_.received(dlci, bytes);
}

/// What has come behind the last frame, and `bytes` behind it, is nobody's here.
void Multiplexer::end(std::string_view bytes) {
  const auto receiver = receiver_;
  const auto how = *ending_;
  const auto rest = std::string(receiver->framer.unread()).append(bytes);
  ended_ = true;
  dlc(0).open = false;
  sender_.flush_control();
  for (int dlci = 1; dlci <= max_dlcis && !receiver->is_orphaned; ++dlci)
    if (dlc(dlci).open) close(dlci, Closing::multiplexer_ended);
  if (!receiver->is_orphaned) events_.ended(how, rest);
}

void Multiplexer::write(int dlci, std::string_view bytes) {
  if (!is_open_channel(dlci) || ended_ || bytes.empty()) return;
  auto& writing = dlc(dlci);
  sender_.data(dlci, bytes);
  if (writing.carrier == Carrier::lost) writing.carrier = Carrier::returning;
  flush();
  if (room(dlci) == 0) writing.starved = true;
}

std::size_t Multiplexer::room(int dlci) const {
  if (!is_open_channel(dlci)) return Sender::share;
  return Sender::share - std::min(Sender::share, sender_.queued(dlci));
}

void Multiplexer::tell_drained() {
  const auto receiver = receiver_;
  for (int dlci = 1; dlci <= max_dlcis && !receiver->is_orphaned && !ended_; ++dlci)
    if (dlc(dlci).starved && sender_.queued(dlci) == 0) {
      dlc(dlci).starved = false;
      events_.drained(dlci);
    }
}

void Multiplexer::flush() {
  sender_.flush();
  for (int dlci = 1; dlci <= max_dlcis; ++dlci) {
    auto& sending = dlc(dlci);
    if (sending.carrier != Carrier::returning || sender_.queued(dlci) != 0) continue;
    sending.carrier = Carrier::present;
    auto signals = sending.module;
    signals.data_valid = true;
    set_signals(dlci, signals);
  }
}

void Multiplexer::respond(int dlci, FrameType type) {
  sender_.control({.dlci = dlci, .command_response = true, .type = type, .poll_final = true});
  flush();
}

bool Multiplexer::is_open(int dlci) const {
  return dlci >= 0 && dlci <= max_dlcis && dlc(dlci).open;
}

DlciState Multiplexer::state(int dlci) const {
  const auto& shown = dlc(dlci);
  return {.open = shown.open,
          .stopped = sender_.is_stopped(dlci),
          .holds_host = stops_sender(shown.module),
          .queued = sender_.queued(dlci),
          .host = shown.host,
          .module = shown.module,
          .opened = shown.opened,
          .frames_in = shown.frames_in,
          .bytes_in = shown.bytes_in,
          .out = sender_.counters(dlci)};
}

bool Multiplexer::host_is_ready() const {
  return std::any_of(dlcs_.begin() + 1, dlcs_.end(),
                     [](const Dlc& any) { return any.open && any.host.ready; });
}

}  // namespace at::mux
