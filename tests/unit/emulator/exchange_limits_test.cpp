// How much one MQTT client may have under way, of what has an id and of what has none.
#include "tests/support/session.hpp"

#include <chrono>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace link_event = mqtt_backend::link_event;

namespace {

const std::string ok = "\r\nOK\r\n";

emulator::Modem::Settings late_by(at::Duration latency) {
  emulator::Modem::Settings settings;
  settings.latency =
      cellular::Latency::Fixed{std::chrono::duration_cast<std::chrono::milliseconds>(latency)};
  return settings;
}

/// Client 0 is connected to a broker that answers nothing.
struct Connected : support::Session {
  explicit Connected(at::Duration latency = {}) : Session(late_by(latency)) {
    start();
    say("AT+QMTOPEN=0,\"host\",1883");
    links[0]->say(link_event::Opened{mqtt_backend::OpenResult::ok});
    pass(latency);
    say("AT+QMTCONN=0,\"id\"");
    links[0]->say(link_event::ConnAck{0, false});
    pass(latency);
    REQUIRE(say("AT+QMTCONN?") == "\r\n+QMTCONN: 0,3\r\n" + ok);
  }

  /// Of qos 0.
  std::string publish() {
    const auto prompt = say("AT+QMTPUBEX=0,0,0,0,\"t\",1");
    return prompt == "\r\n> " ? type("x") : prompt;
  }
};

}  // namespace

TEST_CASE("a client has at most 64 exchanges under way that are answered") {
  Connected client;
  for (int id = 1; id <= 64; ++id)
    REQUIRE(client.say(fmt::format("AT+QMTSUB=0,{},\"t\",0", id)) == ok);
  CHECK(client.say("AT+QMTSUB=0,65,\"t\",0") == "\r\nERROR\r\n");
  CHECK(client.say("AT+QMTUNS=0,66,\"t\"") == "\r\nERROR\r\n");
  // What needs no answer has a limit of its own.
  client.say("AT+QMTPUBEX=0,0,0,0,\"t\",1");
  CHECK(client.type("x") == ok);
}

TEST_CASE("a client has at most 512 publishes under way that are not written") {
  Connected client;
  for (int i = 0; i < 512; ++i) REQUIRE(client.publish() == ok);
  CHECK(client.publish() == "\r\nERROR\r\n");
  CHECK(client.say("AT+QMTSUB=0,1,\"t\",0") == ok);
}

TEST_CASE("a publish that is written leaves its room before its result is told") {
  Connected client(std::chrono::milliseconds(300));
  for (int i = 0; i < 512; ++i) REQUIRE(client.publish() == ok);
  CHECK(client.publish() == "\r\nERROR\r\n");
  client.links[0]->say(link_event::Acked{client.links[0]->ticket(0), {}});
  client.settle();
  CHECK(client.publish() == ok);
  CHECK(client.publish() == "\r\nERROR\r\n");
  client.pass(std::chrono::milliseconds(300));
  CHECK(client.ports[0].unread == "\r\n+QMTPUBEX: 0,0,0\r\n");
}

TEST_CASE("results of qos 0 that wait for the round trip are at most 1024, and each is told") {
  Connected client(std::chrono::milliseconds(300));
  for (int i = 0; i < 1024; ++i) {
    REQUIRE(client.publish() == ok);
    const auto ticket = static_cast<mqtt_backend::Ticket>(i + 1);
    client.links[0]->say(link_event::Acked{ticket, {}});
    client.settle();
  }
  CHECK(client.publish() == "\r\nERROR\r\n");
  client.pass(std::chrono::milliseconds(300));
  std::string results;
  for (int i = 0; i < 1024; ++i) results += "\r\n+QMTPUBEX: 0,0,0\r\n";
  CHECK(client.ports[0].unread == results);
  client.ports[0].unread.clear();
  CHECK(client.publish() == ok);
}
