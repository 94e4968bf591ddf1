// RI pulses as +QCFG says when a URC is said (manual 4.4.1 to 4.4.3).
#include "tests/support/world.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

struct Session : support::World {
  Session() : World({}) {
    modem.power_on();
    pass(10s);
    rings();
  }

  void pass(at::Duration time) { timeline.run_until(timeline.now() + time); }
  void type(const std::string& line) {
    terminals[0]->receive("AT" + line + "\r");
    settle();
  }
  /// What RI has been since it was last looked at: 1 active, 0 at rest.
  std::string rings() {
    std::string seen;
    for (const auto& lines : ports[0].lines) seen += lines.ri ? '1' : '0';
    ports[0].lines.clear();
    return seen;
  }
  void urc() {
    links[0]->say(mqtt_backend::link_event::Down{mqtt_backend::DownReason::peer_closed, ""});
    settle();
  }
  void open() {
    type("+QMTOPEN=0,\"host\",1883");
    links[0]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
    settle();
    pass(10s);
    rings();
  }
};

}  // namespace

TEST_CASE("a URC pulses RI for 120 ms, once") {
  Session session;
  session.open();
  session.urc();
  CHECK(session.rings() == "1");
  session.pass(120ms - 1us);
  CHECK(session.rings().empty());
  session.pass(1us);
  CHECK(session.rings() == "0");
  session.pass(10s);
  CHECK(session.rings().empty());
}

TEST_CASE("duration and number of the pulses are what was set, and they can be off") {
  Session session;
  session.type("+QCFG=\"urc/ri/other\",\"pulse\",50,3");
  session.open();
  session.urc();
  session.pass(250ms - 1us);
  CHECK(session.rings() == "10101");
  session.pass(1us);
  CHECK(session.rings() == "0");
  session.type("+QCFG=\"urc/ri/other\",\"off\"");
  session.open();
  session.urc();
  session.pass(10s);
  CHECK(session.rings().empty());
}

TEST_CASE("messages have a setting of their own") {
  Session session;
  session.type("+QCFG=\"urc/ri/other\",\"off\"");
  session.type("+CMGF=1");
  session.type("+CMGS=\"+15550100001\"");
  session.terminals[0]->receive("to myself\x1a");
  session.settle();
  session.pass(1s);
  CHECK(session.rings() == "10");
}

TEST_CASE("a module that is switched off rests its RI") {
  Session session;
  session.open();
  session.urc();
  session.rings();
  session.type("+CFUN=1,1");
  session.settle();
  CHECK(session.rings().substr(0, 1) == "0");
}
