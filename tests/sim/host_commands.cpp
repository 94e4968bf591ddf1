// What the host sends, and what must be the answer in the state that the Ledger tells.
#include "tests/sim/host.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

std::string block(const std::vector<std::string>& lines) {
  std::string text = lines.empty() ? "" : "\r\n";
  for (const auto& line : lines) text += line + "\r\n";
  return text;
}

std::string hex(Dice& dice, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += fmt::format("{:02x}", dice.in(0, 255));
  return text;
}

}  // namespace

Host::Item Host::any_command(bool alone) {
  const int index = dice_.in(0, 5);
  const int roll = dice_.in(0, 999);
  if (roll < 80) return bad_command();
  if (roll < 120) return channel_command();
  if (alone) {
    if (roll < 126 || (level_ != 1 && roll < 450)) return device_command();
    if (roll < 180) return setting(index);
    if (roll < 260) return query(index);
    if (roll < 320) return read_messages(index);
  }
  return goal_of(index);
}

/// What brings a client on: open, connect, then traffic, and at times an end or a wrong order.
Host::Item Host::goal_of(int index) {
  const auto phase = ledger_.client(index).phase;
  const int roll = dice_.in(0, 999);
  const auto end = [&](Kind kind, std::string_view name) {
    return operation(kind, index, fmt::format("AT+QMT{}={}\r", name, index));
  };
  if (roll < 15) return end(Kind::close, "CLOSE");
  if (roll < 40) return end(Kind::disconnect, "DISC");
  const auto connect = [&] {
    return operation(Kind::connect, index,
                     fmt::format("AT+QMTCONN={},\"id{}\"\r", index, dice_.in(0, 30)));
  };
  if (roll < 60) return open(index);
  if (roll < 80) return connect();
  if (roll < 110) return publish(index, dice_.in(0, 2));
  if (phase == Phase::idle) return open(index);
  if (phase == Phase::open) return connect();
  return roll < 350 ? subscription(index) : publish(index, dice_.in(0, 2));
}

Host::Item Host::operation(Kind kind, int index, std::string line, int msg_id, int qos) {
  Item item;
  item.line = std::move(line);
  item.client = index;
  item.may = [=, this] { return ledger_.allows(kind, index, msg_id, qos) ? May::yes : May::no; };
  item.accepted = [=, this] {
    ledger_.accepted(kind, index, msg_id, qos, world_.timeline.now());
    if (kind == Kind::close || kind == Kind::disconnect) forget_messages(index);
  };
  return item;
}

Host::Item Host::open(int index) {
  const int port = dice_.in(1, 65535);
  auto item = operation(Kind::open, index,
                        fmt::format("at+qmtopen={}, \"host{}\",{}\r", index, index, port));
  item.accepted = [=, this] {
    if (ledger_.client(index).phase == Phase::idle)
      endpoints_[at(index)] = fmt::format("+QMTOPEN: {},\"host{}\",{}", index, index, port);
    ledger_.accepted(Kind::open, index, 0, 0, world_.timeline.now());
  };
  return item;
}

Host::Item Host::subscription(int index) {
  const int id = dice_.permille(300) ? dice_.in(1, 12) : 20 + ++last_id_ % 60000;
  const bool subscribes = dice_.permille(600);
  auto line = fmt::format("AT+QMT{}={},{}", subscribes ? "SUB" : "UNS", index, id);
  for (int left = dice_.in(1, 3); left > 0; --left) {
    line += fmt::format(",\"topic/{}\"", left);
    if (subscribes) line += fmt::format(",{}", dice_.in(0, 2));
  }
  return operation(subscribes ? Kind::subscribe : Kind::unsubscribe, index, line + '\r', id);
}

Host::Item Host::publish(int index, int qos) {
  const auto& setup = setups_[at(index)];
  const int id = qos == 0              ? dice_.one_of(std::array{0, 65001, 65002, 65003})
                 : dice_.permille(300) ? dice_.in(1, 12)
                                       : 20 + ++last_id_ % 60000;
  const int size = dice_.permille(10) ? 1500 : dice_.in(1, 40);
  const bool at_once = dice_.permille(400);
  const bool bad = setup.typed_in_hex() && dice_.permille(150);
  auto data = dice_.bytes(size, size, at_once);
  if (data.front() == '\n') data.front() = '.';  // belongs to the command line (GRAM-1)
  if (setup.typed_in_hex())
    data = bad ? (dice_.permille(500) ? "z0" : "123") : hex(dice_, std::min(size, 750));
  auto item = operation(Kind::publish, index,
                        fmt::format("AT+QMTPUBEX={},{},{},{},\"t/{}\",{}\r", index, id, qos,
                                    dice_.in(0, 1), index, data.size()),
                        id, qos);
  item.prompts = true;
  item.data = std::move(data);
  item.at_once = at_once;
  item.error_expected_after_data = bad;
  // A refused payload may end with a letter or a digit, which would swallow the next AT.
  if (at_once) {
    dice_.drew(HostSlip::payload_at_once);
    item.surplus = "\r";
  } else if (dice_.permille(250)) {
    item.surplus = dice_.permille(500) ? "too much\r\n" : ", WHAT AT+CSQ\r\n";
  }
  return item;
}

Host::Item Host::read_messages(int index) {
  Item item;
  item.read_client = index;
  item.read_slot = dice_.permille(500) ? -1 : dice_.in(0, 4);
  item.line = item.read_slot < 0 ? fmt::format("AT+QMTRECV={}\r", index)
                                 : fmt::format("AT+QMTRECV={},{}\r", index, item.read_slot);
  item.may = [=, this] {
    return ledger_.client(index).phase == Phase::connected ? May::yes : May::no;
  };
  return item;
}

Host::Item Host::setting(int index) {
  Item item;
  auto change = random_change(dice_, setups_[at(index)]);
  item.line = fmt::format("AT+QMTCFG=\"{}\",{},{}\r", change.key, index, change.values);
  if (change.values.empty()) return query(index);
  item.may = [=, this] {
    const auto phase = ledger_.client(index).phase;
    if (phase == Phase::disconnecting) return May::unknown;
    return phase == Phase::connecting || phase == Phase::connected ? May::no : May::yes;
  };
  item.accepted = [index, after = std::move(change.after), this] {
    setups_[at(index)] = after;
    ledger_.set_timeout(index, after.pkt_timeout, after.retry_times, after.notice);
  };
  return item;
}

Host::Item Host::query(int index) {
  Item item;
  std::vector<std::string> lines;
  const int roll = dice_.in(0, 9);
  if (roll < 6) {
    const auto key = random_key(dice_);
    item.line = fmt::format("AT+QMTCFG=\"{}\",{}\r", key, index);
    item.info = block({setups_[at(index)].shown(key)});
    return item;
  }
  static constexpr std::array<int, 7> states{0, 0, 1, 2, 3, 4, 0};  // by Phase
  for (int i = 0; i < 6; ++i) {
    const auto phase = ledger_.client(i).phase;
    const auto state = states[static_cast<std::size_t>(phase)];
    if (roll == 6 && state != 0) lines.push_back(endpoints_[at(i)]);
    if (roll == 7 && state != 0) lines.push_back(fmt::format("+QMTCONN: {},{}", i, state));
    if (roll < 8 || phase != Phase::connected) continue;
    const auto& slots = inboxes_[at(i)].slots;
    lines.push_back(fmt::format("+QMTRECV: {},{:d},{:d},{:d},{:d},{:d}", i, slots[0], slots[1],
                                slots[2], slots[3], slots[4]));
  }
  item.line = roll == 6 ? "AT+QMTOPEN?\r" : roll == 7 ? "AT+QMTCONN?\r" : "AT+QMTRECV?\r";
  item.info = block(lines);
  return item;
}

std::optional<Host::Question> Host::question() {
  if (off_) return std::nullopt;
  auto item = query(dice_.in(0, 5));
  item.line.pop_back();
  // Settings are known at once.
  if (!told() && item.line.find("CFG") == std::string::npos) return std::nullopt;
  return Question{item.line, item.info.value_or("")};
}

Host::Item Host::bad_command() {
  static constexpr std::array<std::string_view, 26> bad{R"(AT+QMTOPEN=6,"h",1)",
                                                        R"(AT+QMTOPEN=0,"",1)",
                                                        R"(AT+QMTOPEN=0,"h",0)",
                                                        R"(AT+QMTOPEN=0,"h",65536)",
                                                        R"(AT+QMTOPEN=0,"h")",
                                                        R"(AT+QMTOPEN)",
                                                        R"(AT+QMTCLOSE=6)",
                                                        R"(AT+QMTCLOSE?)",
                                                        R"(AT+QMTCONN=0)",
                                                        R"(AT+QMTCONN=6,"a")",
                                                        R"(AT+QMTDISC=6)",
                                                        R"(AT+QMTDISC=0,0)",
                                                        R"(AT+QMTSUB=0,65536,"t",0)",
                                                        R"(AT+QMTSUB=0,0,"t",1)",
                                                        R"(AT+QMTSUB=0,1,"t",3)",
                                                        R"(AT+QMTSUB=0,1,"t")",
                                                        R"(AT+QMTUNS=0,1)",
                                                        R"(AT+QMTPUBEX=0,1,0,0,"t",0)",
                                                        R"(AT+QMTPUBEX=0,1,1,0,"t",1501)",
                                                        R"(AT+QMTPUBEX=0,1,1,0,"t/+",5)",
                                                        R"(AT+QMTPUBEX=0,0,1,0,"t",5)",
                                                        R"(AT+QMTPUBEX=0,1,3,0,"t",5)",
                                                        R"(AT+QMTRECV=0,5)",
                                                        R"(AT+QMTPUB=0,1,1,0,"t",5)",
                                                        R"(AT+NONSENSE)",
                                                        R"(AT+QMTPUBEX=0,1,1,2,"t",5)"};
  dice_.drew(HostSlip::bad_command);
  Item item;
  if (dice_.permille(300))
    item.line = "AT+QMTCFG=" + random_bad_set(dice_, dice_.in(0, 6));
  else
    item.line = dice_.one_of(bad);
  item.line += '\r';
  item.may = [] { return May::no; };
  return item;
}

Host::Item Host::channel_command() {
  Item item;
  const int roll = dice_.in(0, 9);
  if (dice_.permille(200)) item.noise = "\r\n\x1a";
  item.may = [] { return May::yes; };
  if (roll < 4) {
    const bool echo = roll < 2;
    item.line = echo ? "ATE1\r" : "ATE0\r";
    item.accepted = [echo, this] { echo_ = echo; };
  } else if (roll < 6) {
    item.line = fmt::format("AT+CMEE={}\r", dice_.in(0, 2));
  } else {
    item.line = "AT\r";
  }
  return item;
}

Host::Item Host::device_command() {
  Item item;
  item.may = [] { return May::yes; };
  if (level_ == 1 && dice_.permille(400)) {
    dice_.drew(Turn::restart);
    item.line = "AT+CFUN=1,1\r";
    item.accepted = [this] { restarted(); };
    return item;
  }
  const int level = level_ == 1 ? dice_.one_of(std::array{0, 4}) : 1;
  if (level != 1) dice_.drew(Turn::radio_off);
  item.line = fmt::format("AT+CFUN={}\r", level);
  item.slow = true;
  item.accepted = [level, this] { level_ = level; };
  return item;
}

void Host::restarted() {
  off_ = true;
  ++restarts_;
  behind_cr_ = false;
  echo_ = true;
  level_ = 1;
  items_.clear();
  strays_.clear();
  explained_.reset();
  instead_.clear();
  setups_ = {};
  ledger_.restart();
  for (int i = 0; i < 6; ++i) forget_messages(i);
}

}  // namespace sim
