// Every command with any of its optional parameters left out, before others that are given: none
// may end the program, whatever the module is doing.
#include "tests/support/hang_up.hpp"
#include "tests/support/session.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;

namespace {

using Draw = std::mt19937;

std::size_t below(Draw& draw, std::size_t limit) { return draw() % limit; }

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> words(1);
  for (const char c : list) {
    if (c == '|')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

/// A legal value: a number near an end of the range, any of the words, a text that many commands
/// take for something.
std::string value_of(const at::Param& param, Draw& draw) {
  if (param.kind == at::Kind::choice)
    return std::to_string(param.choices[below(draw, param.choice_count)]);
  if (param.kind == at::Kind::number) {
    const auto near =
        std::min<std::int64_t>(param.high - param.low, static_cast<int>(below(draw, 4)));
    return std::to_string(below(draw, 2) == 0 ? param.low + near : param.high - near);
  }
  if (!param.words.empty()) {
    const auto words = words_of(param.words);
    return '"' + words[below(draw, words.size())] + '"';
  }
  constexpr std::array<std::string_view, 8> texts{"1",  "file", "peer", "0.0.0.0",
                                                  "IP", "ALL",  "TCP",  "+"};
  std::string text(texts[below(draw, texts.size())]);
  text.resize(std::clamp(text.size(), static_cast<std::size_t>(param.low),
                         static_cast<std::size_t>(param.high)),
              '1');
  return '"' + text + '"';
}

/// All lines of a command in its write form: each set of its optional parameters that may be given.
std::vector<std::string> lines_of(const at::Registry::Row& row, Draw& draw) {
  const auto& params = *row.params;
  std::vector<std::string> lines;
  for (unsigned given = 0; given < 1U << params.size(); ++given) {
    std::string line = fmt::format("AT{}=", row.name);
    if (!row.key.empty()) line += fmt::format("\"{}\"", row.key);
    bool possible = true;
    for (std::size_t i = 0; i < params.size(); ++i) {
      const bool is_given = (given >> i & 1U) != 0;
      possible = possible && (is_given || params[i].is_optional);
      if (i > 0 || !row.key.empty()) line += ',';
      if (is_given) line += value_of(params[i], draw);
    }
    if (possible) lines.push_back(line.substr(0, line.find_last_not_of(',') + 1));
  }
  return lines;
}

void connect_a_client(support::Session& session) {
  session.say("AT+QMTOPEN=0,\"broker\",1883");
  if (session.links[0] == nullptr || !session.links[0]->up()) return;
  session.links[0]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  session.say("AT+QMTCONN=0,\"id\"");
  session.links[0]->say(mqtt_backend::link_event::ConnAck{0, false});
}

void open_a_socket(support::Session& session) {
  session.say("AT+CMGF=1");
  session.say("AT+QIACT=1");
  session.say("AT+QIOPEN=1,0,\"TCP\",\"peer\",80,0,0");
  session.say("AT+QFOPEN=\"file\",0");
  session.pass(1s);
}

void nothing(support::Session&) {}

}  // namespace

TEST_CASE("no command dies of parameters that are left out before others") {
  const auto prepare = GENERATE(nothing, connect_a_client, open_a_socket);
  Draw draw(GENERATE(range(1U, 9U)));
  support::Session session;
  session.start();
  for (const auto& row : session.modem.registry().rows()) {
    if (!row.writes) continue;
    for (const auto& line : lines_of(row, draw)) {
      CAPTURE(line);
      prepare(session);
      session.say(line);
      support::come_back(session);
      REQUIRE(session.say("AT") == "\r\nOK\r\n");
    }
  }
}
