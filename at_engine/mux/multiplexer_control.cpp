// The control channel of the multiplexer: the commands of the host, and MSC both ways.
#include "at_engine/mux/control.hpp"
#include "at_engine/mux/multiplexer.hpp"

#include <utility>

namespace at::mux {

void Multiplexer::take_control(std::string_view data) {
  const auto message = parse_control(data);
  if (!message) return;
  const bool leaves = message->is_command() && message->kind() == ControlType::close_down;
  // reading: a host that finds the module in the multiplexer leaves it without opening DLCI 0
  if (!dlc(0).open && !leaves) return;
  if (message->is_command())
    take_command(*message);
  else
    acknowledge(*message);
}

void Multiplexer::take_command(const ControlMessage& command) {
  const auto n1 = static_cast<std::size_t>(parameters_.n1);
  const auto answer = answer_to(command, n1);
  if (answer) send_control(*answer);
  switch (command.kind()) {
    case ControlType::modem_status:
      return take_modem_status(command);
    case ControlType::close_down:
      ending_ = Ending::close_down;
      return;
    case ControlType::flow_on:
    case ControlType::flow_off:
      sender_.stop_all(command.kind() == ControlType::flow_off);
      return flush();
    case ControlType::parameter_negotiation:
      if (const auto agreed = negotiate(command.values, n1))
        if (agreed->dlci > 0 && agreed->dlci <= max_dlcis) sender_.limit(agreed->dlci, agreed->n1);
      return;
    default:
      return;
  }
}

void Multiplexer::take_modem_status(const ControlMessage& command) {
  const auto status = modem_status_of(command.values);
  if (!status || !is_open_channel(status->dlci)) return;
  const auto now = status->signals;
  const auto before = std::exchange(dlc(status->dlci).host, now);
  sender_.stop(status->dlci, stops_sender(now));
  flush();
  if (now != before) events_.host_signals(status->dlci, before, now);
}

void Multiplexer::acknowledge(const ControlMessage& answer) {
  if (answer.kind() != ControlType::modem_status) return;
  const auto status = modem_status_of(answer.values);
  if (status && is_open_channel(status->dlci)) dlc(status->dlci).status_acknowledged = true;
}

void Multiplexer::send_control(std::string_view message) {
  sender_.control({.type = FrameType::uih, .data = message});
  flush();
}

/// Once: a host may never answer it (T-6).
void Multiplexer::send_status(int dlci) {
  dlc(dlci).status_acknowledged = false;
  const auto values = modem_status(dlci, dlc(dlci).module);
  send_control(control_command(ControlType::modem_status, values));
}

void Multiplexer::set_signals(int dlci, const Signals& signals) {
  if (!is_open_channel(dlci) || dlc(dlci).module == signals) return;
  dlc(dlci).module = signals;
  send_status(dlci);
}

/// reading: FC and RTR together, as some hosts look at one of them alone (H-1, H-7)
void Multiplexer::hold(int dlci, bool held) {
  if (!is_open_channel(dlci)) return;
  auto signals = dlc(dlci).module;
  signals.flow_stopped = held;
  signals.receives = !held;
  set_signals(dlci, signals);
}

void Multiplexer::ring(int dlci, bool active) {
  if (!is_open_channel(dlci)) return;
  auto signals = dlc(dlci).module;
  signals.incoming_call = active;
  set_signals(dlci, signals);
}

void Multiplexer::carrier_lost(int dlci) {
  if (!is_open_channel(dlci)) return;
  dlc(dlci).carrier = Carrier::lost;
  auto signals = dlc(dlci).module;
  signals.data_valid = false;
  set_signals(dlci, signals);
}

}  // namespace at::mux
