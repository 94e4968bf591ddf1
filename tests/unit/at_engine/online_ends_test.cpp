// How a connection ends, or does not begin, at a channel: what comes too late, in command state, or
// by the host's lines.
#include "tests/unit/at_engine/online_bench.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

using namespace online_bench;

TEST_CASE("who is no longer online is not heard") {
  Session session;
  session.answer("AT+DIAL\r");
  const auto far = session.dial.far;
  far->channel->finish(at::Outcome::ok());
  session.port.unread.clear();
  far->channel->transmit("x");
  far->channel->hold(true);
  far->channel->finish(at::Outcome::ok("+DONE: 1"));
  far->channel->carrier_lost();
  far->channel->leave("AT\r");
  CHECK(session.port.unread.empty());
  CHECK_FALSE(session.port.holds_host);
  CHECK(session.answer("AT\r") == ok);
}

TEST_CASE("a far side that says nothing writes nothing") {
  Session session;
  session.answer("AT+DIAL\r");
  const auto before = session.port.writes.size();
  session.far().channel->transmit("");
  CHECK(session.port.writes.size() == before);
}

TEST_CASE("who leaves hands back what came behind its last byte") {
  Session session;
  session.answer("AT+DIAL\r");
  SECTION("in data state") {
    session.far().channel->leave("AT\r");
    CHECK(session.port.unread == ok);
  }
  SECTION("in command state") {
    CHECK(session.escape() == ok);
    session.far().channel->leave("AT\r");
    CHECK(session.port.unread == ok);
  }
  session.port.unread.clear();
  CHECK(session.answer("ATO\r") == no_carrier);
}

TEST_CASE("a multiplexer begins behind the last command of its line [MUX-8]") {
  Session session;
  session.dial.calls = false;
  SECTION("where it stands first") {
    CHECK(session.answer("AT+DIAL;+CMEE=2\r") == ok);
    CHECK(session.terminal->is_online());
    CHECK(session.terminal->channel().cmee == 2);
  }
  SECTION("or twice") {
    CHECK(session.answer("AT+DIAL;+CMEE=2;+DIAL\r") == ok);
    CHECK(session.terminal->is_online());
    CHECK(session.dial.times == 2);
  }
  SECTION("but not where the line cannot be read to its end") {
    CHECK(session.answer("AT+DIAL;+CMEE=2;1\r") == "\r\nERROR\r\n");
    CHECK_FALSE(session.terminal->is_online());
  }
  SECTION("nor where another command of it fails") {
    CHECK(session.answer("AT+DIAL;+NONE\r") == "\r\nERROR\r\n");
    CHECK_FALSE(session.terminal->is_online());
  }
}

TEST_CASE("a connection that cannot be left is broken off instead [PPP-7]") {
  Session session;
  session.answer("AT&D1\r");
  session.answer("AT+DIAL\r");
  session.far().suspends = false;
  SECTION("by three pluses") { CHECK(session.escape() == no_carrier); }
  SECTION("by a drop of DTR") {
    session.terminal->dtr(false);
    CHECK(session.port.unread == no_carrier);
  }
  session.port.unread.clear();
  CHECK(session.far().events == "hung-up ");
  CHECK(session.answer("ATO\r") == no_carrier);
}

TEST_CASE("a drop of DTR in command state ends what waits there, under AT&D2 alone") {
  Session session;
  session.answer("AT+DIAL\r");
  session.escape();
  SECTION("1: nothing") {
    session.answer("AT&D1\r");
    session.terminal->dtr(false);
    CHECK(session.far().events == "suspended ");
    CHECK(session.answer("ATO\r") == connect);
  }
  SECTION("2: hangs up") {
    session.answer("AT&D2\r");
    session.terminal->dtr(false);
    CHECK(session.far().events == "suspended hung-up ");
    CHECK(session.answer("ATO\r") == no_carrier);
  }
  SECTION("a second drop without a rise between is none") {
    session.answer("AT&D0\r");
    session.terminal->dtr(false);
    session.answer("AT&D2\r");
    session.terminal->dtr(false);
    CHECK(session.far().events == "suspended ");
  }
}

TEST_CASE("a port that is closed is a drop of DTR, for who heeds it [PPP-9]") {
  Session session;
  session.answer("AT&D2\r");
  SECTION("nobody is online") {
    session.terminal->host_left(false);
    CHECK(session.answer("AT\r") == ok);
  }
  SECTION("a call of the port") {
    session.answer("AT+DIAL\r");
    session.far().is_of_port = true;
    session.terminal->host_left(false);
    CHECK(session.far().events == "hung-up ");
  }
  SECTION("another call") {
    session.answer("AT+DIAL\r");
    session.terminal->host_left(false);
    CHECK(session.far().events.empty());
    CHECK(session.terminal->is_online());
  }
  SECTION("a multiplexer is told of the port, and of the line") {
    session.dial.calls = false;
    session.answer("AT+DIAL\r");
    session.terminal->host_left(false);
    session.terminal->dtr(false);
    session.terminal->dtr(true);
    CHECK(session.far().events == "host-left dtr-off dtr-on ");
    CHECK(session.terminal->is_online());
  }
}

TEST_CASE("a module that is off takes no notice of DTR") {
  Session session;
  session.answer("AT&D2\r");
  session.terminal->power(false);
  session.terminal->dtr(false);
  session.terminal->power(true);
  CHECK(session.answer("AT\r") == ok);
}
