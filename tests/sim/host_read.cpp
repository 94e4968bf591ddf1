// The host's reading half: every byte that the module says must have a place.
#include "conformance/transcript/escape.hpp"
#include "tests/sim/host.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

constexpr std::string_view ok = "\r\nOK\r\n";
constexpr std::string_view error = "\r\nERROR\r\n";
constexpr std::string_view arrow = "\r\n> ";
constexpr std::array<std::string_view, 7> device_urcs{
    "+CFUN: 1",       "+CPIN: READY",     "+QUSIM: 1", "+QIND: SMS DONE",
    "+QIND: PB DONE", "+CPIN: NOT READY", "+QUSIM: 0"};
constexpr std::size_t session_lines = 60;
constexpr at::Duration radio_limit = std::chrono::seconds(15);

}  // namespace

void Host::note(std::string line) {
  if (!recording_) return;
  const auto now = std::chrono::duration<double>(world_.timeline.now().time_since_epoch());
  session_.push_back(fmt::format("{:>14.6f} {}", now.count(), line));
  if (session_.size() > session_lines) session_.pop_front();
}

void Host::read() {
  auto& port = world_.ports[0];
  port.writes.clear();
  buffer_.erase(0, at_);
  at_ = 0;
  if (port.unread.empty() && buffer_.empty()) return;
  if (recording_ && !port.unread.empty()) note("< " + transcript::escaped(port.unread));
  for (const char byte : port.unread)
    hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  buffer_ += port.unread;
  port.unread.clear();
  while (!rest().empty() && read_one()) {
  }
  if (!rest().empty())
    throw Violation("nobody expected " + transcript::escaped(rest().substr(0, 200)));
  for (auto& action : std::exchange(deferred_, {})) action();
}

bool Host::take(std::string_view text) {
  if (rest().substr(0, text.size()) != text) return false;
  at_ += text.size();
  return true;
}

bool Host::begun(const Item& item) const { return item.line_sent >= 2; }

/// With echo on every byte comes back, but for the LF behind a CR (GRAM-2).
void Host::expect_strays(std::string_view bytes) {
  for (const char byte : bytes) {
    const bool swallowed = behind_cr_ && byte == '\n';
    behind_cr_ = byte == '\r';
    if (echo_ && !swallowed) strays_ += byte;
  }
}

bool Host::read_strays() {
  // A CR of the strays is never followed by LF; a URC may come between two pieces.
  if (strays_.empty() || rest().substr(0, 2) == "\r\n") return false;
  const auto due = std::string_view(strays_).substr(0, rest().size());
  if (!take(due))
    throw Violation(fmt::format("stray bytes are not echoed: {}\n  but there is {}",
                                transcript::escaped(due), transcript::escaped(rest())));
  strays_.erase(0, due.size());
  return true;
}

bool Host::read_noise(Item& item) {
  if (std::exchange(item.noise_echoed, true)) return false;
  expect_strays(item.noise);
  return read_strays();
}

bool Host::read_one() {
  if (read_strays()) return true;
  if (!items_.empty() && !begun(items_.front()) && echo_ && items_.front().line_sent == 1 &&
      items_.front().echoed == 0 && take(items_.front().line.substr(0, 1))) {
    items_.front().echoed = 1;
    return true;
  }
  if (items_.empty() || !begun(items_.front())) {
    read_urc();
    return true;
  }
  return read_item(items_.front());
}

bool Host::read_item(Item& item) {
  switch (item.stage) {
    case Stage::echo:
      return read_echo(item);
    case Stage::response:
      return read_response(item);
    case Stage::data:
      return read_data(item);
  }
  return false;
}

bool Host::read_echo(Item& item) {
  if (!item.first && item.echoed == 0 && echo_ && rest().substr(0, 2) == "\r\n") {
    read_urc();
    return true;
  }
  if (item.echoed == 0 && read_noise(item)) return true;
  if (echo_) {
    const auto due = std::string_view(item.line).substr(item.echoed, item.line_sent - item.echoed);
    if (!take(due))
      throw Violation("the echo is not what was sent: " + transcript::escaped(rest()));
    item.echoed += due.size();
  }
  if (item.line_sent < item.line.size()) return false;
  item.stage = Stage::response;
  return true;
}

bool Host::read_response(Item& item) {
  if (!instead_.empty() && instead_.front().from <= world_.line.said() - rest().size())
    return read_instead();
  const auto may = item.may && item.whole ? item.may() : May::unknown;
  if (rest().substr(0, arrow.size()) == arrow) {
    if (!item.prompts) throw Violation("a prompt that nothing asked for");
    if (may == May::no) throw Violation("a prompt though the state forbids it");
    at_ += arrow.size();
    item.stage = Stage::data;
    item.prompted = world_.timeline.now();
    return true;
  }
  if (is_failure()) {
    const auto end = rest().find("\r\n", 2);
    if (may == May::yes) throw Violation("refused though the state allows it");
    if (item.info && item.whole) throw Violation("a query refused");
    at_ += end + 2;
    finish(false);
    return true;
  }
  if (!item.first && rest().substr(0, ok.size()) != ok && !item.info) {
    read_urc();
    return true;
  }
  if (item.read_client >= 0 && rest().substr(0, ok.size()) != ok) read_stored(item);
  if (item.info && !take(*item.info))
    throw Violation(fmt::format("the answer should be {}\n  but is {}",
                                transcript::escaped(*item.info), transcript::escaped(rest())));
  if (!take(ok)) return false;
  if (item.prompts) throw Violation("OK without a prompt");
  if (may == May::no) throw Violation("accepted though the state forbids it");
  finish(true);
  return true;
}

void Host::read_stored(Item& item) {
  auto& inbox = inboxes_[at(item.read_client)];
  std::string_view separator = "\r\n";
  for (int slot = 0; slot < 5; ++slot) {
    if (!inbox.slots[at(slot)] || (item.read_slot >= 0 && slot != item.read_slot)) continue;
    if (!take(separator)) throw Violation("a stored message is missing");
    separator = "";
    const auto found =
        std::find_if(inbox.unread.begin(), inbox.unread.end(), [&](const auto& text) {
          return rest().substr(0, text.size()) == text && rest().substr(text.size(), 2) == "\r\n";
        });
    if (found == inbox.unread.end())
      throw Violation("a stored message that was not sent: " + transcript::escaped(rest()));
    at_ += found->size() + 2;
    inbox.unread.erase(found);
    inbox.slots[at(slot)] = false;
  }
}

bool Host::read_data(Item& item) {
  const auto& setup = setups_[at(item.client)];
  if (echo_ || setup.view != 0) {
    const auto due =
        std::string_view(item.data).substr(item.data_echoed, item.data_sent - item.data_echoed);
    if (!take(due)) throw Violation("data entry shows something else than what was typed");
    item.data_echoed += due.size();
  }
  if (rest().empty()) return false;
  if (item.data_sent < item.data.size()) {
    const auto due = item.prompted + std::chrono::seconds(setup.edit_seconds);
    if (!setup.edit || world_.timeline.now() != due || !take(error)) return false;
    dice_.drew(HostSlip::entry_timeout);
    finish(false);
    return true;
  }
  if (take(error)) {
    if (!item.error_expected_after_data) {
      explained_ = item.client;
      explained_generation_ = ledger_.client(item.client).generation;
    }
    finish(false);
    return true;
  }
  if (!take(ok)) return false;
  if (item.error_expected_after_data) throw Violation("bad data accepted");
  finish(true);
  return true;
}

void Host::finish(bool accepted) {
  auto item = std::move(items_.front());
  items_.pop_front();
  behind_cr_ = item.stage != Stage::data || item.data_sent == 0;
  if (item.stage == Stage::data)
    data_ended_ = world_.timeline.now();
  else if (item.at_once)
    expect_strays(item.data);
  if (item.data_sent == item.data.size()) expect_strays(item.surplus);
  if (!accepted || !item.accepted) return;
  // What the module had to say before this line was complete comes behind the line's result.
  if (item.whole)
    item.accepted();
  else
    deferred_.push_back(std::move(item.accepted));
}

void Host::read_urc() {
  if (rest().substr(0, 2) != "\r\n")
    throw Violation("badly framed: " + transcript::escaped(rest()));
  if (rest().substr(2, 10) == "+QMTRECV: ") {
    message_urc(rest()[12] - '0', rest().substr(2));
    return;
  }
  const auto end = rest().find("\r\n", 2);
  if (end == std::string_view::npos) throw Violation("no end of a URC");
  const std::string line(rest().substr(2, end - 2));
  at_ += end + 2;
  if (line == "RDY") {
    if (!off_) throw Violation("RDY out of nothing");
    off_ = false;
    return;
  }
  if (std::find(device_urcs.begin(), device_urcs.end(), line) != device_urcs.end()) return;
  if (contexts_lost_ && line.rfind("+QIURC: \"pdpdeact\",", 0) == 0) return;
  const int index = line.size() > 10 ? line[line.find(": ") + 2] - '0' : 0;
  const bool was_connected =
      index >= 0 && index <= 5 && ledger_.client(index).phase == Phase::connected;
  if (!ledger_.said(line, world_.timeline.now())) throw Violation("an unknown URC: " + line);
  if (line.rfind("+QMTSTAT", 0) != 0) return;
  if (was_connected && !due_[at(index)].empty())
    throw Violation(fmt::format("client {}: {} messages lost", index, due_[at(index)].size()));
  const auto& inbox = inboxes_[at(index)];
  if (was_connected && inbox.announced < inbox.certain)
    throw Violation(fmt::format("client {}: stored messages lost", index));
  forget_messages(index);
}

void Host::message_urc(int index, std::string_view text) {
  if (index < 0 || index > 5) throw Violation("+QMTRECV of no client");
  if (ledger_.client(index).phase != Phase::connected)
    throw Violation("a message for a client that is not connected");
  if (setups_[at(index)].recv_mode == 0) {
    auto& due = due_[at(index)];
    if (due.empty() || text.substr(0, due.front().size()) != due.front())
      throw Violation(fmt::format("not the message that was sent: {}\n  but {}",
                                  due.empty() ? "(none)" : transcript::escaped(due.front()),
                                  transcript::escaped(text.substr(0, 200))));
    at_ += 2 + due.front().size();
    due.pop_front();
    if (!take("\r\n")) throw Violation("a message badly framed");
    return;
  }
  auto& inbox = inboxes_[at(index)];
  const auto free = std::find(inbox.slots.begin(), inbox.slots.end(), false);
  if (free == inbox.slots.end()) throw Violation("stored a sixth message");
  const auto expected = fmt::format("\r\n+QMTRECV: {},{}\r\n", index, free - inbox.slots.begin());
  if (!take(expected))
    throw Violation("not the lowest free slot: " + transcript::escaped(text.substr(0, 40)));
  ++inbox.announced;
  *free = true;
  const auto stored = std::count(inbox.slots.begin(), inbox.slots.end(), true);
  if (static_cast<std::size_t>(stored) > inbox.unread.size())
    throw Violation("more messages stored than sent");
}

void Host::forget_messages(int index) {
  due_[at(index)].clear();
  inboxes_[at(index)] = {};
}

void Host::expect(int index, const mqtt_backend::link_event::Message& message) {
  const auto& setup = setups_[at(index)];
  auto payload = message.payload;
  if (setup.format_recv != 0) {
    payload.clear();
    for (const char byte : message.payload)
      payload += fmt::format("{:02X}", static_cast<unsigned char>(byte));
  }
  auto text = fmt::format("+QMTRECV: {},{},\"{}\"", index, message.msg_id, message.topic);
  if (setup.recv_len != 0) text += fmt::format(",{}", message.payload.size());
  text += fmt::format(",\"{}\"", payload);
  note(fmt::format("  broker {} sends {}", index, transcript::escaped(text)));
  if (setup.recv_mode == 0) {
    due_[at(index)].push_back(std::move(text));
    return;
  }
  auto& inbox = inboxes_[at(index)];
  const auto taken =
      static_cast<std::size_t>(std::count(inbox.slots.begin(), inbox.slots.end(), true));
  const auto on_the_way = inbox.unread.size() - std::min(inbox.unread.size(), taken);
  inbox.unread.push_back(std::move(text));
  if (taken + on_the_way < inbox.slots.size()) ++inbox.certain;
}

void Host::check() {
  if (explained_ && ledger_.client(*explained_).generation == explained_generation_)
    throw Violation("an ERROR after the data that nothing explains");
  explained_.reset();
  if (off_) return;
  if (items_.empty() || !begun(items_.front())) {
    ledger_.check(world_.timeline.now());
    return;
  }
  const auto& item = items_.front();
  if (item.slow) {
    if (world_.timeline.now() > item.prompted + radio_limit)
      throw Violation("a final result after its limit: " + item.line);
    return;
  }
  const bool complete = item.line_sent == item.line.size() && item.stage != Stage::data;
  const bool typed = item.stage == Stage::data && item.data_sent == item.data.size();
  if (complete || typed) throw Violation("no final result of " + transcript::escaped(item.line));
  const auto& setup = setups_[at(std::max(0, item.client))];
  if (item.stage == Stage::data && setup.edit &&
      world_.timeline.now() > item.prompted + std::chrono::seconds(setup.edit_seconds))
    throw Violation("edit/timeout has passed without a word");
}

}  // namespace sim
