// The lint of lines and events that are odd: what it says of them is still right.
#include "emulator/lint/command_text.hpp"
#include "emulator/lint/linter.hpp"
#include "emulator/lint/rule.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace emulator;
using namespace std::chrono_literals;
using mqtt_backend::Refusal;
using Texts = std::vector<std::string>;
using Lost = at::event::HostBytesLost::Why;

namespace {

constexpr at::Asker uart{1};

struct Bench {
  Texts seen() { return std::exchange(texts, {}); }

  void see(at::Duration time, const at::Event& event) { linter.saw(at::Time(time), uart, event); }
  void begins(at::Duration time, std::string_view line) {
    see(time, at::event::CommandBegun{line.substr(0, line.find('=')), line, 15s, false});
  }
  void accepts(at::Duration time, std::string_view line) {
    begins(time, line);
    see(time, at::event::CommandEnded{{}, at::Outcome::Kind::ok, 0, {}});
  }
  void refuses(at::Duration time, std::string_view line, int msg_id) {
    begins(time, line);
    linter.saw(at::Time(time), 1,
               mqtt_backend::event::ExchangeRefused{Refusal::id_under_way, msg_id});
  }

  Texts texts;
  lint::Linter linter{
      {}, [this](const lint::Finding& finding) {
        texts.push_back(std::string(lint::row_of(finding.rule).id) + ": " + finding.text);
      }};
};

}  // namespace

TEST_CASE("the list of rules has a row for each, with its level and clause [CTL-13]") {
  const auto list = lint::rule_list();
  CHECK(list.starts_with("| rule | level | clause | what |\n|---|---|---|---|\n| `"));
  for (const auto rule : {lint::Rule::data_before_prompt, lint::Rule::window_overrun,
                          lint::Rule::short_upload, lint::Rule::no_reopen_after_stat}) {
    const auto& row = lint::row_of(rule);
    CHECK(list.find(fmt::format("\n| `{}` | {} | {} | {} |\n", row.id, name_of(row.level),
                                row.clause, row.summary)) != std::string::npos);
  }
}

TEST_CASE("lines about a client are told from others [CTL-13]") {
  const auto publish = lint::client_command("+QMTPUBEX=0,7,1,0,\"t\",5");
  REQUIRE(publish);
  CHECK(publish->client == 0);
  CHECK(publish->msg_id == 7);
  for (const auto* other : {"+QMTPUBEX", "+QMTOPEN=", "+QMTOPEN=\"x", "+QMTOPEN=x,1", "+CSQ=0"}) {
    CAPTURE(other);
    CHECK_FALSE(lint::client_command(other));
  }
}

TEST_CASE("what is shown of a line has no secret, and a question has none [CTL-13]") {
  CHECK(lint::shown_command("+QSECRET") == "AT+QSECRET");
  CHECK(lint::shown_command("+QSECRET=?") == "AT+QSECRET=?");
  CHECK(lint::shown_command("+QSECRET=1,\"x\"") == "AT+QSECRET=...");
}

TEST_CASE("short-upload: of uploads whose length cannot be read [CTL-13]") {
  const auto [line, bytes] =
      GENERATE(std::pair{"+QFUPL=\"f\"", 10240}, std::pair{"+QFUPL=\"f", 10240},
               std::pair{"+QFUPL=\"f\",20", 20});
  Bench bench;
  bench.begins(0s, line);
  SECTION("that ran out") {
    bench.see(5s, at::event::TimerFired{at::TimerName::prompt});
    bench.see(5s, at::event::Reply{"\r\nERROR\r\n", {}});
    CHECK(bench.seen() == Texts{fmt::format("short-upload: AT+QFUPL announced {} bytes, and fewer "
                                            "came before its time-out",
                                            bytes)});
  }
  SECTION("that took longer than it should, and were complete") {
    bench.see(5s, at::event::TimerFired{at::TimerName::command});
    bench.see(5s, at::event::Reply{"\r\nOK\r\n", {}});
    CHECK(bench.seen().empty());
  }
}

TEST_CASE("id-reused: of commands long ago no more is known than the id [CTL-13]") {
  Bench bench;
  const std::string first = "+QMTPUBEX=1,1,1,0,\"t\",5";
  bench.accepts(0s, first);
  SECTION("the last one is known") {
    bench.refuses(1s, first, 1);
    CHECK(bench.seen().size() == 2);
  }
  SECTION("and forgotten behind many others") {
    for (int id = 2; id <= 1000; ++id)
      bench.accepts(0s, fmt::format("+QMTPUBEX=1,{},1,0,\"t\",5", id));
    bench.refuses(1s, first, 1);
    CHECK(bench.seen() ==
          Texts{"id-reused: AT+QMTPUBEX took msgID 1 of client 1, which was under way"});
  }
}

TEST_CASE("no-reopen-after-stat: who has had time to see it is told at once [CTL-13]") {
  Bench bench;
  bench.see(0s, at::event::Unsolicited{"\r\n+QMTSTAT: 1,1\r\n"});
  bench.begins(60s, "+QMTPUBEX=1,1,1,0,\"t\",5");
  CHECK(bench.seen() == Texts{"no-reopen-after-stat: AT+QMTPUBEX came for client 1, which "
                              "+QMTSTAT: 1,1 had told to be down and nobody had opened again"});
}

TEST_CASE("data-before-prompt: what was lost for want of room did not come early [CTL-13]") {
  const auto why = GENERATE(Lost::no_room, Lost::module_sleeps);
  Bench bench;
  bench.see(0s, at::event::HostBytesArrived{8, 0});
  bench.see(0s, at::event::HostBytesLost{"12345678", why});
  bench.begins(0s, "+QMTPUBEX=1,1,1,0,\"t\",8");
  bench.see(0s, at::event::CommandEnded{{}, at::Outcome::Kind::prompt, 0, {}});
  bench.see(0s, at::event::Prompted{"\r\n> ", {}, 8});
  bench.see(1s, at::event::HostBytes{"abcdefgh"});
  CHECK(bench.seen().empty() == (why == Lost::no_room));
}

TEST_CASE("data-before-prompt: the line feed of the command's own line is no data [CTL-13]") {
  const auto* const bytes = GENERATE("\n", "\nabcdefgh", "abcdefgh");
  Bench bench;
  bench.begins(0s, "+QMTPUBEX=1,1,1,0,\"t\",8");
  bench.see(0s, at::event::CommandEnded{{}, at::Outcome::Kind::prompt, 0, {}});
  bench.see(0s, at::event::Prompted{"\r\n> ", {}, 8});
  bench.see(1s, at::event::HostBytes{bytes});
  CHECK(bench.seen().empty());
}
