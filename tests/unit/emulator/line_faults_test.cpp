// Faults of the line and of the module beside those that every answer may meet, in virtual time.
#include "tests/support/faulty_modem.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using Bench = support::FaultyModem;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;
const std::string ok = "\r\nOK\r\n";
const std::string csq = "\r\n+CSQ: 24,99\r\n\r\nOK\r\n";
const std::string rdy =
    "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n"
    "\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n";

}  // namespace

TEST_CASE("reply-coalesce: an answer comes in one with the next, or alone in the end [CTL-10]") {
  Bench bench;
  bench.port.writes.clear();
  bench.set(R"({"type":"reply-coalesce","count":2,"params":{"ms":500}})");
  bench.send("AT+CSQ\r");
  CHECK(bench.port.writes.empty());
  bench.wait(100ms);
  bench.modem.device().urcs().announce("+X: 1");
  CHECK(bench.port.writes == Strings{csq + "\r\n+X: 1\r\n"});
  bench.port.writes.clear();
  bench.send("AT\r");
  bench.wait(499ms);
  CHECK(bench.port.writes.empty());
  bench.wait(1ms);
  CHECK(bench.port.writes == Strings{ok});
  bench.port.writes.clear();
  bench.send("AT\r");
  CHECK(bench.port.writes == Strings{ok});
  CHECK(bench.applied() == Strings{"fault1", "fault1"});
}

TEST_CASE("crlf: line ends come twice, or not at all [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"crlf","count":1,"params":{"mode":"doubled"}})");
  bench.set(R"({"type":"crlf","when":{"command":"CSQ"},"params":{"mode":"missing"}})");
  CHECK(bench.answer("AT\r") == "\r\n\r\nOK\r\n\r\n");
  CHECK(bench.answer("AT+CSQ\r") == "+CSQ: 24,99OK");
  CHECK(bench.answer("AT\r") == ok);
}

TEST_CASE(
    "faults that cut and change an answer act in their order, wherever a piece ends [CTL-10]") {
  Bench bench;
  bench.port.writes.clear();
  SECTION("line ends of single bytes") {
    bench.set(R"({"type":"reply-pieces","params":{"bytes":1,"ms":0}})");
    bench.set(R"({"type":"crlf","params":{"mode":"missing"}})");
    CHECK(bench.answer("AT+CSQ\r") == "+CSQ: 24,99OK");
  }
  SECTION("a line end that is split") {
    bench.set(R"({"type":"reply-split","params":{"at":1,"ms":0}})");
    bench.set(R"({"type":"crlf","params":{"mode":"doubled"}})");
    CHECK(bench.answer("AT\r") == "\r\n\r\nOK\r\n\r\n");
  }
  SECTION("each part in pieces") {
    bench.set(R"({"type":"reply-split","params":{"at":4,"ms":100}})");
    bench.set(R"({"type":"reply-pieces","params":{"bytes":3,"ms":10}})");
    bench.send("AT\r");
    bench.wait(1s);
    CHECK(bench.port.writes == Strings{"\r\nO", "K", "\r\n"});
  }
}

TEST_CASE("echo-delay: the echo is late, and the answer behind it [CTL-10]") {
  Bench bench;
  bench.send("ATE1\r");
  bench.said();
  bench.set(R"({"type":"echo-delay","count":1,"params":{"ms":300}})");
  CHECK(bench.answer("AT\r").empty());
  bench.wait(299ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == "AT\r" + ok);
  CHECK(bench.answer("AT\r") == "AT\r" + ok);
}

TEST_CASE("rate: the module's side of the line is another one for a while [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"rate","params":{"baud":9600,"s":3}})");
  CHECK(bench.outside_heard == Strings{"9600"});
  bench.wait(2999ms);
  CHECK(bench.outside_heard.size() == 1);
  bench.wait(1ms);
  CHECK(bench.outside_heard == Strings{"9600", "free"});
  bench.set(R"({"name":"r","type":"rate","params":{"baud":1200}})");
  CHECK(bench.injector.faults().remove("r"));
  CHECK(bench.outside_heard == Strings{"9600", "free", "1200", "free"});
}

TEST_CASE("port-vanish: the ports are gone until their time, or the fault's end [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"port-vanish","when":{"command":"CSQ"},"params":{"ms":200}})");
  CHECK(bench.outside_heard.empty());
  bench.send("AT+CSQ\r");
  CHECK(bench.outside_heard == Strings{"gone"});
  bench.wait(199ms);
  CHECK(bench.outside_heard.size() == 1);
  bench.wait(1ms);
  CHECK(bench.outside_heard == Strings{"gone", "back"});
  bench.set(R"({"name":"v","type":"port-vanish"})");
  CHECK(bench.injector.faults().remove("v"));
  bench.wait(2s);
  CHECK(bench.outside_heard == Strings{"gone", "back", "gone", "back"});
}

TEST_CASE("busy: the module takes a command in later, and what follows it [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"busy","when":{"command":"CSQ"},"count":1,"params":{"ms":200}})");
  bench.send("AT+CSQ\rAT\r");
  bench.wait(100ms);
  bench.send("ATI\x7F");
  bench.wait(99ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == csq + ok);
  CHECK(bench.answer("AT+CSQ\r") != csq);  // what had been begun stands before it
  CHECK(bench.answer("AT+CSQ\r") == csq);
}

TEST_CASE(
    "a fault that waits for a command lets others be, whatever ends their lines [CTL-10] "
    "[GRAM-2]") {
  Bench bench;
  bench.set(R"({"type":"busy","when":{"command":"XYZ"},"params":{"ms":100}})");
  SECTION("CR LF") {
    CHECK(bench.answer("AT\r\n") == ok);
    CHECK_FALSE(bench.line.busy());
  }
  SECTION("another S3") {
    CHECK(bench.answer("ATS3=10\r") == "\n\nOK\n\n");
    CHECK(bench.answer("AT\n") == "\n\nOK\n\n");
  }
  SECTION("A/") {
    CHECK(bench.answer("AT+CSQ\r") == csq);
    CHECK(bench.answer("A/") == csq);
  }
  SECTION("the fault goes in the middle of a line") {
    CHECK(bench.answer("AT+C").empty());
    REQUIRE(bench.injector.faults().remove("fault1"));
    CHECK_FALSE(bench.line.busy());
    CHECK(bench.answer("SQ\r") == csq);
  }
  SECTION("all faults go") {
    bench.send("AT+CSQ");
    CHECK(bench.line.busy());
    bench.injector.faults().clear();
    CHECK_FALSE(bench.line.busy());
    CHECK(bench.answer("\r") == csq);
  }
}

TEST_CASE("reset of prompt: the module starts anew in the middle of a prompt [CTL-9] [CTL-10]") {
  Bench bench;
  bench.send("AT+CMGF=1\r");
  bench.said();
  bench.set(R"({"type":"reset","count":1,"params":{"of":"prompt","at_byte":3}})");
  bench.send("AT+CMGS=\"1\"\r");
  bench.wait(1s);
  CHECK(bench.said() == "\r\n>" + rdy);
  bench.send("ATE0;+CMGF=1\r");
  bench.said();
  CHECK(bench.answer("AT+CMGS=\"1\"\r") == "\r\n> ");
}

TEST_CASE("a module that starts anew answers nothing that it was about [CTL-10]") {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{400ms};
  support::World world(settings);
  world.modem.power_on();
  world.timeline.run_until(world.timeline.now() + 10s);
  world.terminals[0]->receive("ATE0\r");
  world.settle();
  world.ports[0].unread.clear();
  world.terminals[0]->receive("AT+CFUN=4\rAT\r");
  world.settle();
  CHECK(world.ports[0].unread.empty());
  world.modem.device().power().hard_reset();
  world.timeline.run_until(world.timeline.now() + 10s);
  CHECK(world.ports[0].unread == rdy);
}

TEST_CASE("boot-hang: a boot goes on after its time, or when the fault goes [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"boot-hang","count":1,"params":{"s":5}})");
  bench.set(R"({"type":"reset"})");
  bench.wait(4999ms);
  CHECK(bench.said().empty());
  CHECK(bench.answer("AT\r").empty());
  bench.wait(1ms);
  CHECK(bench.said() == rdy);
  bench.set(R"({"name":"h","type":"boot-hang"})");
  bench.set(R"({"type":"reset"})");
  bench.wait(1h);
  CHECK(bench.said().empty());
  CHECK(bench.injector.faults().remove("h"));
  bench.wait(1s);
  CHECK(bench.said() == rdy);
  CHECK(bench.applied() == Strings{"fault2", "fault1", "fault4", "h"});
}

TEST_CASE(
    "flash-lost: what is stored is gone after a reset, or stays once the fault goes [CTL-10]") {
  Bench bench;
  const auto reset = [&] {
    bench.set(R"({"type":"reset"})");
    bench.wait(1s);
    bench.send("ATE0\r");
    bench.said();
  };
  bench.set(R"({"name":"lost","type":"flash-lost"})");
  CHECK(bench.answer("AT+QDIAGPORT=1\r") == ok);
  CHECK(bench.answer("AT+QDIAGPORT?\r") == "\r\n+QDIAGPORT: 1\r\n" + ok);
  reset();
  CHECK(bench.answer("AT+QDIAGPORT?\r") == "\r\n+QDIAGPORT: 0\r\n" + ok);
  CHECK(bench.answer("AT+QDIAGPORT=1\r") == ok);
  CHECK(bench.injector.faults().remove("lost"));
  reset();
  CHECK(bench.answer("AT+QDIAGPORT?\r") == "\r\n+QDIAGPORT: 1\r\n" + ok);
}

TEST_CASE("flash-lost: files and profiles are in the cache too [CTL-10]") {
  support::MemoryFlash kept;
  support::MemoryFiles files;
  faults::FaultyFlash flash({kept, kept, files});
  REQUIRE(flash.write("old", "1"));
  flash.cache(true);
  CHECK(flash.write("new", "22"));
  CHECK(flash.remove("old"));
  CHECK(flash.save({{"uart1", {}}}));
  CHECK(flash.read("new") == "22");
  CHECK_FALSE(flash.read("old"));
  CHECK(flash.sizes() == device::FileSizes{{"new", 2}});
  CHECK(files.sizes() == device::FileSizes{{"old", 1}});
  flash.lose_cache();
  CHECK(flash.sizes() == device::FileSizes{{"old", 1}});
  CHECK_FALSE(flash.load("uart1"));
  CHECK(flash.write("new", "22"));
  flash.cache(false);
  CHECK(files.sizes() == device::FileSizes{{"new", 2}, {"old", 1}});
}

TEST_CASE("clock-jump: the clock is another one, forwards and back [CTL-10]") {
  Bench bench;
  CHECK(bench.answer("AT+CCLK=\"24/01/01,00:00:30+00\"\r") == ok);
  bench.set(R"({"type":"clock-jump","params":{"s":-60}})");
  CHECK(bench.answer("AT+CCLK?\r") == "\r\n+CCLK: \"23/12/31,23:59:30+00\"\r\n" + ok);
  bench.set(R"({"type":"clock-jump","params":{"s":86400}})");
  CHECK(bench.answer("AT+CCLK?\r") == "\r\n+CCLK: \"24/01/01,23:59:30+00\"\r\n" + ok);
}

TEST_CASE("signal: another one for a while [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"signal","params":{"rssi":-113,"rsrp":-140,"s":10}})");
  CHECK(bench.answer("AT+CSQ\r") == "\r\n+CSQ: 0,99\r\n\r\nOK\r\n");
  bench.wait(10s);
  CHECK(bench.answer("AT+CSQ\r") == csq);
  bench.set(R"({"name":"weak","type":"signal","params":{"rssi":-111}})");
  CHECK(bench.answer("AT+CSQ\r") == "\r\n+CSQ: 1,99\r\n\r\nOK\r\n");
  CHECK(bench.injector.faults().remove("weak"));
  CHECK(bench.answer("AT+CSQ\r") == csq);
}

TEST_CASE("a module that goes down takes along what it was about to say [CTL-7, CTL-10]") {
  for (const auto* fault : {R"({"type":"reply-delay","params":{"ms":1500}})",
                            R"({"type":"reply-pieces","params":{"bytes":4,"ms":200}})"}) {
    support::FaultyModem modem;
    modem.set(fault);
    modem.send("AT+CSQ\r");
    modem.said();
    modem.modem.device().power().cut();
    modem.wait(std::chrono::seconds(5));
    CHECK(modem.said().empty());
  }
}

TEST_CASE(
    "a reset at a byte finds commands as they are understood, not as they are typed [CTL-11]") {
  for (const auto* line : {"at+csq\r", "At+Csq\r", "ATE0;+CSQ\r", "AT+CSQ\r"}) {
    CAPTURE(line);
    support::FaultyModem modem;
    modem.set(
        R"({"name":"r","type":"reset","when":{"command":"^\\+CSQ$"},"params":{"at_byte":3}})");
    modem.send(line);
    CHECK(modem.applied() == std::vector<std::string>{"r"});
  }
}

TEST_CASE("a reset at a byte of the data finds those of an upload [CTL-9]") {
  support::FaultyModem modem;
  modem.set(R"({"type":"reset","params":{"of":"data","at_byte":5}})");
  CHECK(modem.answer("AT+QFUPL=\"u\",10,2\r") == "\r\nCONNECT\r\n");
  CHECK(modem.answer("12345") == rdy);
  CHECK(modem.applied().size() == 1);
}

TEST_CASE("a client alone is a condition of what is no fault of links [CTL-11]") {
  support::FaultyModem modem;
  modem.set(R"({"name":"r","type":"reset","when":{"client":3}})");
  modem.set(
      R"({"name":"s","type":"urc-storm","when":{"client":3},"params":{"line":"X","per_s":1,"s":1}})");
  modem.send("AT+QMTOPEN=2,\"h\",1883\r");
  CHECK(modem.applied().empty());
  modem.send("AT+QMTOPEN=3,\"h\",1883\r");
  CHECK(modem.applied() == std::vector<std::string>{"r"});
}

TEST_CASE("a fault that could never act is refused [CTL-9]") {
  using emulator::faults::Fault;
  using emulator::faults::Refusal;
  struct Row {
    const char* when;
    const char* field;
  };
  for (const auto& [when, field] :
       {Row{R"({"state":"zzz"})", "when.state"}, Row{R"({"topic":"a/#/b"})", "when.topic"},
        Row{R"({"topic":"a+/b"})", "when.topic"}, Row{R"({"from":5,"to":1})", "when.to"}}) {
    CAPTURE(when);
    const auto parsed =
        Fault::parse({{"type", "reply-drop"}, {"when", nlohmann::json::parse(when)}}, "fault1");
    const auto* refusal = std::get_if<Refusal>(&parsed);
    REQUIRE(refusal != nullptr);
    CHECK(refusal->field == field);
  }
}

TEST_CASE("what waits for its place to be said has a limit in bytes [CTL-8]") {
  Bench bench;
  constexpr std::size_t half = std::size_t{2} << 20U;
  const auto insert = [&](std::size_t size) {
    return bench.line.insert({std::string(size, 'x'), "", *faults::place_of("in-prompt"), 1});
  };
  CHECK(insert(half));
  CHECK(insert(half));
  CHECK_FALSE(insert(1));
}
