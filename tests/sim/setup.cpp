#include "tests/sim/setup.hpp"

#include <fmt/format.h>

namespace sim {
namespace {

constexpr std::array<std::string_view, 16> keys{
    "version", "pdpcid",     "ssl",       "keepalive",   "session",   "timeout",
    "will",    "willex",     "recv/mode", "qmtping",     "send/mode", "aliauth",
    "onenet",  "dataformat", "view/mode", "edit/timeout"};

void change_timeout(Dice& dice, Change& change) {
  auto& after = change.after;
  after.pkt_timeout = dice.one_of(std::array{1, 2, 3, 5, 5, 10, 60});
  after.retry_times = dice.one_of(std::array{0, 1, 2, 3, 3, 4, 10});
  after.notice = dice.permille(600);
  change.values = fmt::format("{},{},{:d}", after.pkt_timeout, after.retry_times, after.notice);
}

void change_will(Dice& dice, Change& change) {
  auto& after = change.after;
  after.will = dice.permille(700);
  if (!after.will) {
    change.values = "0";
    return;
  }
  after.will_qos = dice.in(0, 2);
  after.will_retain = dice.in(0, 1);
  after.will_topic = fmt::format("will/{}", dice.in(0, 99));
  after.will_message = fmt::format("gone {}", dice.in(0, 99));
  change.values = fmt::format("1,{},{},\"{}\",\"{}\"", after.will_qos, after.will_retain,
                              after.will_topic, after.will_message);
}

void change_ssl(Dice& dice, Change& change) {
  auto& after = change.after;
  after.ssl = dice.permille(500);
  if (after.ssl && (after.ssl_ctx < 0 || dice.permille(500))) {
    after.ssl_ctx = dice.in(0, 5);
    change.values = fmt::format("1,{}", after.ssl_ctx);
  } else {
    change.values = after.ssl ? "1" : "0";
  }
}

void change_edit(Dice& dice, Change& change) {
  auto& after = change.after;
  after.edit = dice.permille(600);
  change.values = after.edit ? "1" : "0";
  if (dice.permille(700)) {
    after.edit_seconds = dice.in(1, 180);
    change.values += fmt::format(",{}", after.edit_seconds);
  } else if (after.edit && after.edit_seconds == 0) {
    after.edit_seconds = 60;
  }
}

void change_flag(Dice& dice, Change& change, int& flag) {
  flag = dice.in(0, 1);
  change.values = std::to_string(flag);
}

}  // namespace

std::string Setup::shown(std::string_view key) const {
  std::string values;
  if (key == "version") values = std::to_string(version);
  if (key == "pdpcid") values = std::to_string(pdpcid);
  if (key == "ssl") values = ssl ? fmt::format("1,{}", ssl_ctx) : "0";
  if (key == "keepalive") values = std::to_string(keepalive);
  if (key == "session") values = std::to_string(session);
  if (key == "timeout") values = fmt::format("{},{},{:d}", pkt_timeout, retry_times, notice);
  const auto start = fmt::format("1,{},{},\"{}\"", will_qos, will_retain, will_topic);
  if (key == "will") values = will ? fmt::format("{},\"{}\"", start, will_message) : "0";
  if (key == "willex") values = will ? fmt::format("{},{}", start, will_message.size()) : "0";
  if (key == "recv/mode") values = fmt::format("{},{}", recv_mode, recv_len);
  if (key == "qmtping") values = std::to_string(qmtping);
  if (key == "send/mode") values = std::to_string(send_hex);
  if (key == "aliauth") values = aliauth;
  if (key == "onenet") values = onenet;
  if (key == "dataformat") values = fmt::format("{},{}", format_send, format_recv);
  if (key == "view/mode") values = std::to_string(view);
  if (key == "edit/timeout") values = edit ? fmt::format("1,{}", edit_seconds) : "0";
  return fmt::format("+QMTCFG: \"{}\",{}", key, values);
}

std::string random_key(Dice& dice) { return std::string(dice.one_of(keys)); }

Change random_change(Dice& dice, const Setup& before) {
  Change change{random_key(dice), {}, before};
  auto& after = change.after;
  const auto number = [&](int& value, int chosen) {
    value = chosen;
    change.values = std::to_string(chosen);
  };
  const auto& key = change.key;
  if (key == "willex") change.key = "timeout";  // its prompt is the host's business
  if (key == "version") number(after.version, dice.in(3, 4));
  if (key == "pdpcid") number(after.pdpcid, dice.in(1, 15));
  if (key == "ssl") change_ssl(dice, change);
  if (key == "keepalive")
    number(after.keepalive, dice.one_of(std::array{20, 60, 120, 120, 300, 3600}));
  if (key == "session") change_flag(dice, change, after.session);
  if (key == "timeout") change_timeout(dice, change);
  if (key == "will") change_will(dice, change);
  if (key == "recv/mode") {
    after.recv_mode = dice.in(0, 1);
    change.values = std::to_string(after.recv_mode);
    if (dice.permille(700)) {
      after.recv_len = dice.in(0, 1);
      change.values += fmt::format(",{}", after.recv_len);
    }
  }
  if (key == "qmtping") number(after.qmtping, dice.in(5, 60));
  if (key == "send/mode") change_flag(dice, change, after.send_hex);
  if (key == "aliauth")
    change.values = after.aliauth = fmt::format("\"k{}\",\"d\",\"s\"", dice.in(0, 9));
  if (key == "onenet")
    change.values = after.onenet = fmt::format("\"p{}\",\"a2V5\"", dice.in(0, 9));
  if (key == "dataformat") {
    after.format_send = dice.in(0, 1);
    after.format_recv = dice.in(0, 1);
    change.values = fmt::format("{},{}", after.format_send, after.format_recv);
  }
  if (key == "view/mode") change_flag(dice, change, after.view);
  if (key == "edit/timeout") change_edit(dice, change);
  return change;
}

std::string random_bad_set(Dice& dice, int client_idx) {
  static constexpr std::array<std::string_view, 16> bad{
      R"("version",{},5)",      R"("pdpcid",{},16)",      R"("ssl",{},2)",
      R"("ssl",{},1,6)",        R"("keepalive",{},3601)", R"("keepalive",{},0)",
      R"("session",{},2)",      R"("timeout",{},5)",      R"("timeout",{},61,3,0)",
      R"("timeout",{},5,11,0)", R"("will",{},1,0,0,"t")", R"("will",{},1,3,0,"t","m")",
      R"("recv/mode",{},2)",    R"("qmtping",{},4)",      R"("nonsense",{},1)",
      R"("dataformat",{},0)"};
  return fmt::format(fmt::runtime(dice.one_of(bad)), client_idx);
}

}  // namespace sim
