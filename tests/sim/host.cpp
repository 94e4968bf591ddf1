// The host's acting half.
#include "tests/sim/host.hpp"

#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

constexpr std::size_t longest_line = 4096;
constexpr at::Duration surplus_gap = std::chrono::milliseconds(20);

}  // namespace

Host::Host(World& world, Dice& dice, Ledger& ledger, bool instant)
    : world_(world), dice_(dice), ledger_(ledger), instant_(instant) {}

at::Duration Host::pause() {
  const int roll = dice_.in(0, 99);
  if (!items_.empty() && items_.front().stage == Stage::data &&
      setups_[at(items_.front().client)].edit && roll < 20)
    return dice_.ms(1000, 200000);
  if (!items_.empty()) return roll < 80 ? dice_.ms(0, 40) : dice_.ms(0, 15000);
  if (roll < 55) return dice_.ms(0, 400);
  if (roll < 92) return dice_.ms(400, 8000);
  return dice_.ms(8000, 300000);
}

void Host::act() {
  if (off_) return;
  if (!items_.empty() && items_.front().slow) {
    if (items_.size() < 4 && dice_.permille(300)) submit({any_command(false)});
  } else if (!items_.empty()) {
    continue_item();
  } else {
    begin();
  }
}

void Host::begin() {
  const int roll = dice_.in(0, 999);
  // Behind a payload noise would be surplus, and a command right behind it too.
  if (roll < 20 && world_.timeline.now() - data_ended_ >= surplus_gap) {
    dice_.drew(HostSlip::noise);
    // What ends with a letter or a digit would swallow the next AT.
    const auto noise = dice_.bytes(1, 30, true) + '\x1b';
    expect_strays(noise);
    send(noise);
  } else if (roll < 25) {
    behind_cr_ = false;
    world_.host_left(0);
  } else if (roll < 95) {
    begin_partial();
  } else if (roll < 98) {
    dice_.drew(HostSlip::long_line);
    Item item;
    item.line = "AT" + std::string(longest_line + at(dice_.in(0, 3)), 'x') + '\r';
    item.may = [] { return May::no; };
    submit({std::move(item)});
  } else if (roll < 200) {
    begin_burst();
  } else if (roll < 240) {
    flood();
  } else {
    submit({any_command(true)});
  }
}

void Host::begin_partial() {
  auto item =
      instant_ ? (dice_.permille(500) ? channel_command() : bad_command()) : any_command(false);
  if (item.at_once) item.at_once = false;
  dice_.drew(HostSlip::partial_line);
  item.whole = false;
  item.noise.clear();
  // Behind a payload an A alone may count as surplus.
  item.line_sent = at(dice_.in(1, static_cast<int>(item.line.size()) - 1));
  const auto part = item.line.substr(0, item.line_sent);
  items_.push_back(std::move(item));
  send(part);
}

void Host::begin_burst() {
  std::vector<Item> items{any_command(true)};
  for (int left = dice_.in(1, 3); left > 0; --left)
    // Without its payload in the same burst a prompt would take the next line for data.
    if (!items.back().prompts || items.back().at_once) items.push_back(any_command(false));
  submit(std::move(items));
}

/// More publishes at once than one client may have under way.
void Host::flood() {
  const int index = dice_.in(0, 5);
  if (ledger_.client(index).phase != Phase::connected) return;
  std::vector<Item> items;
  for (int left = dice_.in(4, 9); left > 0; --left) {
    items.push_back(publish(index, dice_.in(1, 2)));
    items.back().at_once = true;
    items.back().surplus = "\r";
    std::replace_if(
        items.back().data.begin(), items.back().data.end(),
        [](char byte) { return byte == 'A' || byte == 'a'; }, '0');
  }
  dice_.drew(HostSlip::flood);
  submit(std::move(items));
}

void Host::submit(std::vector<Item> items) {
  std::string bytes;
  for (auto& item : items) {
    ++commands_;
    item.first = items_.empty();
    item.line_sent = item.line.size();
    item.prompted = world_.timeline.now();
    bytes += item.noise + item.line;
    if (item.at_once) {
      item.data_sent = item.data.size();
      bytes += item.data + item.surplus;
    }
    items_.push_back(std::move(item));
  }
  send(bytes);
}

void Host::send(const std::string& bytes) {
  note("> " + transcript::escaped(bytes));
  world_.send(0, bytes);
}

void Host::continue_item() {
  auto& item = items_.front();
  if (item.line_sent == item.line.size()) {
    continue_data(item);
    return;
  }
  if (dice_.permille(150)) {
    dice_.drew(HostSlip::hangup);
    items_.pop_front();
    behind_cr_ = false;
    world_.host_left(0);
    note("  the host hangs up");
    return;
  }
  const auto left = static_cast<int>(item.line.size() - item.line_sent);
  const auto part =
      item.line.substr(item.line_sent, at(dice_.permille(500) ? left : dice_.in(1, left)));
  item.line_sent += part.size();
  item.prompted = world_.timeline.now();
  send(part);
}

void Host::continue_data(Item& item) {
  if (dice_.permille(50)) {
    dice_.drew(HostSlip::hangup_in_entry);
    world_.host_left(0);
    return;
  }
  const auto left = static_cast<int>(item.data.size() - item.data_sent);
  const bool slow = left > 1 && dice_.permille(350);
  if (slow) dice_.drew(HostSlip::payload_slow);
  auto part = item.data.substr(item.data_sent, at(slow ? dice_.in(1, left - 1) : left));
  item.data_sent += part.size();
  if (!slow && !item.surplus.empty()) {
    dice_.drew(HostSlip::payload_surplus);
    part += item.surplus;
  }
  send(part);
}

}  // namespace sim
