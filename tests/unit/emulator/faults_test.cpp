#include "emulator/faults/fault_injector.hpp"
#include "tests/support/faulty_modem.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace emulator;
using Bench = support::FaultyModem;
using namespace std::chrono_literals;
using faults::Fault;
using faults::FaultSet;
using faults::Refusal;
using nlohmann::json;

namespace {

const std::string csq = "\r\n+CSQ: 24,99\r\n\r\nOK\r\n";
const std::string rdy =
    "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n"
    "\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n";

}  // namespace

TEST_CASE("an answer comes late, and only as often as it is asked for [CTL-9] [CTL-10]") {
  Bench bench;
  bench.set(R"({"name":"f1","type":"reply-delay","when":{"command":"^\\+CSQ"},"count":2,
                "params":{"ms":700}})");
  for (int i = 0; i < 2; ++i) {
    CHECK(bench.answer("AT+CSQ\r").empty());
    bench.wait(699ms);
    CHECK(bench.said().empty());
    bench.wait(1ms);
    CHECK(bench.said() == csq);
  }
  CHECK(bench.answer("AT+CSQ\r") == csq);
  CHECK(bench.applied() == std::vector<std::string>{"f1", "f1"});
  CHECK(bench.injector.faults().find("f1")->applied() == 2);
}

TEST_CASE("an answer does not come, its echo does [CTL-10]") {
  Bench bench;
  bench.send("ATE1\r");
  bench.said();
  bench.set(R"({"type":"reply-drop","when":{"command":"CSQ"},"count":1})");
  CHECK(bench.answer("AT+CSQ\r") == "AT+CSQ\r");
  CHECK(bench.answer("AT+CSQ\r") == "AT+CSQ\r" + csq);
}

TEST_CASE("an answer comes in two parts, and in pieces [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"reply-split","count":1,"params":{"at":5,"ms":50}})");
  CHECK(bench.answer("AT+CSQ\r") == csq.substr(0, 5));
  bench.wait(49ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == csq.substr(5));
  bench.set(R"({"type":"reply-pieces","count":1,"params":{"bytes":4,"ms":10}})");
  std::string heard;
  bench.send("AT+CSQ\r");
  for (int i = 0; i < 6; ++i) {
    const auto piece = bench.said();
    CHECK(piece.size() <= 4);
    heard += piece;
    bench.wait(10ms);
  }
  CHECK(heard == csq);
}

TEST_CASE("what comes behind a late answer waits for its turn") {
  Bench bench;
  bench.set(R"({"type":"reply-delay","count":1,"params":{"ms":100}})");
  CHECK(bench.answer("AT+CSQ\rAT\r").empty());
  bench.wait(100ms);
  CHECK(bench.said() == csq + "\r\nOK\r\n");
}

TEST_CASE("a byte of an answer is flipped, or missing [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"reply-corrupt","count":1,"params":{"at":2}})");
  CHECK(bench.answer("AT\r") == "\r\nNK\r\n");
  bench.set(R"({"type":"reply-lost-byte","count":1,"params":{"at":0}})");
  CHECK(bench.answer("AT\r") == "\nOK\r\n");
  bench.set(R"({"type":"reply-corrupt","count":1,"params":{"at":100}})");
  CHECK(bench.answer("AT\r") == "\r\nOK\r\n");
}

TEST_CASE("a command ends with another result and does not run [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"result","when":{"command":"^\\+QMTCFG"},"count":1,
                "params":{"text":"BUSY"}})");
  CHECK(bench.answer("AT+QMTCFG=\"keepalive\",0,60\r") == "\r\nBUSY\r\n");
  CHECK(bench.answer("AT+QMTCFG=\"keepalive\",0\r") ==
        "\r\n+QMTCFG: \"keepalive\",120\r\n\r\nOK\r\n");
  bench.set(R"({"type":"cme","when":{"command":"^\\+CSQ"},"params":{"code":100}})");
  CHECK(bench.answer("AT+CSQ;+CSQ\r") == "\r\n+CME ERROR: 100\r\n");
  CHECK(bench.answer("AT\r") == "\r\nOK\r\n");
}

TEST_CASE("the module starts anew in the middle of a command [CTL-9] [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"reset","when":{"command":"^\\+CSQ"},"params":{"at_byte":4},"count":1})");
  CHECK(bench.answer("AT+C").empty());
  CHECK(bench.answer("SQ\r") == rdy);
  CHECK(bench.answer("AT+CSQ\r") == "AT+CSQ\r" + csq);
}

TEST_CASE("the module starts anew in the middle of an answer [CTL-9] [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"reset","when":{"command":"^\\+CSQ"},"count":1,
                "params":{"at_byte":6,"of":"reply"}})");
  CHECK(bench.answer("AT+CSQ\r") == csq.substr(0, 6) + rdy);
  CHECK(bench.answer("ATE0\r") == "ATE0\r\r\nOK\r\n");
}

TEST_CASE("the supply fails in the middle of data, and comes back [CTL-9] [CTL-10]") {
  Bench bench;
  bench.set(R"({"type":"brownout","when":{"command":"^\\+CMGS"},"count":1,
                "params":{"at_byte":2,"of":"data","ms":2000}})");
  bench.send("AT+CMGF=1\r");
  bench.said();
  CHECK(bench.answer("AT+CMGS=\"1\"\r") == "\r\n> ");
  CHECK(bench.answer("hello").empty());
  CHECK(bench.answer("AT\r").empty());
  bench.wait(1999ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == rdy);
}

TEST_CASE("without a condition a reset comes at once [CTL-9]") {
  Bench bench;
  bench.set(R"({"type":"reset"})");
  bench.wait({});
  CHECK(bench.said() == rdy);
  CHECK(bench.applied().size() == 1);
}

TEST_CASE("a URC storm has its rate and its end [CTL-10] [CTL-11]") {
  Bench bench;
  bench.set(R"({"type":"urc-storm","when":{"from":10},
                "params":{"line":"+X: 1","per_s":4,"s":2}})");
  bench.wait(8999ms);
  CHECK(bench.said().empty());
  bench.wait(1ms);
  CHECK(bench.said() == "\r\n+X: 1\r\n");
  bench.wait(250ms);
  CHECK(bench.said() == "\r\n+X: 1\r\n");
  bench.wait(1min);
  std::string six;
  for (int i = 0; i < 6; ++i) six += "\r\n+X: 1\r\n";
  CHECK(bench.said() == six);
  bench.set(R"({"name":"s","type":"urc-storm","params":{"line":"+Y","per_s":1,"s":60}})");
  bench.wait(1500ms);
  CHECK(bench.said() == "\r\n+Y\r\n\r\n+Y\r\n");
  CHECK(bench.injector.faults().remove("s"));
  bench.wait(1min);
  CHECK(bench.said().empty());
}

TEST_CASE("a full flash refuses until the fault goes [CTL-10]") {
  Bench bench;
  bench.set(R"({"name":"full","type":"flash-full"})");
  CHECK(bench.answer("AT&W\r") != "\r\nOK\r\n");
  CHECK(bench.injector.faults().remove("full"));
  CHECK(bench.answer("AT&W\r") == "\r\nOK\r\n");
}

TEST_CASE("the registration is lost for a while, and a context is taken down [CTL-10]") {
  Bench bench;
  CHECK(bench.answer("AT+CEREG?\r") == "\r\n+CEREG: 0,1\r\n\r\nOK\r\n");
  bench.set(R"({"type":"registration","params":{"mode":"denied","s":30}})");
  bench.wait(1s);
  CHECK(bench.answer("AT+CEREG?\r") == "\r\n+CEREG: 0,3\r\n\r\nOK\r\n");
  bench.wait(40s);
  CHECK(bench.answer("AT+CEREG?\r") == "\r\n+CEREG: 0,1\r\n\r\nOK\r\n");
  CHECK(bench.answer("AT+QIACT=1\r") == "\r\nOK\r\n");
  bench.set(R"({"type":"pdp-deactivate","params":{"cid":1}})");
  CHECK(bench.said() == "\r\n+QIURC: \"pdpdeact\",1\r\n");
}

TEST_CASE("a fault that lasts ends at its time, or when it is removed [CTL-11]") {
  Bench bench;
  bench.set(R"({"type":"registration","when":{"from":10,"to":20},"params":{"mode":"lost"}})");
  const auto stat = [&] { return bench.answer("AT+CEREG?\r").substr(12, 1); };
  bench.wait(8s);
  CHECK(stat() == "1");
  bench.wait(2s);
  CHECK(stat() == "2");
  bench.wait(10s);
  CHECK(stat() == "1");
}

TEST_CASE("of faults that exclude each other the first acts, and it alone is counted [CTL-9]") {
  Bench bench;
  bench.set(R"({"name":"a","type":"cme","count":1,"params":{"code":1}})");
  bench.set(R"({"name":"b","type":"result","count":1,"params":{"text":"BUSY"}})");
  CHECK(bench.answer("AT+CSQ\r") == "\r\n+CME ERROR: 1\r\n");
  CHECK(bench.injector.faults().find("b")->applied() == 0);
  CHECK(bench.answer("AT+CSQ\r") == "\r\nBUSY\r\n");
  CHECK(bench.answer("AT+CSQ\r") == csq);
  CHECK(bench.applied() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what a host had begun goes with it, and the echo is no part of what is said") {
  Bench bench;
  bench.set(R"({"name":"r","type":"reset","when":{"command":"NEVER"},"params":{"at_byte":1}})");
  bench.send("AT+CS");
  bench.line.host_left();
  bench.terminal.host_left();
  CHECK(bench.answer("AT+CSQ\r") == csq);
  CHECK(bench.injector.faults().remove("r"));
  bench.send("ATE1\r");
  bench.said();
  bench.send("AT+CSQ\r");
  bench.said();
  CHECK(bench.line.insert({"!", "!", faults::Place::after_byte, 0, 0}));
  CHECK(bench.answer("AT") == "AT");
  CHECK(bench.answer("\r") == "\r!\r\nOK\r\n");
}

TEST_CASE("late answers are late only up to a limit, and none is lost") {
  Bench bench;
  CHECK(bench.files.write("a", std::string(1'000'000, 'x')));
  bench.set(R"({"type":"reply-delay","params":{"ms":3600000}})");
  for (int i = 0; i < 4; ++i) bench.send("AT+QFDWL=\"a\"\r");
  CHECK(bench.said().empty());
  bench.send("AT+QFDWL=\"a\"\r");
  CHECK(bench.said().size() > 5'000'000);
}

TEST_CASE("nth, every, count and probability choose among what matches [CTL-11]") {
  const auto tried = [](const char* fault) {
    Bench bench;
    bench.set(fault);
    std::string hits;
    for (int i = 0; i < 8; ++i) hits += bench.answer("AT\r").empty() ? 'x' : '.';
    return hits;
  };
  CHECK(tried(R"({"type":"reply-drop","when":{"nth":3}})") == "..x.....");
  CHECK(tried(R"({"type":"reply-drop","when":{"every":3}})") == "..x..x..");
  CHECK(tried(R"({"type":"reply-drop","when":{"every":2},"count":2})") == ".x.x....");
  CHECK(tried(R"({"type":"reply-drop","when":{"probability":0}})") == "........");
  const auto some = tried(R"({"type":"reply-drop","when":{"probability":0.5},"seed":3})");
  CHECK(some.find('x') != std::string::npos);
  CHECK(some.find('.') != std::string::npos);
  CHECK(some == tried(R"({"type":"reply-drop","when":{"probability":0.5},"seed":3})"));
}

TEST_CASE("client, topic, state and time are conditions [CTL-11]") {
  Bench bench;
  bench.set(R"({"type":"cme","when":{"client":2},"params":{"code":1}})");
  bench.set(R"({"type":"cme","when":{"topic":"a/+"},"params":{"code":2}})");
  bench.set(R"({"type":"cme","when":{"state":"open","command":"QMTCONN"},"params":{"code":4}})");
  bench.set(R"({"type":"cme","when":{"command":"CSQ","from":100,"to":200},"params":{"code":5}})");
  CHECK(bench.answer("AT+QMTOPEN=2,\"h\",1883\r") == "\r\n+CME ERROR: 1\r\n");
  CHECK(bench.answer("AT+QMTCFG=\"version\",2\r") == "\r\n+CME ERROR: 1\r\n");
  CHECK(bench.answer("AT+QMTPUBEX=0,0,0,0,\"a/b\",1\r") == "\r\n+CME ERROR: 2\r\n");
  CHECK(bench.answer("AT+QMTPUBEX=0,0,0,0,\"b\",1\r") == "\r\nERROR\r\n");
  CHECK(bench.answer("AT+QMTCONN=0,\"x\"\r") == "\r\nERROR\r\n");
  CHECK(bench.answer("AT+CSQ\r") == csq);
  bench.wait(150s);
  CHECK(bench.answer("AT+CSQ\r") == "\r\n+CME ERROR: 5\r\n");
  bench.wait(100s);
  CHECK(bench.answer("AT+CSQ\r") == csq);
}

TEST_CASE("a fault that makes no sense is refused by the member that is to blame [CTL-9]") {
  struct Row {
    const char* object;
    const char* field;
  };
  constexpr std::array<Row, 24> rows{{
      {R"(7)", ""},
      {R"({"type":"x"})", "type"},
      {R"({})", "type"},
      {R"({"type":"reply-drop","colour":1})", "colour"},
      {R"({"type":"reply-drop","name":"A"})", "name"},
      {R"({"type":"reply-drop","name":"-a"})", "name"},
      {R"({"type":"reply-drop","name":7})", "name"},
      {R"({"type":"reply-drop","count":0})", "count"},
      {R"({"type":"reply-drop","count":1.5})", "count"},
      {R"({"type":"reply-drop","seed":-1})", "seed"},
      {R"({"type":"reply-drop","when":7})", "when"},
      {R"({"type":"reply-drop","when":{"x":1}})", "when.x"},
      {R"({"type":"reply-drop","when":{"command":"("}})", "when.command"},
      {R"({"type":"reply-drop","when":{"client":6}})", "when.client"},
      {R"({"type":"reply-drop","when":{"probability":1.1}})", "when.probability"},
      {R"({"type":"reply-drop","when":{"nth":0}})", "when.nth"},
      {R"({"type":"reply-drop","when":{"nth":3,"every":2}})", "when.nth"},
      {R"({"type":"reply-drop","when":{"from":-1}})", "when.from"},
      {R"({"type":"reply-drop","params":{"ms":1}})", "params.ms"},
      {R"({"type":"reply-delay"})", "params.ms"},
      {R"({"type":"reply-delay","params":{"ms":3600001}})", "params.ms"},
      {R"({"type":"reply-delay","params":{"ms":"1"}})", "params.ms"},
      {R"({"type":"registration","params":{"mode":"x"}})", "params.mode"},
      {R"({"type":"broker","params":{"packet":"puback"}})", "params.mode"},
  }};
  Bench bench;
  for (const auto& row : rows) {
    CAPTURE(row.object);
    const auto added = bench.injector.faults().add(json::parse(row.object), {});
    const auto* wrong = std::get_if<Refusal>(&added);
    REQUIRE(wrong != nullptr);
    CHECK(wrong->field == row.field);
    CHECK_FALSE(wrong->detail.empty());
  }
  CHECK(bench.injector.faults().all().empty());
  bench.set(R"({"type":"reply-drop","name":"a","when":{"command":"NEVER"}})");
  const auto again =
      bench.injector.faults().add(json::parse(R"({"type":"reply-drop","name":"a"})"), {});
  CHECK(std::get<Refusal>(again).field == "name");
}

TEST_CASE("what a fault says of itself can be set again [CTL-9]") {
  Bench bench;
  bench.set(R"({"name":"f1","type":"brownout","when":{"command":"^\\+Q","every":2,"from":1.5},
                "count":3,"seed":9,"params":{"at_byte":3,"of":"reply","ms":20}})");
  const auto shown = bench.injector.faults().find("f1")->to_json();
  CHECK(shown == json::parse(R"({"name":"f1","type":"brownout","applied":0,"count":3,"seed":9,
      "when":{"command":"^\\+Q","every":2,"from":1.5},
      "params":{"at_byte":3,"of":"reply","ms":20}})"));
  CHECK(bench.injector.faults().remove("f1"));
  bench.set(shown.dump().c_str());
  CHECK(bench.injector.faults().find("f1")->to_json() == shown);
}

TEST_CASE("their page names every fault, and the files that ship can be set [CTL-10] [CTL-21]") {
  const std::filesystem::path root = support::in_tree("");
  const auto page = support::contents(root / "docs/how-to/faults.md");
  for (const auto& type : faults::all_types()) {
    CAPTURE(type.name);
    CHECK(page.find("| `" + std::string(type.name) + "` | ") != std::string::npos);
  }
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(root / "examples/faults")) {
    CAPTURE(file.path());
    CHECK(faults::complaint_about(support::contents(file.path())) == std::nullopt);
    ++files;
  }
  CHECK(files >= 4);
  CHECK(
      faults::complaint_about("{").value_or("") ==
      "it is not JSON: line 1, column 2: syntax error while parsing object key - unexpected end of "
      "input; expected string literal");
  CHECK(faults::complaint_about(R"([{"type":"cme"}])")
            .value_or("")
            .rfind("fault 1: params.code: is missing", 0) == 0);
  CHECK(faults::complaint_about(R"([{"type":"reply-drop","name":"a","when":{"nth":9}},
                                   {"type":"reply-drop","name":"a"}])") ==
        "fault 2: name: there is one of that name already");
}
