#include "tests/sim/second_host.hpp"

#include "conformance/transcript/escape.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

constexpr std::string_view found =
    "\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"192.0.2.7\"\r\n";
constexpr std::string_view not_found = "\r\n+QIURC: \"dnsgip\",565\r\n";
constexpr at::Duration look_up_limit = std::chrono::seconds(60);
/// The first host gives its operations no such ids.
constexpr int first_id = 61000;
constexpr int ids = 4000;
/// The network is registered again, and its context active, that long after the radio is on.
constexpr at::Duration most_to_attach = std::chrono::seconds(60);

bool take(std::string_view& said, std::string_view text) {
  if (said.substr(0, text.size()) != text) return false;
  said.remove_prefix(text.size());
  return true;
}

}  // namespace

SecondHost::SecondHost(World& world, Dice& dice, Ledger& ledger, Host& first)
    : world_(world), dice_(dice), ledger_(ledger), first_(first) {}

void SecondHost::act() {
  if (first_.off()) return;
  if (asked_ && dice_.permille(300)) {
    world_.internet.resolved({{"192.0.2.7"}, {}});
    return;
  }
  const int roll = dice_.in(0, 99);
  if (roll < 15) return change_format();
  if (roll < 25) return look_up();
  if (roll < 35) return ask("AT", "", true);
  if (roll < 65) return exchange();
  // Whatever AT+CMEE says on the first channel.
  if (roll < 75) return ask("AT+NONSENSE", "", false);
  if (const auto question = first_.question()) ask(question->line, question->info, true);
}

void SecondHost::send(std::string_view line) {
  ++commands_;
  if (echo_) due_ = fmt::format("{}\r", line);
  first_.note("second > " + transcript::escaped(line));
  world_.send(1, fmt::format("{}\r", line));
}

void SecondHost::ask(std::string_view line, std::string_view info, bool accepted) {
  send(line);
  if (!words_ && !info.empty()) info.remove_prefix(2);
  due_ += info;
  due_ += final_result(accepted);
}

std::string SecondHost::final_result(bool accepted) const {
  if (words_) return accepted ? "\r\nOK\r\n" : "\r\nERROR\r\n";
  return accepted ? "0\r" : "4\r";
}

void SecondHost::change_format() {
  const bool on = dice_.permille(500);
  const bool echo = dice_.permille(500);
  send(fmt::format("AT{}{:d}", echo ? 'E' : 'V', on));
  (echo ? echo_ : words_) = on;
  due_ += final_result(true);
}

void SecondHost::exchange() {
  if (!first_.told()) return;
  const int index = dice_.in(0, 5);
  const int id = first_id + ++last_id_ % ids;
  const bool subscribes = dice_.permille(500);
  const bool allowed = ledger_.allows(Kind::subscribe, index, id);
  ask(subscribes ? fmt::format("AT+QMTSUB={},{},\"second\",1", index, id)
                 : fmt::format("AT+QMTUNS={},{},\"second\"", index, id),
      "", allowed);
  if (!allowed) return;
  const auto& client = ledger_.client(index);
  exchanges_.push_back({index, id, client.generation,
                        world_.timeline.now() + std::chrono::seconds(client.pkt_timeout) *
                                                    std::max(1, client.retry_times)});
}

void SecondHost::look_up() {
  looks_up_ = true;
  send("AT+QIDNSGIP=1,\"host\"");
}

void SecondHost::read() {
  if (restarts_ != first_.restarts()) restarted();
  if (!first_.radio_settled()) unsettled_ = world_.timeline.now();
  auto& port = world_.ports[1];
  std::string_view said = port.unread;
  if (!said.empty()) first_.note("second < " + transcript::escaped(said));
  for (const char byte : said) hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  read_results(said);
  if (!take(said, due_))
    throw Violation(fmt::format("the second channel should say {}\n  but says {}",
                                transcript::escaped(due_), transcript::escaped(said)));
  due_.clear();
  if (std::exchange(looks_up_, false)) read_look_up(said);
  read_results(said);
  if (!said.empty())
    throw Violation("nobody expected on the second channel: " + transcript::escaped(said));
  port.unread.clear();
  port.writes.clear();
  world_.internet.requests.clear();
}

void SecondHost::restarted() {
  restarts_ = first_.restarts();
  echo_ = true;
  words_ = true;
  asked_.reset();
  exchanges_.clear();
}

/// One name at a time, and none without a context.
void SecondHost::read_look_up(std::string_view& said) {
  const auto now = world_.timeline.now();
  if (take(said, final_result(true))) {
    if (asked_) throw Violation("two names are looked up at once");
    asked_ = now;
  } else if (!take(said, final_result(false))) {
    throw Violation("no answer to a question for a name");
  } else if (!asked_ && now > unsettled_ + most_to_attach) {
    throw Violation("a name is not looked up, though there is a network");
  }
}

void SecondHost::read_results(std::string_view& said) {
  for (std::string_view before; before != said;) {
    before = said;
    read_name(said);
    if (said.substr(0, 8) != "\r\n+QMTSU" && said.substr(0, 8) != "\r\n+QMTUN") continue;
    const auto end = said.find("\r\n", 2);
    exchange_ended(said.substr(2, end - 2));
    said.remove_prefix(end + 2);
  }
}

void SecondHost::read_name(std::string_view& said) {
  if (!asked_) return;
  const auto now = world_.timeline.now();
  const bool over = now >= *asked_ + look_up_limit;
  if (take(said, not_found)) {
    if (!over && unsettled_ != now) throw Violation("a name is given up too early");
    asked_.reset();
  } else if (take(said, found)) {
    asked_.reset();
  }
}

/// One line, as "+QMTSUB: 0,61001,0,1".
void SecondHost::exchange_ended(std::string_view line) {
  int index = 0;
  int id = 0;
  int result = 0;
  const auto fields = std::string(line.substr(line.find(": ") + 2));
  if (std::sscanf(fields.c_str(), "%d,%d,%d", &index, &id, &result) != 3)
    throw Violation("no result: " + fields);
  const auto mine = std::find_if(exchanges_.begin(), exchanges_.end(), [&](const auto& exchange) {
    return exchange.index == index && exchange.id == id;
  });
  if (mine == exchanges_.end())
    throw Violation("a result of what this channel did not ask for: " + std::string(line));
  if (result == 1) return;  // sent again
  if (result == 2) ledger_.failed_elsewhere(index);
  exchanges_.erase(mine);
}

void SecondHost::check() {
  const auto now = world_.timeline.now();
  if (asked_ && now > *asked_ + look_up_limit)
    throw Violation("a name is looked up for more than a minute");
  if (!first_.told()) return;
  const auto gone = [this](const Exchange& exchange) {
    return ledger_.client(exchange.index).generation != exchange.generation;
  };
  exchanges_.erase(std::remove_if(exchanges_.begin(), exchanges_.end(), gone), exchanges_.end());
  for (const auto& exchange : exchanges_)
    if (now > std::max(exchange.due, ledger_.client(exchange.index).excused_until))
      throw Violation(fmt::format("client {}: no result of msgID {} on the second channel",
                                  exchange.index, exchange.id));
}

}  // namespace sim
