// Online data mode and the modem lines: CONNECT hands the bytes over, "+++", DTR, ATO, ATH and the
// far side bring them back (V.250 6.3; 27.007 10.1.1; AT&C, AT&D).
#include "tests/unit/at_engine/online_bench.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

using namespace online_bench;

TEST_CASE("behind CONNECT every byte is the far side's, both ways") {
  Session session;
  CHECK(session.answer("AT+DIAL\r") == connect);
  CHECK(session.answer("AT\r+CSQ\n\x1a\x1b").empty());
  CHECK(session.far().heard == "AT\r+CSQ\n\x1a\x1b");
  session.far().channel->transmit("\x7e\xff\r\n");
  CHECK(session.port.unread == "\x7e\xff\r\n");
  session.port.unread.clear();
  session.terminal->announce("+URC: 1");
  CHECK(session.pass(10s).empty());
  session.far().channel->carrier_lost();
  CHECK(session.port.unread == std::string(no_carrier) + "\r\n+URC: 1\r\n");
  session.port.unread.clear();
  CHECK(session.answer("AT\r") == ok);
}

TEST_CASE("what comes behind a dial command in one piece is data") {
  Session session;
  CHECK(session.answer("AT+DIAL\r\x7e"
                       "data") == connect);
  CHECK(session.far().heard ==
        "\x7e"
        "data");
}

TEST_CASE("three pluses between two silences go back to commands, ATO goes on") {
  Session session;
  session.answer("AT+DIAL\r");
  session.pass(2s);
  SECTION("at once after data they are data") {
    session.answer("x");
    session.answer("+++");
    CHECK(session.pass(5s).empty());
    CHECK(session.far().heard == "x+++");
  }
  SECTION("with data behind them they are data") {
    session.answer("+++");
    session.pass(500ms);
    session.answer("y");
    CHECK(session.pass(5s).empty());
    CHECK(session.far().heard == "+++y");
  }
  SECTION("fewer are data, once it is clear") {
    session.answer("+");
    session.answer("+");
    CHECK(session.far().heard.empty());
    session.pass(1s);
    CHECK(session.far().heard == "++");
  }
  SECTION("a multiplexer takes every byte") {
    session.far().calls = false;
    session.answer("+++");
    CHECK(session.pass(5s).empty());
    CHECK(session.far().heard == "+++");
  }
  SECTION("they escape") {
    session.answer("+");
    session.answer("+");
    session.answer("+");
    CHECK(session.pass(1s - 1us).empty());
    CHECK(session.pass(1us) == ok);
    CHECK(session.far().heard.empty());
    CHECK(session.far().events == "suspended ");
    CHECK(session.answer("AT\r") == ok);
    session.far().channel->transmit("lost");
    CHECK(session.port.unread.empty());
    CHECK(session.answer("ATO\r") == connect);
    CHECK(session.far().events == "suspended resumed ");
    session.answer("more");
    CHECK(session.far().heard == "more");
  }
}

TEST_CASE("ATH ends the connection, ATO without one is NO CARRIER") {
  Session session;
  CHECK(session.answer("ATO\r") == no_carrier);
  CHECK(session.answer("ATH\r") == ok);
  session.answer("AT+DIAL\r");
  session.pass(2s);
  session.answer("+++");
  session.pass(1s);
  CHECK(session.answer("ATH\r") == ok);
  CHECK(session.far().events == "suspended hung-up ");
  CHECK(session.answer("ATO\r") == no_carrier);
}

TEST_CASE("a suspended connection that goes says so when the host may hear it") {
  Session session;
  session.answer("AT+DIAL\r");
  session.pass(2s);
  session.answer("+++");
  session.pass(1s);
  session.far().channel->carrier_lost();
  CHECK(session.port.unread == no_carrier);
  session.port.unread.clear();
  CHECK(session.answer("ATO\r") == no_carrier);
}

TEST_CASE("what is said of a suspended connection that goes is a result code, as ATV and ATQ say") {
  Session session;
  session.answer("AT+DIAL\r");
  session.escape();
  SECTION("as a number") {
    session.answer("ATV0\r");
    session.far().channel->carrier_lost();
    CHECK(session.port.unread == "3\r");
  }
  SECTION("not at all") {
    session.answer("ATQ1\r");
    session.far().channel->carrier_lost();
    CHECK(session.port.unread.empty());
  }
  SECTION("once a line is over, as it is set then") {
    session.answer("AT");
    session.far().channel->carrier_lost();
    CHECK(session.answer("V0\r") == "0\r3\r");
  }
}

TEST_CASE("a drop of DTR does what AT&D says") {
  Session session;
  const auto drop = [&] {
    session.terminal->dtr(false);
    session.terminal->dtr(true);
    return std::exchange(session.port.unread, {});
  };
  SECTION("0: nothing") {
    session.answer("AT&D0\r");
    session.answer("AT+DIAL\r");
    CHECK(drop().empty());
    CHECK(session.terminal->is_online());
  }
  SECTION("1: to commands, the connection stays") {
    session.answer("AT&D1\r");
    session.answer("AT+DIAL\r");
    CHECK(drop() == ok);
    CHECK(session.far().events == "suspended ");
    CHECK(session.answer("ATO\r") == connect);
  }
  SECTION("2: hangs up") {
    session.answer("AT&D2\r");
    session.answer("AT+DIAL\r");
    CHECK(drop() == no_carrier);
    CHECK(session.far().events == "hung-up ");
    CHECK(session.answer("ATO\r") == no_carrier);
  }
  SECTION("in command state nothing is said") { CHECK(drop().empty()); }
}

TEST_CASE("DCD follows the connection, or is always on (AT&C)") {
  Session session;
  const auto dcd = [&] { return session.port.lines.empty() || session.port.lines.back().dcd; };
  session.answer("AT&C1\r");
  CHECK_FALSE(dcd());
  session.answer("AT+DIAL\r");
  CHECK(dcd());
  session.pass(2s);
  session.answer("+++");
  session.pass(1s);
  CHECK(dcd());
  session.answer("ATH\r");
  CHECK_FALSE(dcd());
  session.answer("AT&C0\r");
  CHECK(dcd());
  session.answer("AT&C1\r");
  CHECK_FALSE(dcd());
}

TEST_CASE("a reset, or the loss of power, hangs up") {
  Session session;
  session.answer("AT+DIAL\r");
  session.terminal->power(false);
  CHECK(session.far().events == "hung-up ");
  session.terminal->power(true);
  CHECK(session.answer("AT\r") == ok);
}

TEST_CASE("a connection ends with a result of its own") {
  Session session;
  SECTION("in data state") {
    session.answer("AT+DIAL\r");
    session.terminal->announce("+URC: 1");
    session.far().channel->finish(at::Outcome::ok("+DONE: 3"));
    CHECK(session.port.unread == "\r\n+DONE: 3\r\n\r\nOK\r\n\r\n+URC: 1\r\n");
  }
  SECTION("or with an error") {
    session.answer("AT+CMEE=1\r");
    session.answer("AT+DIAL\r");
    session.far().channel->finish(at::Outcome::cme(726));
    CHECK(session.port.unread == "\r\n+CME ERROR: 726\r\n");
  }
  SECTION("in command state without a word") {
    session.answer("AT+DIAL\r");
    session.pass(2s);
    session.answer("+++");
    session.pass(1s);
    session.far().channel->finish(at::Outcome::ok());
    CHECK(session.port.unread.empty());
  }
  session.port.unread.clear();
  CHECK(session.far().events.find("hung-up") == std::string::npos);
  CHECK(session.answer("ATO\r") == no_carrier);
}

TEST_CASE("the port's room is told, and the host is held only in data state") {
  Session session;
  session.answer("AT+DIAL\r");
  session.port.room_now = 5;
  auto& channel = *session.far().channel;
  CHECK(channel.room() == 5);
  session.terminal->drained();
  CHECK(session.far().events == "drained ");
  channel.hold(true);
  CHECK(session.port.holds_host);
  channel.hold(false);
  CHECK_FALSE(session.port.holds_host);
  channel.hold(true);
  SECTION("a drop of DTR lets it go on") {
    session.terminal->channel().dtr = 1;
    session.terminal->dtr(false);
    CHECK_FALSE(session.port.holds_host);
    channel.hold(true);
    CHECK_FALSE(session.port.holds_host);
    session.terminal->drained();
    CHECK(session.far().events == "drained suspended ");
  }
  SECTION("so does the end") {
    channel.carrier_lost();
    CHECK_FALSE(session.port.holds_host);
  }
  SECTION("or a reset") {
    session.terminal->reset();
    CHECK_FALSE(session.port.holds_host);
  }
}

TEST_CASE("what goes online displaces what was suspended") {
  Session session;
  session.answer("AT+DIAL\r");
  session.pass(2s);
  session.answer("+++");
  session.pass(1s);
  const auto first = session.dial.far;
  session.answer("AT+DIAL\r");
  CHECK(first->events == "suspended displaced ");
  CHECK(session.dial.far->events.empty());
}

TEST_CASE("an LF behind CONNECT is the line's, or data of a host whose lines end in CR [GRAM-1]") {
  Session session;
  SECTION("in one piece with the line") {
    session.answer("AT\r");
    CHECK(session.answer("AT+DIAL\r\nabc") == connect);
    CHECK(session.far().heard == "abc");
  }
  SECTION("at the same moment") {
    session.answer("AT\r");
    session.answer("AT+DIAL\r");
    session.answer("\n\nabc");
    CHECK(session.far().heard == "\nabc");
  }
  SECTION("later, of a host whose lines ended in CR LF") {
    session.answer("AT\r\n");
    session.answer("AT+DIAL\r");
    session.pass(1ms);
    session.answer("\nabc");
    CHECK(session.far().heard == "abc");
  }
  SECTION("later, of a host whose lines ended in CR") {
    session.answer("AT\r");
    session.answer("AT+DIAL\r");
    session.pass(1ms);
    session.answer("\nabc");
    CHECK(session.far().heard == "\nabc");
  }
}
