// Faults of names, connections, links and of the broker's packets, in virtual time.
#include "emulator/faults/fault_injector.hpp"
#include "tests/support/faulty_modem.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using Bench = support::FaultyModem;
using namespace std::chrono_literals;

namespace {

constexpr int client = 0;

void open(Bench& bench) {
  bench.send("AT+QMTOPEN=0,\"h\",1883\r");
  bench.links[0]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.wait({});
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
  bench.links[0]->requests.clear();
}

void connect(Bench& bench) {
  open(bench);
  bench.send("AT+QMTCONN=0,\"c\"\r");
  bench.links[0]->say(mqtt_backend::link_event::ConnAck{0, false});
  bench.wait({});
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  bench.links[0]->requests.clear();
}

}  // namespace

TEST_CASE("names and connections fail as they are told [CTL-10]") {
  struct Row {
    const char* fault;
    std::string answer;
    std::string asked;
  };
  const std::array<Row, 4> rows{{
      {R"({"type":"dns","params":{"mode":"none"}})", "\r\n+QMTOPEN: 0,4\r\n", ""},
      {R"({"type":"dns","params":{"mode":"wrong"}})", "", "open 192.0.2.1 1883"},
      {R"({"type":"connect","params":{"mode":"refuse"}})", "\r\n+QMTOPEN: 0,-1\r\n", ""},
      {R"({"type":"connect","params":{"mode":"swallow"}})", "", ""},
  }};
  for (const auto& row : rows) {
    CAPTURE(row.fault);
    Bench bench;
    bench.set(row.fault);
    bench.send("AT+QMTOPEN=0,\"h\",1883\r");
    bench.wait(1s);
    CHECK(bench.said() == "\r\nOK\r\n" + row.answer);
    const auto& asked = bench.links[0]->requests;
    CHECK((asked.empty() ? "" : asked.front()) == row.asked);
    bench.wait(120s);
    if (row.answer.empty()) CHECK(bench.said() == "\r\n+QMTOPEN: 0,-1\r\n");
  }
}

TEST_CASE("a name is answered late, and a connection is reset [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"dns","count":1,"when":{"command":"^\\+QMTOPEN=0,\"h\""},
                "params":{"mode":"slow","ms":4000}})");
  bench.send("AT+QMTOPEN=0,\"h\",1883\r");
  bench.wait(3999ms);
  CHECK(bench.links[0]->requests.empty());
  bench.wait(1ms);
  CHECK(bench.links[0]->requests.front() == "open h 1883");
  bench.set(R"({"name":"r","type":"connect","count":1,"params":{"mode":"reset"}})");
  bench.send("AT+QMTOPEN=1,\"h\",1883\r");
  bench.said();
  bench.links[1]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.wait({});
  CHECK(bench.said() == "\r\n+QMTOPEN: 1,0\r\n\r\n+QMTSTAT: 1,1\r\n");
}

TEST_CASE("established links are cut, of one client or of all [CTL-10]") {
  for (const auto* fault : {R"({"type":"link","params":{"mode":"reset"}})",
                            R"({"type":"broker-disconnect","when":{"client":0}})"}) {
    CAPTURE(fault);
    Bench bench;
    connect(bench);
    bench.set(R"({"type":"broker-disconnect","when":{"client":3}})");
    bench.wait({});
    CHECK(bench.said().empty());
    bench.set(fault);
    bench.wait({});
    CHECK(bench.said() == "\r\n+QMTSTAT: 0,1\r\n");
  }
}

TEST_CASE("a half-open link takes everything, says nothing, and ends by the retries [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"link","when":{"command":"^\\+QMTPUBEX"},"count":1,
                "params":{"mode":"half-open"}})");
  bench.send("AT+QMTPUBEX=0,7,1,0,\"t\",2\r");
  bench.send("hi");
  CHECK(bench.said() == "\r\n> \r\nOK\r\n");
  CHECK(bench.links[0]->requests.front() == "back-pressure on");
  CHECK(bench.links[0]->requests.size() == 1);
  bench.links[0]->say(mqtt_backend::link_event::Message{0, 0, false, false, "t", "p"});
  bench.wait(60s);
  CHECK(bench.said() == "\r\n+QMTPUBEX: 0,7,2\r\n\r\n+QMTSTAT: 0,6\r\n");
}

TEST_CASE("a NAT forgets a link that is idle, and one that is not stays [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"name":"nat","type":"nat-idle","params":{"s":10}})");
  const auto heard = [&] {
    bench.links[0]->say(mqtt_backend::link_event::Message{0, 0, false, false, "t", "p"});
    bench.wait({});
    return bench.said() == "\r\n+QMTRECV: 0,0,\"t\",\"p\"\r\n";
  };
  for (int i = 0; i < 3; ++i) {
    bench.wait(9s);
    CHECK(heard());
  }
  bench.wait(10s);
  CHECK_FALSE(heard());
}

TEST_CASE("a slow link says everything late and in order, until the fault goes [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"name":"slow","type":"link","seed":5,
                "params":{"mode":"slow","delay_ms":500,"jitter_ms":400}})");
  for (int i = 0; i < 20; ++i)
    bench.links[0]->say(
        mqtt_backend::link_event::Message{0, 0, false, false, "t", std::to_string(i)});
  bench.wait(99ms);
  CHECK(bench.said().empty());
  bench.wait(801ms);
  std::string all;
  for (int i = 0; i < 20; ++i) all += "\r\n+QMTRECV: 0,0,\"t\",\"" + std::to_string(i) + "\"\r\n";
  CHECK(bench.said() == all);
  CHECK(bench.injector.faults().remove("slow"));
  bench.links[0]->say(mqtt_backend::link_event::Message{0, 0, false, false, "t", "x"});
  bench.wait({});
  CHECK(bench.said() == "\r\n+QMTRECV: 0,0,\"t\",\"x\"\r\n");
}

TEST_CASE("a broker waits for a link that is slower than it, and nothing is lost") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"link","params":{"mode":"slow","delay_ms":1000}})");
  const std::string payload(1024 * 1024, 'x');
  for (int i = 0; i < 5; ++i)
    bench.links[0]->say(mqtt_backend::link_event::Message{0, 0, false, false, "t", payload});
  CHECK(bench.links[0]->requests.back() == "back-pressure on");
  bench.wait(2s);
  CHECK(bench.links[0]->requests.back() == "back-pressure off");
  CHECK(bench.said().size() > 5 * payload.size());
}

TEST_CASE("packets of the broker are lost, late, repeated and spoilt [CTL-10]") {
  using mqtt_backend::Packet;
  struct Row {
    const char* params;
    std::vector<Packet> at_once;
    std::vector<Packet> later;
  };
  const Packet puback{0x40, 2, 0, 7};
  const Packet suback{0x90, 4, 0, 7, 0, 1};
  const Packet connack{0x20, 2, 0, 0};
  const std::vector<std::pair<Packet, Row>> rows{
      {puback, {R"("packet":"puback","mode":"withhold")", {}, {}}},
      {puback, {R"("packet":"puback","mode":"late","ms":300)", {}, {puback}}},
      {puback, {R"("packet":"puback","mode":"twice")", {puback, puback}, {}}},
      {puback, {R"("packet":"puback","mode":"wrong-id")", {{0x40, 2, 0x55, 0x52}}, {}}},
      {puback, {R"("packet":"puback","mode":"malformed")", {{0x4F, 2, 0, 7}}, {}}},
      {puback, {R"("packet":"suback","mode":"withhold")", {puback}, {}}},
      {suback, {R"("packet":"suback","code":128)", {{0x90, 4, 0, 7, 128, 128}}, {}}},
      {connack, {R"("packet":"connack","code":5)", {{0x20, 2, 0, 5}}, {}}},
      {connack, {R"("packet":"connack","mode":"late","ms":300,"code":2)", {}, {{0x20, 2, 0, 2}}}},
  };
  for (const auto& [packet, row] : rows) {
    CAPTURE(row.params);
    Bench bench;
    bench.set((R"({"type":"broker","params":{)" + std::string(row.params) + "}}").c_str());
    std::vector<Packet> passed;
    bench.injector.gate(client, packet, [&](Packet in) { passed.push_back(std::move(in)); });
    CHECK(passed == row.at_once);
    passed.clear();
    bench.wait(299ms);
    CHECK(passed.empty());
    bench.wait(1ms);
    CHECK(passed == row.later);
  }
}
