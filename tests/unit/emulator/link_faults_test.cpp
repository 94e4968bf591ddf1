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

TEST_CASE("what a half-open link takes counts as written [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"link","params":{"mode":"half-open"}})");
  bench.wait(100s);
  bench.send("AT+QMTPUBEX=0,0,0,0,\"t\",2\r");
  bench.send("hi");
  CHECK(bench.said() == "\r\n> \r\nOK\r\n\r\n+QMTPUBEX: 0,0,0\r\n");
  // The keep-alive time begins anew, and then the answer to PINGREQ does not come.
  bench.wait(124'999ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == "\r\n+QMTPING: 0,1\r\n\r\n+QMTSTAT: 0,2\r\n");
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

TEST_CASE("a link that has ended is none that a NAT forgets [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"nat-idle","params":{"s":10}})");
  bench.send("AT+QMTDISC=0\r");
  bench.links[0]->say(mqtt_backend::link_event::Disconnected{true});
  bench.wait({});
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  bench.wait(10s);
  CHECK(bench.links[0]->requests.back() == "disconnect");
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

TEST_CASE("the keep-alive time runs from what the module wrote, however slow the link [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"link","params":{"mode":"slow","delay_ms":3000}})");
  bench.send("AT+QMTSUB=0,7,\"t\",1\r");
  bench.links[0]->say(mqtt_backend::link_event::Acked{bench.links[0]->ticket(7), {1}});
  bench.wait(119'999ms);
  CHECK(bench.links[0]->requests.back() == "subscribe id=7 \"t\",1");
  bench.wait(1ms);
  CHECK(bench.links[0]->requests.back() == "ping");
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

TEST_CASE("a link has so many bytes a second, both ways [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"name":"thin","type":"link",
                "params":{"mode":"slow","delay_ms":0,"bytes_per_s":100}})");
  // 6 bytes beside topic and payload.
  const std::string payload(93, 'x');
  for (int i = 0; i < 2; ++i)
    bench.links[0]->say(mqtt_backend::link_event::Message{0, 0, false, false, "t", payload});
  const auto line = "\r\n+QMTRECV: 0,0,\"t\",\"" + payload + "\"\r\n";
  bench.wait(999ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == line);
  bench.wait(1s);
  CHECK(bench.said() == line);
  bench.send("AT+QMTPUBEX=0,1,1,0,\"t\",193\r");
  bench.send(std::string(193, 'y'));
  bench.said();
  bench.links[0]->say(mqtt_backend::link_event::Acked{bench.links[0]->ticket(1), {}});
  // 200 bytes out and 6 in.
  bench.wait(2059ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == "\r\n+QMTPUBEX: 0,1,0\r\n");
}

TEST_CASE("what a link loses comes again later, and nothing overtakes it [CTL-10]") {
  Bench bench;
  connect(bench);
  bench.set(R"({"type":"link","seed":3,
                "params":{"mode":"slow","delay_ms":0,"loss":50}})");
  std::string all;
  for (int i = 0; i < 8; ++i) {
    bench.links[0]->say(
        mqtt_backend::link_event::Message{0, 0, false, false, "t", std::to_string(i)});
    all += "\r\n+QMTRECV: 0,0,\"t\",\"" + std::to_string(i) + "\"\r\n";
  }
  bench.wait(999ms);
  auto heard = bench.said();
  CHECK(heard.size() < all.size());
  bench.wait(62s);
  heard += bench.said();
  CHECK(heard == all);
}

TEST_CASE("message: the broker sends what is hard to read [CTL-10]") {
  using mqtt_backend::Packet;
  const auto sent = [](const std::string& params) {
    Bench bench;
    connect(bench);
    bench.set((R"({"type":"message","params":{"topic":"a",)" + params + "}}").c_str());
    CHECK(bench.links[1]->injected.size() == 1);
    const auto& injected = bench.links[0]->injected;
    return injected.size() == 1 ? injected.front() : Packet{};
  };
  const auto packet = [](Packet head, const std::string& payload) {
    head.insert(head.end(), payload.begin(), payload.end());
    return head;
  };
  CHECK(sent(R"("payload":"ok")") == packet({0x30, 9, 0, 1, 'a'}, "\r\nOK\r\n"));
  CHECK(sent(R"("payload":"ok","qos":1,"dup":"yes")") ==
        packet({0x3A, 11, 0, 1, 'a', 0, 0}, "\r\nOK\r\n"));
  CHECK(sent(R"("payload":"quotes")") == packet({0x30, 21, 0, 1, 'a'}, "say \"hello\", \"you\""));
  CHECK(sent(R"("payload":"crlf","qos":2)") ==
        packet({0x34, 15, 0, 1, 'a', 0, 0}, "one\r\ntwo\r\n"));
  CHECK(sent(R"("payload":"stat")") == packet({0x30, 20, 0, 1, 'a'}, "\r\n+QMTSTAT: 0,1\r\n"));
  const auto binary = sent(R"("payload":"binary")");
  REQUIRE(binary.size() == 3 + 3 + 256);  // its length takes two bytes
  CHECK(binary[6] == 0);
  CHECK(binary.back() == 255);
}

TEST_CASE("message-twice and retained-flood: what comes behind a packet [CTL-10]") {
  using mqtt_backend::Packet;
  Bench bench;
  std::vector<Packet> passed;
  const auto gate = [&](Packet packet) {
    passed.clear();
    bench.injector.gate(client, std::move(packet),
                        [&](Packet in) { passed.push_back(std::move(in)); });
    return passed;
  };
  bench.set(R"({"type":"message-twice"})");
  bench.set(R"({"type":"retained-flood","count":1,"params":{"count":2,"topic":"r","bytes":1}})");
  const Packet qos1{0x32, 6, 0, 1, 'a', 0, 7, 'x'};
  CHECK(gate(qos1) == std::vector<Packet>{qos1, {0x3A, 6, 0, 1, 'a', 0, 7, 'x'}});
  const Packet qos0{0x30, 4, 0, 1, 'a', 'x'};
  CHECK(gate(qos0) == std::vector<Packet>{qos0});
  const Packet suback{0x90, 3, 0, 7, 1};
  CHECK(gate(suback) == std::vector<Packet>{suback,
                                            {0x31, 6, 0, 3, 'r', '/', '1', 'x'},
                                            {0x31, 6, 0, 3, 'r', '/', '2', 'x'}});
  CHECK(gate(suback) == std::vector<Packet>{suback});
  CHECK(bench.applied() == std::vector<std::string>{"fault1", "fault2"});
}

TEST_CASE("tls: where nobody can stand between, TLS fails; plain links do not mind [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"tls","params":{"mode":"expired"}})");
  open(bench);
  CHECK(bench.applied().empty());
  bench.send("AT+QMTCFG=\"ssl\",1,1,0\r");
  bench.said();
  bench.send("AT+QMTOPEN=1,\"h\",8883\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QMTOPEN: 1,-1\r\n");
  CHECK(bench.applied() == std::vector<std::string>{"fault1"});
}

TEST_CASE("tls: the link is led elsewhere, unless it was closed meanwhile [CTL-10]") {
  at::Timeline timeline;
  auto fake = std::make_unique<support::FakeLink>(timeline);
  auto& behind = *fake;
  faults::Fault tls = std::get<faults::Fault>(faults::Fault::parse(
      nlohmann::json::parse(R"({"type":"tls","params":{"mode":"cut","at_byte":7}})"), "f"));
  faults::TlsTrouble asked;
  faults::FaultyLink::Found found;
  faults::FaultyLink link(timeline, std::move(fake),
                          {[&](const auto&) { return std::vector<faults::Fault*>{&tls}; },
                           [&](const auto& trouble, const auto&, const auto& answer) {
                             asked = trouble;
                             found = answer;
                           },
                           [](auto&) {}});
  link.listen([](auto) {});
  link.open({"h", 8883, std::make_shared<ssl_ctx::TlsRequest>()});
  CHECK(asked.mode == "cut");
  CHECK(asked.at_byte == 7);
  CHECK(behind.requests.empty());
  found(mqtt_backend::Endpoint{"h", 8883, {}, 4711});
  REQUIRE(behind.requests.size() == 1);
  CHECK(behind.requests.front() == "open h 8883");
  behind.requests.clear();
  link.close();
  behind.requests.clear();
  link.open({"h", 8883, std::make_shared<ssl_ctx::TlsRequest>()});
  link.close();
  found(mqtt_backend::Endpoint{"h", 8883, {}, 4711});
  CHECK(behind.requests.empty());
}
