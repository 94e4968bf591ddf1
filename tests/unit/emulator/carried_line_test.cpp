// What a line carries where faults and insertions meet: shown in the journal, nothing lost that was
// asked for, nothing counted that did nothing.
#include "tests/support/faulty_modem.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using faults::Place;
using Bench = support::FaultyModem;
using namespace std::chrono_literals;

namespace {

using Strings = std::vector<std::string>;
const std::string ok = "\r\nOK\r\n";
const std::string x = "\r\n+X: 1\r\n";

/// The bytes of the journal's events of that kind; "lost" for one without any.
Strings carried(const Bench& bench, journal::Kind kind = journal::Kind::wire) {
  Strings all;
  for (const auto& event : bench.journal.events()) {
    if (event.kind != kind) continue;
    const auto* const bytes = event.find("bytes");
    all.push_back(bytes == nullptr ? "lost" : std::get<journal::Bytes>(*bytes).bytes);
  }
  return all;
}

std::size_t applied(Bench& bench, const char* name) {
  return static_cast<std::size_t>(bench.injector.faults().find(name)->applied());
}

}  // namespace

TEST_CASE("the journal shows what the host gets where a fault changes it [CTL-13]") {
  Bench bench;
  bench.set(R"({"type":"reply-corrupt","count":1,"params":{"at":2}})");
  bench.set(R"({"type":"reply-split","count":1,"params":{"at":4,"ms":50}})");
  CHECK(bench.answer("AT\r") == "\r\nNK");
  bench.wait(50ms);
  CHECK(bench.said() == "\r\n");
  CHECK(carried(bench) == Strings{"\r\nNK", "\r\n"});
  bench.set(R"({"type":"reply-drop","count":1})");
  CHECK(bench.answer("AT\r").empty());
  CHECK(carried(bench) == Strings{"\r\nNK", "\r\n", "lost"});
  CHECK(bench.answer("AT\r") == ok);
  CHECK(carried(bench).size() == 3);
  CHECK(carried(bench, journal::Kind::tx).back() == ok);
}

TEST_CASE("what was to come with an answer that is dropped comes with the next [CTL-8] [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"reply-drop","count":1})");
  REQUIRE(bench.line.insert({x, "+X: 1", Place::glued_to_result}));
  CHECK(bench.answer("AT\r").empty());
  CHECK(bench.answer("AT\r") == ok + "+X: 1\r\n");
}

TEST_CASE("a line for a module that is off comes behind the first that it says [CTL-8]") {
  Bench bench;
  bench.modem.device().power().cut();
  REQUIRE(bench.line.insert({x, "+X: 1", Place::now}));
  bench.wait(10s);
  CHECK(bench.said().empty());
  bench.modem.power_on();
  bench.wait(10s);
  const std::string begin = "\r\nRDY\r\n" + x;
  CHECK(bench.said().substr(0, begin.size()) == begin);
}

TEST_CASE("a line waits while data are awaited, with a prompt or a CONNECT [CTL-8]") {
  Bench bench;
  bench.send("AT+QFUPL=\"a\",3\r");
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  REQUIRE(bench.line.insert({x, "+X: 1", Place::now}));
  CHECK(bench.said().empty());
  CHECK(bench.answer("abc") == "\r\n+QFUPL: 3,262\r\n\r\nOK\r\n" + x);
}

TEST_CASE("a fault at a byte that an answer does not have has not acted [CTL-9]") {
  for (const auto* type : {"reply-corrupt", "reply-lost-byte", "reply-split"}) {
    CAPTURE(type);
    Bench bench;
    const std::string ms = std::string(type) == "reply-split" ? R"(,"ms":10)" : "";
    bench.set((R"({"name":"f","count":1,"type":")" + std::string(type) + R"(","params":{"at":6)" +
               ms + "}}")
                  .c_str());
    CHECK(bench.answer("AT\r") == ok);
    CHECK(applied(bench, "f") == 0);
    CHECK(bench.answer("AT+CSQ\r") != "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
    CHECK(applied(bench, "f") == 1);
  }
}

TEST_CASE("a reset in a command comes before it can run, however far its byte [CTL-9]") {
  for (const char* at_byte : {"10", "11", "999"}) {
    CAPTURE(at_byte);
    Bench bench;
    bench.set((R"({"type":"reset","when":{"command":"CMGF"},"count":1,"params":{"at_byte":)" +
               std::string(at_byte) + "}}")
                  .c_str());
    bench.send("AT+CMGF=1\r");
    CHECK(bench.said().substr(0, 7) == "\r\nRDY\r\n");
  }
}

TEST_CASE("bytes of an answer are counted from its first, in pieces or not [CTL-9] [CTL-10]") {
  struct Row {
    const char* before;
    const char* after;
    std::string line;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"type":"reply-pieces","params":{"bytes":4,"ms":20}})",
       R"({"name":"f","type":"reply-corrupt","params":{"at":2}})", "\r\n*CSQ: 24,99\r\n" + ok},
      {R"({"type":"reply-split","params":{"at":3,"ms":10}})",
       R"({"name":"f","type":"reply-corrupt","params":{"at":2}})", "\r\n*CSQ: 24,99\r\n" + ok},
      {R"({"type":"reply-pieces","params":{"bytes":4,"ms":20}})",
       R"({"name":"f","type":"reply-lost-byte","params":{"at":6}})", "\r\n+CSQ 24,99\r\n" + ok},
  }));
  CAPTURE(row.before, row.after);
  Bench bench;
  bench.set(row.before);
  bench.set(row.after);
  bench.send("AT+CSQ\r");
  bench.wait(1s);
  CHECK(bench.said() == row.line);
  CHECK(applied(bench, "f") == 1);
}

TEST_CASE("what finds nothing to act on has not acted [CTL-9]") {
  Bench bench;
  bench.set(R"({"name":"drop","type":"reply-drop","count":1})");
  bench.set(R"({"name":"f","type":"reply-corrupt","count":1,"params":{"at":2}})");
  bench.set(R"({"name":"r","type":"reset","params":{"of":"reply","at_byte":7}})");
  CHECK(bench.answer("AT\r").empty());
  CHECK(applied(bench, "f") == 0);
  CHECK(bench.answer("AT\r") == "\r\nNK\r\n");
  CHECK(applied(bench, "r") == 0);
}

TEST_CASE("a line before or behind an echo comes with it, though the answer is dropped [CTL-8]") {
  Bench bench;
  bench.send("ATE1\r");
  bench.said();
  bench.set(R"({"type":"reply-drop","count":1})");
  REQUIRE(bench.line.insert({x, "+X: 1", Place::before_echo}));
  CHECK(bench.answer("AT\r") == x + "AT\r");
  CHECK(bench.answer("AT\r") == "AT\r" + ok);
}

TEST_CASE("a broker's packet has what a fault wants to change, or it is refused [CTL-9]") {
  Bench bench;
  const auto field = [&](const char* params) {
    const auto added = bench.injector.faults().add(
        {{"type", "broker"}, {"params", nlohmann::json::parse(params)}}, bench.timeline.now());
    return std::get<faults::Refusal>(added).field;
  };
  CHECK(field(R"({"packet":"connack","mode":"wrong-id"})") == "params.mode");
  CHECK(field(R"({"packet":"pingresp","mode":"wrong-id"})") == "params.mode");
  CHECK(field(R"({"packet":"puback","code":128})") == "params.code");
}
