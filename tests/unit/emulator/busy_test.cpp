// What a module is about, for whoever would take it down: each thing by its name, and nothing once
// it is over. In virtual time.
#include "tests/support/service_bench.hpp"
#include "tests/support/session.hpp"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

TEST_CASE("what the network has not answered yet keeps a module from being taken [CTL-15]") {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{1s};
  support::World world(settings);
  const auto busy = [&] { return world.modem.busy().value_or(""); };
  const auto pass = [&](at::Duration time) {
    world.timeline.run_until(world.timeline.now() + time);
  };
  const auto type = [&](std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  };
  world.modem.power_on();
  pass(60s);
  SECTION("a function level") {
    type("AT+CFUN=4\r");
    CHECK(busy() == "the function level changes");
    pass(1s);
  }
  SECTION("operators") {
    type("AT+COPS=?\r");
    CHECK(busy() == "+COPS or +CGATT waits for the network");
    pass(1s);
  }
  SECTION("contexts") {
    type("AT+QIACT=1\r");
    CHECK(busy() == "a packet data context is switched");
    pass(1s);
    CHECK(busy().empty());
    type("AT+QIDEACT=1\r");
    CHECK(busy() == "a packet data context is switched");
    pass(1s);
  }
  SECTION("messages") {
    type("AT+CMGF=1\r");
    type("AT+CMGS=\"+15550100\"\r");
    type("hi\x1a");
    CHECK(busy() == "a message is sent");
    pass(60s);
    type("AT+CMGS=\"+15550100001\"\r");
    type("to itself\x1a");
    pass(1500ms);
    CHECK(busy() == "a message is on its way");
    pass(1s);
  }
  CHECK(busy().empty());
}

TEST_CASE("a context that is switched behind its OK keeps a module from being taken [CTL-15]") {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{1s};
  REQUIRE_FALSE(settings.knobs.set("siblings=on"));
  support::Session session(settings);
  session.start();
  CHECK(session.say("AT+QIACTEX=1") == "\r\nOK\r\n");
  CHECK(session.modem.busy() == "a packet data context is switched (+QIACTEX)");
  session.pass(1s);
  CHECK_FALSE(session.modem.busy());
}

TEST_CASE("a SIM that is ready, and says so bit by bit, is not at rest [CTL-15]") {
  emulator::Modem::Settings settings;
  settings.device.boot.usim = 1s;
  support::World world(settings);
  world.modem.power_on();
  world.settle();
  CHECK(world.modem.device().sim().ready());
  CHECK(world.modem.busy() == "the SIM starts");
  world.timeline.run_until(at::Time(1s));
  CHECK_FALSE(world.modem.busy());
}

TEST_CASE("a module that registers is not at rest [CTL-15]") {
  emulator::Modem::Settings settings;
  settings.device.boot.registration = 5s;
  support::World world(settings);
  world.modem.power_on();
  world.timeline.run_until(at::Time(4s));
  CHECK(world.modem.busy() == "the module registers");
  world.timeline.run_until(at::Time(5s));
  CHECK_FALSE(world.modem.busy());
}

TEST_CASE("connections and what came by them keep a module from being taken [CTL-15]") {
  support::ServiceBench bench("ATE0;+QIACT=1\r");
  const auto busy = [&] { return bench.world.modem.busy().value_or(""); };
  CHECK(busy().empty());
  SECTION("a socket") {
    bench.type("AT+QIOPEN=1,3,\"TCP\",\"host\",80\r");
    CHECK(busy() == "connection 3 is in use");
    bench.open(0);
    CHECK(busy() == "connection 3 is in use");
    bench.type("AT+QICLOSE=3,0\r");
  }
  SECTION("HTTP") {
    bench.type("AT+QHTTPURL=8\r");
    bench.type("http://h");
    CHECK(busy().empty());
    bench.type("AT+QHTTPGET\r");
    CHECK(busy() == "an HTTP request is under way");
    bench.open(0);
    bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    CHECK(busy() == "an HTTP response has not been read");
    bench.type("AT+QHTTPREAD\r");
  }
  SECTION("FTP") {
    bench.type("AT+QFTPOPEN=\"host\"\r");
    CHECK(busy() == "an FTP command runs");
    bench.open(0);
    bench.arrive(0, "220 hello\r\n");
    bench.arrive(0, "230 in\r\n");
    CHECK(busy() == "an FTP session is open");
    bench.world.transport.events(0)->ended(data_services::Ending::finished);
  }
  SECTION("an update") {
    bench.type("AT+QFOTADL=\"http://host/p\"\r");
    CHECK(busy() == "an update is downloaded or checked");
    bench.open(0);
    bench.arrive(0, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  }
  bench.world.settle();
  CHECK(busy().empty());
}
