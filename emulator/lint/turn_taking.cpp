#include "emulator/lint/turn_taking.hpp"

#include "at_engine/command.hpp"
#include "emulator/lint/command_text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace emulator::lint {
namespace {

/// The name of a command as it was typed: what stands before `=` or `?`.
std::string named(const std::string& command) {
  return "AT" + command.substr(0, command.find_first_of("=?"));
}

double in_seconds(at::Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void TurnTaking::saw(at::Time at, at::Asker channel, const at::Event& event) {
  auto& host = hosts_[channel.channel];
  namespace seen = at::event;
  if (const auto* arrived = std::get_if<seen::HostBytesArrived>(&event)) {
    on(at, host, *arrived);
  } else if (const auto* bytes = std::get_if<seen::HostBytes>(&event)) {
    on(at, host, channel, *bytes);
  } else if (const auto* lost = std::get_if<seen::HostBytesLost>(&event)) {
    on(at, host, *lost);
  } else if (const auto* line = std::get_if<seen::LineEnded>(&event)) {
    on(at, host, *line);
  } else if (const auto* begun = std::get_if<seen::CommandBegun>(&event)) {
    on(at, host, channel, *begun);
  } else if (const auto* ended = std::get_if<seen::CommandEnded>(&event)) {
    host.asked = ended->kind == at::Outcome::Kind::prompt;
  } else if (std::holds_alternative<seen::Reply>(event) ||
             std::holds_alternative<seen::Prompted>(event)) {
    said(at, host, channel);
  } else if (std::holds_alternative<seen::DataEnded>(event)) {
    host.entering = host.asked = false;
  } else if (std::holds_alternative<seen::HostLeft>(event)) {
    host.answered = true;
    host.early = host.held = 0;
  }
}

/// What had not been answered by then is forgotten with everything else.
void TurnTaking::saw(at::Time, const device::Event& event) {
  const auto* power = std::get_if<device::event::PowerChanged>(&event);
  if (power != nullptr && power->state == device::Power::State::off) hosts_.clear();
}

void TurnTaking::saw(at::Time, const emulator::event::AnswerDisturbed& event) {
  auto& host = hosts_[event.channel.channel];
  host.answered = event.how == emulator::event::AnswerDisturbed::How::said;
  if (host.answered) host.early = host.untaken + host.held;
}

void TurnTaking::saw(at::Time, const emulator::event::HostBytesHeld& event) {
  hosts_[event.channel.channel].held = event.size;
}

void TurnTaking::on(at::Time, Host& host, const at::event::HostBytesArrived& event) {
  host.untaken = event.waiting + event.size;
  host.early = std::min(host.early, host.untaken + host.held);
}

void TurnTaking::on(at::Time at, Host& host, at::Asker channel, const at::event::HostBytes& event) {
  const auto size = event.bytes.size();
  auto early = std::min(host.early, size);
  host.since_early = host.early > 0 ? size - early : std::min(host.since_early + size, long_ago);
  host.early -= early;
  host.untaken -= std::min(host.untaken, size);
  const bool line_feed = std::exchange(host.behind_line, false) && event.bytes.front() == '\n';
  if (!host.entering) return;
  if (outstanding(at, host, host.last)) early = size;
  if (line_feed && early > 0) --early;
  if (early == 0) return;
  host.early = 0;
  report({Rule::data_before_prompt,
          at,
          channel,
          {},
          fmt::format("{} bytes of data for {} came before its prompt", early,
                      named(host.last.command)),
          shown_command(host.last.command)});
}

void TurnTaking::on(at::Time, Host& host, const at::event::HostBytesLost& event) {
  if (event.why != at::event::HostBytesLost::Why::no_room) return;
  host.untaken -= std::min(host.untaken, event.bytes.size());
  host.early = std::min(host.early, host.untaken + host.held);
}

void TurnTaking::on(at::Time at, Host& host, const at::event::LineEnded& event) {
  host.former = std::exchange(host.last, Sent{{}, at, at::default_limit});
  host.too_early = event.size > host.since_early || outstanding(at, host, host.former);
  host.answered = true;
  host.begun = false;
}

void TurnTaking::on(at::Time at, Host& host, at::Asker channel,
                    const at::event::CommandBegun& event) {
  host.last.limit = std::max(host.last.limit, event.limit);
  if (std::exchange(host.begun, true)) return;
  host.last.command = event.line;
  host.last.limit = event.limit;
  judge(at, host, channel);
}

/// An answer, or a prompt.
void TurnTaking::said(at::Time at, Host& host, at::Asker channel) {
  judge(at, host, channel);
  host.early = host.untaken + host.held;
  host.entering = std::exchange(host.asked, false);
  host.behind_line = host.entering;
}

/// Of a line that was begun before its turn.
void TurnTaking::judge(at::Time at, Host& host, at::Asker channel) {
  if (!std::exchange(host.too_early, false)) return;
  const bool again = host.last.command == host.former.command;
  const auto name = named(host.last.command);
  auto text =
      again
          ? fmt::format("{} was sent again after {:.3f} s without a result; it may take {} s", name,
                        in_seconds(at - host.former.at), in_seconds(host.former.limit))
          : fmt::format("{} was begun before {} had its result", name, named(host.former.command));
  report({again ? Rule::retry_too_early : Rule::command_before_result,
          at,
          channel,
          {},
          std::move(text),
          shown_command(host.last.command)});
}

/// The answer to `sent` is not there, and may still come.
bool TurnTaking::outstanding(at::Time at, const Host& host, const Sent& sent) {
  return !host.answered && at < sent.at + sent.limit;
}

}  // namespace emulator::lint
