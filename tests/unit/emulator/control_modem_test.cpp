// What can be asked of one modem, and done to it, without HTTP and in virtual time.
#include "tests/support/control_bench.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;
using Bench = support::ControlBench;
using support::Heard;

namespace {

const std::string csq = "\r\n+CSQ: 24,99\r\n\r\nOK\r\n";
const std::string x = "\r\n+QIND: \"X\"\r\n";

}  // namespace

TEST_CASE("the state of a modem says what a person would ask [CTL-5]") {
  Bench bench;
  CHECK(bench.faulty.files.write("a.pem", "1234"));
  bench.faulty.send("AT+QMTCFG=\"keepalive\",3,60;+QMTOPEN=3,\"h\",1883\r");
  bench.faulty.links[3]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.faulty.wait({});
  auto state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("power") == "on");
  CHECK(state.at("sim") == "ready");
  CHECK(state.at("registration") == "home");
  CHECK(state.at("signal") == json::parse(R"({"rsrp":-85,"rsrq":-10,"rssi":-65,"sinr":17})"));
  CHECK(state.at("contexts") == json::parse(R"([{"cid":1,"active":true,"address":"10.64.12.3",
                                                    "bytes_in":0,"bytes_out":0}])"));
  REQUIRE(state.at("clients").size() == 6);
  const auto& client = state.at("clients")[3];
  CHECK(client.at("client_idx") == 3);
  CHECK(client.at("state") == 1);
  CHECK(client.at("state_name") == "open");
  CHECK(client.at("host") == "h");
  CHECK(client.at("port") == 1883);
  CHECK(client.at("tls") == false);
  CHECK(client.at("window") == 0);
  CHECK(client.at("slots") == 0);
  CHECK(client.at("settings").at("keepalive") == 60);
  CHECK(client.at("last_down").is_null());
  CHECK(state.at("clients")[0].at("state") == 0);
  CHECK(state.at("files") == json::parse(R"([{"name":"a.pem","size":4}])"));
  CHECK(state.at("channels") ==
        json::parse(R"([{"name":"uart1","mode":"command","echo":false,"line":"",
                         "waiting_urcs":0,"dtr":true,"dcd":false,"ri":true}])"));
  CHECK(state.at("knobs").at("tls13") == 0);
  CHECK(state.at("time") == json::parse(R"({"now":1.0,"scale":2.0,"paused":false,"skip":false})"));
  CHECK(state.at("counters").at("command") == 3);
  bench.faulty.links[3]->say(
      mqtt_backend::link_event::Down{mqtt_backend::DownReason::peer_closed, "FIN"});
  bench.faulty.send("AT+CSQ");
  state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("clients")[3].at("last_down") ==
        json::parse(R"({"stat":1,"why":"closed by the broker: FIN","at":1.0})"));
  CHECK(state.at("channels")[0].at("line") == "+CSQ");
  bench.ask("POST", "/power", {{"action", "off"}}, 200);
  CHECK(bench.ask("GET", "", nullptr, 200).at("power") == "off");
}

TEST_CASE("the surroundings are patched at once, and wrong ones change nothing [CTL-6]") {
  Bench bench;
  auto now = bench.ask("PATCH", "/surroundings", json::parse(R"({"signal":{"rsrp":-118}})"), 200);
  CHECK(now.at("signal").at("rsrp") == -118);
  CHECK(now.at("signal").at("rsrq") == -10);
  bench.ask("PATCH", "/surroundings", json::parse(R"({"service":"none"})"), 200);
  bench.faulty.wait(1s);
  CHECK(bench.faulty.answer("AT+CEREG?\r") == "\r\n+CEREG: 0,2\r\n\r\nOK\r\n");
  now = bench.ask("GET", "/surroundings", nullptr, 200);
  CHECK(now.at("service") == "none");
  CHECK(now.at("signal").at("rsrp") == -118);
  bench.ask("PATCH", "/surroundings", json::parse(R"({"service":"home"})"), 200);
  CHECK(bench.faulty.answer("AT+QIACT=1\r") == "\r\nOK\r\n");
  bench.ask("PATCH", "/surroundings", json::parse(R"({"deactivate":[1]})"), 200);
  CHECK(bench.faulty.said() == "\r\n+QIURC: \"pdpdeact\",1\r\n");
  bench.ask("PATCH", "/surroundings", json::parse(R"({"sim_inserted":false})"), 200);
  bench.faulty.wait(1s);
  CHECK(bench.ask("GET", "", nullptr, 200).at("sim") == "absent");
  struct Row {
    const char* body;
    const char* field;
  };
  for (const auto& row :
       {Row{R"({"signal":{"rsrp":7}})", "signal.rsrp"}, Row{R"({"colour":1})", "colour"},
        Row{R"({"deactivate":[16]})", "deactivate"}, Row{R"({"zone":"x"})", "zone"},
        Row{R"({"service":"best"})", "service"}}) {
    CAPTURE(row.body);
    const auto before = bench.ask("GET", "/surroundings", nullptr, 200);
    CHECK(bench.ask("PATCH", "/surroundings", json::parse(row.body), 400).at("field") == row.field);
    CHECK(bench.ask("GET", "/surroundings", nullptr, 200) == before);
  }
}

TEST_CASE("the power is switched, cut, and its key pressed [CTL-7]") {
  Bench bench;
  const auto power = [&](const char* body) {
    return bench.ask("POST", "/power", json::parse(body), 200).at("power").get<std::string>();
  };
  CHECK(power(R"({"action":"off"})") == "off");
  CHECK(bench.faulty.answer("AT\r").empty());
  CHECK(power(R"({"action":"on"})") == "on");
  CHECK(bench.faulty.said().find("RDY") == 2);
  CHECK(power(R"({"action":"reset"})") == "on");
  CHECK(bench.faulty.said().find("RDY") == 2);
  CHECK(power(R"({"action":"key","hold_ms":100})") == "on");
  CHECK(bench.faulty.said().empty());
  power(R"({"action":"key"})");
  bench.faulty.wait(10s);
  CHECK(bench.faulty.said() == "\r\nPOWERED DOWN\r\n");
  CHECK(power(R"({"action":"key"})") == "on");
  CHECK(power(R"({"action":"brownout"})") == "off");
  bench.faulty.said();
  bench.faulty.wait(500ms);
  CHECK(bench.faulty.said().find("RDY") == 2);
  CHECK(bench.ask("POST", "/power", json::parse(R"({"action":"x"})"), 400).at("field") == "action");
}

TEST_CASE("a line is said where it hurts, once [CTL-8]") {
  struct Row {
    const char* request;
    std::string answer;
  };
  const std::vector<Row> rows{
      {R"("when":"before-echo")", x + "AT+CSQ\r" + csq},
      {R"("when":"between-echo-and-reply")", "AT+CSQ\r" + x + csq},
      {R"("when":"inside-reply")", "AT+CSQ\r\r\n+CSQ: 24,99\r\n" + x + "\r\nOK\r\n"},
      {R"("when":"inside-reply","n":9)", "AT+CSQ\r\r\n+CSQ: 24,99\r\n" + x + "\r\nOK\r\n"},
      {R"("when":"glued-to-result")", "AT+CSQ\r" + csq + "+QIND: \"X\"\r\n"},
      {R"("when":"after-byte","n":3)", "AT+CSQ\r\r\n+" + x + "CSQ: 24,99\r\n\r\nOK\r\n"},
      {R"("when":"now")", x + "AT+CSQ\r" + csq},
  };
  for (const auto& row : rows) {
    CAPTURE(row.request);
    Bench bench;
    bench.faulty.send("ATE1\r");
    bench.faulty.said();
    const auto body = json::parse(R"({"line":"+QIND: \"X\"",)" + std::string(row.request) + "}");
    const auto answer = bench.ask("POST", "/urc", body, 202);
    CHECK(answer.at("seq") == bench.faulty.journal.last());
    CHECK(bench.faulty.answer("AT+CSQ\r") == row.answer);
    CHECK(bench.faulty.answer("AT+CSQ\r") == "AT+CSQ\r" + csq);
    CHECK(bench.inserted == std::vector<std::string>{"+QIND: \"X\""});
  }
}

TEST_CASE("a line waits for a prompt, or until nothing runs; bytes are as they are [CTL-8]") {
  Bench bench;
  bench.faulty.send("AT+CMGF=1\r");
  bench.faulty.said();
  bench.ask("POST", "/urc", json::parse(R"({"line":"+X","when":"in-prompt"})"), 202);
  CHECK(bench.faulty.answer("AT\r") == "\r\nOK\r\n");
  CHECK(bench.faulty.answer("AT+CMGS=\"1\"\r") == "\r\n> \r\n+X\r\n");
  bench.ask("POST", "/urc", json::parse(R"({"bytes_base64":"AP8=","when":"now"})"), 202);
  CHECK(bench.faulty.said().empty());
  bench.faulty.send("\x1B");
  CHECK(bench.faulty.said() == std::string("\r\nOK\r\n\0\xFF", 8));
  for (const auto* wrong :
       {R"({})", R"({"line":"a","bytes_base64":"AA=="})", R"({"line":"a","when":"never"})",
        R"({"line":"a","channel":"b"})", R"({"bytes_base64":"!"})", R"({"line":"a","n":-1})"}) {
    CAPTURE(wrong);
    bench.ask("POST", "/urc", json::parse(wrong), 400);
  }
}

TEST_CASE("faults are set, listed, changed and removed by name [CTL-9]") {
  Bench bench;
  const auto fault = json::parse(
      R"({"name":"f1","type":"reply-delay","when":{"command":"CSQ"},"params":{"ms":100}})");
  const auto made = bench.ask("POST", "/faults", fault, 201);
  CHECK(made.at("applied") == 0);
  CHECK(made.at("seed") == 1);
  CHECK(bench.ask("POST", "/faults", fault, 409).at("field") == "name");
  CHECK(bench.ask("GET", "/faults", nullptr, 200).at("faults") == json::array({made}));
  CHECK(bench.faulty.answer("AT+CSQ\r").empty());
  CHECK(bench.ask("GET", "/faults/f1", nullptr, 200).at("applied") == 1);
  bench.faulty.wait(100ms);
  CHECK(bench.faulty.said() == csq);
  CHECK(bench.ask("PATCH", "/faults/f1", json::parse(R"({"params":{"ms":-1}})"), 400).at("field") ==
        "params.ms");
  CHECK(bench.ask("PATCH", "/faults/f1", json::parse(R"({"name":"f2"})"), 400).at("field") ==
        "name");
  bench.ask("PATCH", "/faults/f1", json::parse(R"({"params":{"ms":200},"count":1})"), 200);
  CHECK(bench.faulty.answer("AT+CSQ\r").empty());
  bench.faulty.wait(199ms);
  CHECK(bench.faulty.said().empty());
  bench.faulty.wait(1ms);
  CHECK(bench.faulty.said() == csq);
  CHECK(bench.faulty.answer("AT+CSQ\r") == csq);
  bench.ask("DELETE", "/faults/f1", nullptr, 204);
  bench.ask("DELETE", "/faults/f1", nullptr, 404);
  bench.ask("GET", "/faults/f1", nullptr, 404);
  bench.ask("PATCH", "/faults/f1", json::object(), 404);
  bench.ask("POST", "/faults", json::parse(R"({"type":"reply-drop"})"), 201);
  bench.ask("POST", "/faults", json::parse(R"({"type":"reply-drop"})"), 201);
  bench.ask("DELETE", "/faults", nullptr, 204);
  CHECK(bench.ask("GET", "/faults", nullptr, 200).at("faults").empty());
  CHECK(bench.ask("POST", "/faults", json::parse(R"({"type":"cme","params":{"code":1000}})"), 400)
            .at("field") == "params.code");
  CHECK(
      bench.ask("POST", "/faults", json::parse(R"({"type":"cme","params":{}})"), 400).at("field") ==
      "params.code");
  CHECK(bench.ask("POST", "/faults", json::parse(R"({"type":"nothing"})"), 400).at("field") ==
        "type");
  CHECK(bench
            .ask("POST", "/faults", json::parse(R"({"type":"reply-drop","when":{"command":"("}})"),
                 400)
            .at("field") == "when.command");
}

TEST_CASE("the journal comes in pages and as streams [CTL-12]") {
  Bench bench;
  bench.faulty.send("AT+CSQ\r");
  bench.faulty.send("AT+CREG?\r");
  const auto page = bench.ask("GET", "/journal?kind=command&limit=2&since=0", nullptr, 200);
  REQUIRE(page.at("events").size() == 2);
  CHECK(page.at("lost") == 0);
  const auto next = page.at("next").get<std::uint64_t>();
  const auto rest =
      bench.ask("GET", "/journal?kind=command&since=" + std::to_string(next), nullptr, 200);
  REQUIRE(rest.at("events").size() == 1);
  CHECK(rest.at("events")[0].at("line") == "+CREG?");
  bench.ask("GET", "/journal?kind=nothing", nullptr, 400);
  bench.ask("GET", "/journal?limit=0", nullptr, 400);

  const auto lines = bench.begin("GET", "/journal?kind=command", {}, "application/x-ndjson");
  const auto events = bench.begin("GET", "/journal?kind=command&since=0", {}, "text/event-stream");
  CHECK(lines->content_type == "application/x-ndjson");
  CHECK(events->content_type == "text/event-stream");
  CHECK(lines->followed->text.empty());
  CHECK(events->followed->text.find("+CREG?") != std::string::npos);
  events->followed->text.clear();
  bench.faulty.send("AT+CPIN?\r");
  const auto shown = json::parse(lines->followed->text);
  CHECK(shown.at("line") == "+CPIN?");
  const auto seq = shown.at("seq").get<std::uint64_t>();
  const auto line = lines->followed->text.substr(0, lines->followed->text.find('\n'));
  CHECK(events->followed->text == "id: " + std::to_string(seq) + "\ndata: " + line + "\n\n");
  lines->followed->on_close();
  lines->followed->text.clear();
  bench.faulty.send("AT\r");
  CHECK(lines->followed->text.empty());
}

TEST_CASE("a long journal is streamed as fast as it is read, and then goes on [CTL-12]") {
  Bench bench;
  const std::string line(10'000, 'x');
  constexpr int count = 300;
  for (int i = 0; i < count; ++i)
    bench.faulty.journal.add({}, emulator::journal::Kind::urc, {{"line", line}});
  const auto heard = bench.begin("GET", "/journal?kind=urc&since=0", {}, "application/x-ndjson");
  auto& followed = *heard->followed;
  std::string all;
  int portions = 0;
  while (!followed.text.empty()) {
    CHECK(followed.text.size() < 300'000);
    all += std::exchange(followed.text, {});
    ++portions;
    followed.drained();
    bench.settle();
  }
  CHECK(portions > 5);
  CHECK(std::count(all.begin(), all.end(), '\n') >= count);
  bench.faulty.journal.add({}, emulator::journal::Kind::urc, {{"line", std::string("last")}});
  bench.settle();
  CHECK(json::parse(followed.text).at("line") == "last");
}

TEST_CASE("what is expected comes, in time and in order [CTL-14]") {
  Bench bench;
  const auto expect = [&](const char* body) { return bench.begin("POST", "/expect", body); };
  const auto status = [](const std::shared_ptr<Heard>& heard) { return heard->reply.status; };

  auto met = expect(R"({"within":5,"ordered":true,
      "all":[{"kind":"command","line":"^\\+CSQ"},{"kind":"result","line":"^OK$"}]})");
  auto reversed = expect(R"({"within":5,"ordered":true,
      "all":[{"kind":"result","line":"^OK$"},{"kind":"command","line":"^\\+CSQ"}]})");
  auto none = expect(R"({"within":5,"all":[{"kind":"command","line":"CREG"}],
      "none":[{"kind":"command","line":"CSQ"}]})");
  auto quiet = expect(R"({"within":5,"all":[],"none":[{"kind":"urc"}]})");
  auto twice = expect(R"({"within":5,"all":[{"kind":"command"}],"count":{"min":2}})");
  auto once = expect(R"({"within":5,"all":[{"kind":"command"}],"count":{"min":1,"max":1}})");
  CHECK(status(met) == 0);
  bench.faulty.send("AT+CSQ\r");
  bench.faulty.wait({});
  REQUIRE(status(met) == 200);
  const auto matched = met->body().at("matched");
  REQUIRE(matched.size() == 2);
  CHECK(matched[0] < matched[1]);
  CHECK(status(none) == 408);
  CHECK(none->body().at("nearest")[0].at("seq") == matched[0]);
  CHECK(status(reversed) == 0);
  CHECK(status(quiet) == 0);
  CHECK(status(twice) == 0);
  bench.faulty.wait(1s);
  bench.faulty.send("AT+CSQ\r");
  bench.faulty.wait({});
  CHECK(status(reversed) == 200);
  CHECK(status(twice) == 200);
  CHECK(status(once) == 408);
  bench.faulty.wait(4s);
  CHECK(status(quiet) == 200);

  auto past = expect(R"({"since":0,"all":[{"kind":"command","line":"^\\+CSQ$"}]})");
  CHECK(status(past) == 200);
  auto late = expect(R"({"within":2,"all":[{"kind":"command","line":"NEVER"}]})");
  bench.faulty.send("AT+CREG?\r");
  bench.faulty.wait(1999ms);
  CHECK(status(late) == 0);
  bench.faulty.wait(1ms);
  REQUIRE(status(late) == 408);
  CHECK(late->body().at("missing") == json::parse(R"([{"kind":"command","line":"NEVER"}])"));
  CHECK(late->body().at("nearest")[0].at("why") == "line is \"+CREG?\"");
  auto equal =
      expect(R"({"since":0,"within":0,"all":[{"kind":"device","what":"^rsrp","value":7}]})");
  bench.faulty.wait({});
  CHECK(status(equal) == 408);

  auto left = expect(R"({"within":2,"all":[{"kind":"command","line":"NEVER"}]})");
  left->gone();
  bench.settle();
  bench.faulty.wait(3s);
  CHECK(status(left) == 0);

  for (const auto* wrong :
       {R"({"all":[{"kind":"x"}]})", R"({"all":[{}]})", R"({"all":[{"kind":"urc","line":"("}]})",
        R"({"within":-1})", R"({"colour":1})", R"({"all":[],"count":{"min":1}})",
        R"({"all":[{"kind":"urc"}],"count":{"min":2,"max":1}})"}) {
    CAPTURE(wrong);
    CHECK(status(expect(wrong)) == 400);
  }
}

TEST_CASE("the journal tells of every request that changes something [CTL-12, CTL-13]") {
  Bench bench;
  const auto told_of = [&](const char* method, const char* path, const char* body, int status) {
    const auto before = bench.faulty.journal.last();
    bench.ask(method, path, json::parse(body), status);
    std::vector<std::string> told;
    for (const auto* event :
         bench.faulty.journal.since(before, {{emulator::journal::Kind::control}}, 10).events) {
      const auto shown = emulator::journal::to_json(*event);
      told.push_back(shown.at("method").get<std::string>() + ' ' +
                     shown.at("path").get<std::string>());
    }
    CHECK(told == std::vector{method + std::string(" /v1/modems/default") + path});
  };
  told_of("PATCH", "/surroundings", R"({"signal":{"rsrp":-100}})", 200);
  told_of("POST", "/sms", R"({"from":"+15550100","text":"hi"})", 204);
  told_of("POST", "/urc", R"({"line":"+X"})", 202);
  told_of("POST", "/faults", R"({"name":"f","type":"reply-drop"})", 201);
  told_of("PATCH", "/faults/f", R"({"count":1})", 200);
  told_of("POST", "/channels", R"({"name":"c"})", 201);
  told_of("POST", "/channels/c/send", R"({"line":"AT"})", 202);
  told_of("POST", "/clients/0/inject", R"({"type":"publish","topic":"t"})", 204);
  told_of("POST", "/power", R"({"action":"reset"})", 200);
}
