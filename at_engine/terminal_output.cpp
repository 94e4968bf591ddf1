// What a terminal says: answers, prompts and URCs, each one write, and who is shown them.
#include "at_engine/reply.hpp"
#include "at_engine/terminal.hpp"

#include <utility>

namespace at {

void Terminal::announce(std::string line) { push({std::move(line)}); }

void Terminal::announce_late(std::string headline, std::shared_ptr<LateLine> line) {
  push({.text = std::move(headline), .late = std::move(line)});
}

void Terminal::announce_while(const Ground::Claim& claim, Asker, std::string line) {
  push({.text = std::move(line), .claim = claim});
}

void Terminal::push(WaitingLine line) {
  if (!powered_) return;
  urcs_.push(std::move(line));
  if (!draining_) release_urcs();
}

void Terminal::release_urcs() {
  while (idle() && !urcs_.empty()) {
    const auto line = urcs_.pop();
    if (line.stale()) continue;
    const auto& text = line.late ? line.late->text() : line.text;
    const auto unit =
        line.result ? final_result(channel_, *line.result) : unsolicited(channel_, text);
    if (text.empty() || unit.empty()) continue;
    emit(unit, event::Unsolicited{unit});
  }
}

void Terminal::emit_prompt() {
  const auto unit =
      std::exchange(reply_, {}) +
      arrow(channel_, entry_->prompt().introduction == Prompt::Introduction::arrow_line);
  emit(unit, event::Prompted{unit, std::exchange(files_in_reply_, {}), entry_->prompt().length});
}

void Terminal::emit_reply(const std::string& result, bool asks_for_data) {
  const auto unit = std::exchange(reply_, {}) + result;
  emit(unit, event::Reply{unit, std::exchange(files_in_reply_, {}), asks_for_data});
}

/// Writes `unit` behind the echo that is due.
void Terminal::emit(std::string_view unit, const Event& event) {
  if (echo_.empty() && unit.empty()) return;
  const auto echo = std::exchange(echo_, {});
  if (!echo.empty()) tell(event::Echo{echo});
  if (!unit.empty()) tell(event);
  if (echo.empty())
    port_.write(unit);
  else
    port_.write(echo + std::string(unit));
}

void Terminal::flush_echo() { emit({}, event::Echo{}); }

/// Shows an event to who looks on, behind what was heard before it.
void Terminal::tell(const Event& event) {
  if (observer_ == nullptr) return;
  if (!heard_.empty()) {
    const auto heard = std::exchange(heard_, {});
    observer_->saw(timeline_.now(), asker_, event::HostBytes{heard});
  }
  const auto* bytes = std::get_if<event::HostBytes>(&event);
  if (bytes == nullptr || !bytes->bytes.empty()) observer_->saw(timeline_.now(), asker_, event);
}

std::optional<std::string> Terminal::busy() const {
  if (mode_ == Mode::executing) return "a command runs";
  if (mode_ == Mode::entering) return "a prompt is open";
  if (online_) return "a connection lasts";
  if (line_.begun()) return "a line is begun";
  if (!urcs_.empty()) return "URCs wait";
  return std::nullopt;
}

void Terminal::snapshot(Memo& memo) {
  constexpr auto any_line = at::text("last_line", 0, Line::max_bytes);
  memo.bytes(any_line.name, last_line_, any_line);
}

}  // namespace at
