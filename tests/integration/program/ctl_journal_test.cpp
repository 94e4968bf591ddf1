// `eg91xq ctl journal` and `expect`: what happened, and what shall.
#include "tests/support/ctl_bench.hpp"
#include "tests/support/places.hpp"

#include <csignal>
#include <cstdint>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("journal shows events as lines, chosen by kind, number and limit [CTL-19]") {
  OnlyModem modem;
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  const auto commands = ctl({"journal", "--kind", "command"});
  CHECK(commands.code == 0);
  CHECK_THAT(commands.out, Contains("  command  uart1: +CSQ\n"));
  const auto page = as_json(ctl({"journal", "--json", "--limit", "2", "--kind", "command,result"}));
  REQUIRE(page.at("events").size() == 2);
  CHECK(page.at("events").at(1).at("kind") == "result");
  const auto next = std::to_string(page.at("next").get<int>());
  CHECK(as_json(ctl({"journal", "--json", "--since", next})).at("events").at(0).at("seq") >
        page.at("events").at(1).at("seq"));
  refused(ctl({"journal", "--kind", "gossip"}), "gossip");
  refused(ctl({"journal", "--limit", "0"}), "limit");
  refused(ctl({"journal", "--since", "-1"}), "since must be");
}

TEST_CASE("journal is asked by channel, client, text and time, also with -f [CTL-19]") {
  OnlyModem modem;
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  modem.session.host.command("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
  const auto found = ctl({"journal", "--kind", "command", "--text", "^\\+CSQ$"});
  CHECK(found.code == 0);
  CHECK_THAT(found.out, Contains("uart1: +CSQ\n") && !Contains("CFUN"));
  done(ctl({"journal", "--channel", "uart2"}), "");
  done(ctl({"journal", "--client", "5"}), "");
  done(ctl({"journal", "--from", "1e6"}), "");
  CHECK_THAT(ctl({"journal", "--to", "1e6", "--from", "0"}).out, Contains("+CSQ"));
  refused(ctl({"journal", "--from", "2", "--to", "1"}), "from must not be later than to");
  refused(ctl({"journal", "--text", "("}), "text is no regular expression");
  refused(ctl({"journal", "--client", "6"}), "client must be");
  const auto three = ctl({"journal", "-f", "--since", "0", "--kind", "command", "--limit", "3"});
  CHECK(three.code == 0);
  CHECK_THAT(three.out, Contains("+CSQ\n") && Contains("+CFUN?\n"));
  CHECK(ctl({"journal", "-f", "--to", "0"}).code == 0);
}

TEST_CASE("journal -f shows what comes until SIGINT, which is 0 [CTL-19]") {
  OnlyModem modem;
  Program follower(ctl_words({"journal", "-f", "--kind", "command", "--since", "0"}));
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(follower.wait_for_out("uart1: +CSQ"));
  Program raw(ctl_words({"journal", "--follow", "--json", "--since", "0"}));
  CHECK(raw.wait_for_out("\n"));
  CHECK(json::parse(raw.out().substr(0, raw.out().find('\n'))).at("seq") == 1);
  follower.signal(SIGINT);
  CHECK(follower.end() == 0);
}

TEST_CASE("journal -f ends with 2 when its modem dies [CTL-19]") {
  OnlyModem modem;
  Program killed(ctl_words({"journal", "-f", "--since", "0"}));
  Program ended(ctl_words({"journal", "-f", "--since", "0"}));
  CHECK(killed.wait_for_out("RDY"));
  CHECK(ended.wait_for_out("RDY"));
  killed.signal(SIGSTOP);
  CHECK(modem.session.emulator.program().terminate() == 0);
  CHECK(ended.end() == 2);
  CHECK_THAT(ended.err(), Contains("the modem has ended"));
  killed.signal(SIGCONT);
  CHECK(killed.end() == 2);
}

TEST_CASE("journal -f goes on behind the last event where it was cut off [CTL-12] [CTL-19]") {
  constexpr int more_than_waits = 1500;
  OnlyModem modem;
  Program slow(ctl_words({"journal", "-f", "--since", "0", "--json"}));
  CHECK(slow.wait_for_out("RDY"));
  slow.signal(SIGSTOP);
  const auto line = "AT+" + std::string(1000, 'X');
  for (int i = 0; i < more_than_waits; ++i) modem.session.host.command(line, "\r\nERROR\r\n");
  modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  slow.signal(SIGCONT);
  REQUIRE(slow.wait_for_out("+CSQ: 24"));
  std::istringstream lines(slow.out());
  std::uint64_t last = 0;
  for (std::string event;
       std::getline(lines, event) && event.find("+CSQ: 24") == std::string::npos;)
    REQUIRE(json::parse(event).at("seq") == ++last);
  CHECK(last > more_than_waits);
}

TEST_CASE("a reader of the journal that leaves is no error, a full disk is one [CTL-19]") {
  OnlyModem modem;
  const auto shell = [](const std::string& line) {
    Program program({"sh", "-c", fmt::format(fmt::runtime(line), binary())});
    program.end();
    return program.out() + program.err();
  };
  CHECK(shell("{{ {} ctl journal -f --since 0; echo $? >&2; }} | :") == "0\n");
  CHECK(shell("{{ {} ctl state; echo $? >&2; }} | :") == "0\n");
  CHECK_THAT(shell("{} ctl state > /dev/full; echo $?"),
             Contains("2\n") && Contains("cannot write to standard output: No space left"));
}

TEST_CASE("expect: 0 with the events, 1 with what is missing and the nearest [CTL-19]") {
  OnlyModem modem;
  const auto came = ctl({"expect", "urc:line=^RDY", "--since", "0"});
  CHECK(came.code == 0);
  CHECK_THAT(came.out, StartsWith("as expected: events "));
  const auto in_order = as_json(ctl({"expect", "urc:line=^RDY,channel=uart1", "urc:line=PB DONE",
                                     "--ordered", "--since", "0", "--json"}));
  CHECK(in_order.at("matched").size() == 2);
  CHECK(ctl({"expect", "urc:line=PB DONE", "urc:line=^RDY", "--ordered", "--since", "0", "--within",
             "0.01"})
            .code == 1);
  const auto missed = ctl({"expect", "urc:line=^ready\\, or not", "--since", "0", "--within", "0"});
  CHECK(missed.code == 1);
  CHECK_THAT(missed.out, StartsWith("missing: urc:line=^ready, or not\nnearest: event "));
  CHECK(missed.err.empty());
  const auto as_is = ctl({"expect", "urc:line=never", "--within", "0", "--json"});
  CHECK(as_is.code == 1);
  CHECK(json::parse(as_is.out).at("missing").size() == 1);
  CHECK(ctl({"expect", "urc", "--since", "0", "--count-min", "3", "--count-max", "3", "--within",
             "0"})
            .code == 1);
  done(ctl({"expect", "--none", "lint", "--none", "stat:code==1", "--within", "0"}),
       "as expected\n");
  CHECK(ctl({"expect", "--none", "urc:line=^RDY", "--since", "0", "--within", "0"}).code == 1);
}

TEST_CASE("expect waits for what comes later [CTL-19]") {
  OnlyModem modem;
  Program waiting(ctl_words({"expect", "command:line=CSQ", "--within", "60"}));
  while (!waiting.end(std::chrono::milliseconds(10)))
    modem.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(waiting.end() == 0);
}

TEST_CASE("expect ends with 2 when its modem dies [CTL-19]") {
  OnlyModem modem;
  Program waiting(ctl_words({"expect", "urc:line=never", "--within", "60"}));
  CHECK(ctl({"expect", "urc:line=never", "--within", "0.2"}).code == 1);
  CHECK(modem.session.emulator.program().terminate() == 0);
  CHECK(waiting.end() == 2);
}

TEST_CASE("expect refuses what it cannot look for [CTL-19]") {
  OnlyModem modem;
  refused(ctl({"expect"}), "--none");
  refused(ctl({"expect", "gossip:line=x"}), "kind");
  refused(ctl({"expect", "urc:line"}), "KIND:member=PATTERN");
  refused(ctl({"expect", "urc:line=a,line=b"}), "twice");
  refused(ctl({"expect", "urc:line=("}), "all[0]");
  refused(ctl({"expect", "stat:code==x"}), "number");
  refused(ctl({"expect", "urc", "stat", "--count-min", "2"}), "count");
  refused(ctl({"expect", "urc", "--within", "soon"}), "--within");
}
