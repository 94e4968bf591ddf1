// The endpoints of one modem, without HTTP and in virtual time.
#include "emulator/control/route_table.hpp"
#include "emulator/control/routes_channels.hpp"
#include "emulator/control/routes_clients.hpp"
#include "emulator/control/routes_faults.hpp"
#include "emulator/control/routes_journal.hpp"
#include "emulator/control/routes_metrics.hpp"
#include "emulator/control/routes_modem.hpp"
#include "emulator/control/routes_snapshot.hpp"
#include "emulator/control/routes_time.hpp"
#include "tests/support/fake_time.hpp"
#include "tests/support/faulty_modem.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct Followed : Stream {
  void write(std::string bytes) override { text += bytes; }
  void on_closed(std::function<void()> closed) override { on_close = std::move(closed); }
  void on_drained(std::function<void()> then) override { drained = std::move(then); }
  void close() override { open = false; }
  [[nodiscard]] bool is_open() const override { return open; }

  std::string text;
  std::function<void()> on_close;
  std::function<void()> drained;
  bool open = true;
};

struct Heard : Exchange {
  void answer(Reply answer) override {
    if (reply.status == 0) reply = std::move(answer);
  }
  std::shared_ptr<Stream> stream(const std::string& type) override {
    content_type = type;
    return followed;
  }
  void on_gone(std::function<void()> then) override { gone = std::move(then); }
  [[nodiscard]] json body() const { return json::parse(reply.body, nullptr, false); }

  Reply reply{0};
  std::string content_type;
  std::shared_ptr<Followed> followed = std::make_shared<Followed>();
  std::function<void()> gone;
};

class Bench : public Fleet, public ControlledModem {
 public:
  Bench() {
    faulty.injector.on_inserted(
        [this](const std::string&, const emulator::faults::Insertion& insertion) {
          inserted.push_back(insertion.line);
        });
    routes.add(modem_routes(*this));
    routes.add(metrics_routes(*this, io));
    routes.add(client_routes(*this));
    routes.add(channel_routes(*this));
    routes.add(fault_routes(*this));
    routes.add(journal_routes(*this));
    routes.add(time_routes(*this));
    routes.add(snapshot_routes(*this));
  }

  std::shared_ptr<Heard> begin(std::string method, std::string path, std::string body = {},
                               std::string accept = {}) {
    return send(std::move(method), "/v1/modems/default" + path, std::move(body), std::move(accept));
  }
  std::shared_ptr<Heard> send(std::string method, std::string target, std::string body = {},
                              std::string accept = {}) {
    auto heard = std::make_shared<Heard>();
    Request request{std::move(method), std::move(target), std::move(body)};
    request.accept = std::move(accept);
    routes.dispatch(request, Responder(heard));
    faulty.wait({});
    return heard;
  }
  json ask(std::string method, std::string path, const json& body, int status) {
    const auto heard =
        begin(std::move(method), std::move(path), body.is_null() ? std::string() : body.dump());
    CAPTURE(heard->reply.body);
    CHECK(heard->reply.status == status);
    return heard->body();
  }

  [[nodiscard]] bool ready() const override { return true; }
  [[nodiscard]] std::vector<ControlledModem*> modems() const override {
    return {const_cast<Bench*>(this)};
  }
  [[nodiscard]] std::string name() const override { return "modem0"; }
  [[nodiscard]] std::string model() const override { return "EG916Q"; }
  [[nodiscard]] std::string imei() const override { return "1"; }
  void run(const std::function<void()>& action) override { action(); }
  at::Timeline& timeline() override { return faulty.timeline; }
  emulator::Pump& pump() override { return pump_; }
  emulator::Modem& modem() override { return faulty.modem; }
  emulator::journal::Journal& journal() override { return faulty.journal; }
  emulator::faults::FaultInjector& injector() override { return faulty.injector; }
  OwnChannels& own_channels() override { return own; }
  [[nodiscard]] bool has_host(std::string_view channel) const override {
    return channel == "uart1" && host;
  }
  [[nodiscard]] const Metrics& metrics() const override { return counted; }
  [[nodiscard]] Backlog backlog(std::string_view channel) const override {
    return channel == "uart1" ? Backlog{5, 7} : Backlog{};
  }
  [[nodiscard]] const emulator::device::FileSizes& files() const override {
    return faulty.files.sizes();
  }
  [[nodiscard]] const cellular::Knobs& knobs() const override { return knobs_; }

  json clock(std::string method, std::string path, std::string body, int status) {
    const auto heard = send(std::move(method), "/v1/time" + path, std::move(body));
    CAPTURE(heard->reply.body);
    CHECK(heard->reply.status == status);
    return heard->body();
  }

  support::FaultyModem faulty;
  OwnChannels own{faulty.modem, faulty.injector, faulty.keeper};
  Metrics counted{faulty.journal};
  bool host = false;
  boost::asio::io_context io;
  support::FakeTime real_time;
  RouteTable routes;
  std::vector<std::string> inserted;

 private:
  cellular::Knobs knobs_;
  emulator::Pump pump_{real_time, faulty.timeline, 2};
};

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
  CHECK(state.at("contexts") == json::parse(R"([{"cid":1,"active":true,"address":"10.64.12.3"}])"));
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
                         "waiting_urcs":0}])"));
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

TEST_CASE("a short message arrives [CTL-17]") {
  Bench bench;
  bench.faulty.send("AT+CMGF=1;+CNMI=2,1\r");
  bench.faulty.said();
  const auto deliver = [&](const char* body, int status) {
    return bench.ask("POST", "/sms", json::parse(body), status);
  };
  deliver(R"({"from":"+15550100","text":"Hello @ you"})", 204);
  CHECK(bench.faulty.said() == "\r\n+CMTI: \"ME\",0\r\n");
  const auto read = bench.faulty.answer("AT+CMGR=0\r");
  CHECK(read.rfind("\r\n+CMGR: \"REC UNREAD\",\"+15550100\",", 0) == 0);
  CHECK(read.find("\r\nHello ") != std::string::npos);
  deliver(R"({"from":"555","text":"\u4f60\ud83d\ude00"})", 204);
  bench.faulty.said();
  bench.faulty.send("AT+CSCS=\"UCS2\"\r");
  bench.faulty.said();
  CHECK(bench.faulty.answer("AT+CMGR=1\r").find("\r\n4F60D83DDE00\r\n") != std::string::npos);
  CHECK(deliver(R"({"from":"me","text":""})", 400).at("field") == "from");
  CHECK(bench.ask("POST", "/sms", {{"from", "1"}, {"text", std::string(161, 'a')}}, 400)
            .at("field") == "text");
  bench.ask("POST", "/sms", {{"from", "1"}, {"text", std::string(160, 'a')}}, 204);
  bench.ask("POST", "/power", {{"action", "off"}}, 200);
  deliver(R"({"from":"1","text":"x"})", 409);
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
  }
  CHECK(portions > 5);
  CHECK(std::count(all.begin(), all.end(), '\n') >= count);
  bench.faulty.journal.add({}, emulator::journal::Kind::urc, {{"line", std::string("last")}});
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

TEST_CASE("a packet comes as though from the broker [CTL-17]") {
  Bench bench;
  const auto inject = [&](const char* body, int status) {
    return bench.ask("POST", "/clients/2/inject", json::parse(body), status);
  };
  auto& link = *bench.faulty.links[2];
  inject(R"({"type":"publish","topic":"a","payload_base64":"aGk=","qos":0})", 204);
  inject(R"({"type":"publish","topic":"ab","qos":2,"retain":true,"dup":true,"id":258})", 204);
  inject(R"({"type":"raw","packet_base64":"0AA="})", 204);
  using mqtt_backend::Packet;
  CHECK(link.injected == std::vector<Packet>{{0x30, 5, 0, 1, 'a', 'h', 'i'},
                                             {0x3D, 6, 0, 2, 'a', 'b', 1, 2},
                                             {0xD0, 0}});
  CHECK(inject(R"({"type":"publish","topic":"a/#"})", 400).at("field") == "topic");
  CHECK(inject(R"({"type":"publish","topic":"a","qos":3})", 400).at("field") == "qos");
  CHECK(inject(R"({"type":"publish","topic":"a","payload_base64":"!"})", 400).at("field") ==
        "payload_base64");
  CHECK(inject(R"({"type":"raw","packet_base64":"0AE="})", 400).at("field") == "packet_base64");
  CHECK(inject(R"({"type":"raw","topic":"a","packet_base64":"0AA="})", 400).at("field") == "topic");
  CHECK(inject(R"({"type":"puback"})", 400).at("field") == "type");
  bench.ask("POST", "/clients/6/inject", json::parse(R"({"type":"publish","topic":"a"})"), 400);
  link.takes_injected = false;
  CHECK(inject(R"({"type":"publish","topic":"a"})", 409).at("detail") ==
        "client 2 is not connected");
  CHECK(link.injected.size() == 4);
}

TEST_CASE("a channel that no host holds is typed on [CTL-22]") {
  Bench bench;
  bench.ask("POST", "/channels/uart1/send", json::parse(R"({"line":"AT+CSQ"})"), 202);
  CHECK(bench.faulty.said() == csq);
  bench.ask("POST", "/channels/uart1/send", json::parse(R"({"bytes_base64":"QVQrQ1NRDQ=="})"), 202);
  CHECK(bench.faulty.said() == csq);
  bench.host = true;
  const auto held =
      bench.ask("POST", "/channels/uart1/send", json::parse(R"({"line":"AT+CSQ"})"), 409);
  CHECK(held.at("detail") == "a host holds channel uart1");
  CHECK(bench.faulty.said().empty());
  bench.ask("POST", "/channels/uart1/send", json::parse(R"({"line":"AT+CSQ","shared":true})"), 202);
  CHECK(bench.faulty.said() == csq);
  bench.ask("POST", "/channels/nobody/send", json::parse(R"({"line":"AT"})"), 404);
  bench.ask("POST", "/channels/uart1/send", json::parse("{}"), 400);
  bench.ask("POST", "/channels/uart1/send", json::parse(R"({"line":"AT","bytes_base64":"QQ=="})"),
            400);
}

TEST_CASE("a channel of one's own says what it says in the journal [CTL-22]") {
  Bench bench;
  CHECK(bench.ask("POST", "/channels", json::parse(R"({"name":"page"})"), 201).at("name") ==
        "page");
  const auto seq =
      bench.ask("POST", "/channels/page/send", json::parse(R"({"line":"ATE0;+CSQ"})"), 202)
          .at("seq")
          .get<std::uint64_t>();
  std::string said;
  for (const auto& event : bench.faulty.journal.events()) {
    if (event.seq <= seq || event.kind != emulator::journal::Kind::tx) continue;
    CHECK(std::get<std::string>(*event.find("channel")) == "page");
    said += std::get<emulator::journal::Bytes>(*event.find("bytes")).bytes;
  }
  CHECK(said == "ATE0;+CSQ\r" + csq);
  CHECK(bench.faulty.said().empty());
  bench.ask("POST", "/channels", json::parse(R"({"name":"page"})"), 409);
  bench.ask("POST", "/channels", json::parse(R"({"name":"uart1"})"), 409);
  bench.ask("POST", "/channels", json::parse(R"({"name":"Page!"})"), 400);
  bench.ask("DELETE", "/channels/uart1", nullptr, 409);
  bench.ask("DELETE", "/channels/page", nullptr, 204);
  bench.ask("DELETE", "/channels/page", nullptr, 404);
  bench.ask("POST", "/channels/page/send", json::parse(R"({"line":"AT"})"), 404);
  for (int i = 0; i < 8; ++i)
    bench.ask("POST", "/channels", json{{"name", "c" + std::to_string(i)}}, 201);
  bench.ask("POST", "/channels", json::parse(R"({"name":"c8"})"), 409);
}

TEST_CASE("what happened is counted for Prometheus [CTL-18]") {
  Bench bench;
  bench.faulty.send("AT+CSQ\r");
  bench.faulty.send("AT+NOTHING\r");
  bench.faulty.send("AT+QMTOPEN=0,\"h\",1883\r");
  namespace link_event = mqtt_backend::link_event;
  auto& link = *bench.faulty.links[0];
  link.say(link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.faulty.wait({});
  bench.faulty.send("AT+QMTCONN=0,\"c\"\r");
  link.say(link_event::ConnAck{0, false});
  bench.faulty.wait({});
  bench.faulty.send("AT+QMTPUBEX=0,7,1,0,\"t\",2\r");
  bench.faulty.send("hi");
  link.say(link_event::Acked{link.ticket(7), {}});
  bench.faulty.wait({});
  bench.faulty.set(R"({"name":"f","type":"cme","when":{"command":"CSQ"},"params":{"code":3}})");
  bench.faulty.send("AT+CSQ\r");
  auto heard = std::make_shared<Heard>();
  bench.routes.dispatch({"GET", "/metrics", {}}, Responder(heard));
  bench.io.run();
  CHECK(heard->reply.status == 200);
  CHECK(heard->reply.content_type == "text/plain; version=0.0.4; charset=utf-8");
  for (const auto* line :
       {"# TYPE eg91xq_commands_total counter",
        R"(eg91xq_commands_total{modem="modem0",command="+CSQ",result="OK"} 1)",
        R"(eg91xq_commands_total{modem="modem0",command="+CSQ",result="+CME ERROR"} 1)",
        R"(eg91xq_commands_total{modem="modem0",command="+NOTHING",result="ERROR"} 1)",
        R"(eg91xq_publishes_total{modem="modem0",client="0",qos="1",result="sent"} 1)",
        R"(eg91xq_urcs_total{modem="modem0",urc="+QMTOPEN"} 1)",
        R"(eg91xq_links_total{modem="modem0",client="0",event="established",why=""} 1)",
        R"(eg91xq_faults_applied_total{modem="modem0",type="cme"} 1)",
        R"(eg91xq_client_connected{modem="modem0",client="0"} 1)",
        R"(eg91xq_client_connected{modem="modem0",client="1"} 0)",
        R"(eg91xq_registered{modem="modem0"} 1)",
        R"(eg91xq_port_backlog_bytes_most{modem="modem0",channel="uart1"} 7)",
        "# TYPE eg91xq_result_seconds histogram", "# TYPE eg91xq_loop_lag_seconds gauge"}) {
    CAPTURE(line, heard->reply.body);
    CHECK(("\n" + heard->reply.body).find(fmt::format("\n{}\n", line)) != std::string::npos);
  }
}

TEST_CASE("names that a host makes up do not fill the counters without end [CTL-18]") {
  Bench bench;
  for (int i = 0; i < 2000; ++i) bench.faulty.send(fmt::format("AT+N{}\r", i));
  Exposition exposition;
  bench.counted.show(exposition, "m");
  const auto text = exposition.text();
  const auto other = R"(eg91xq_commands_total{modem="m",command="other",result="other"} )";
  const auto place = text.find(other);
  REQUIRE(place != std::string::npos);
  CHECK(std::stoi(text.substr(place + std::string_view(other).size())) > 1400);
  CHECK(text.size() < 100'000);
}

TEST_CASE("the clock of all modems: told, changed, and refused [CTL-16]") {
  Bench bench;
  CHECK(bench.clock("GET", "", "", 200) ==
        json::parse(R"({"now":1.0,"scale":2.0,"paused":false,"skip":false})"));
  CHECK(bench.clock("PATCH", "", R"({"scale":10,"skip":true})", 200) ==
        json::parse(R"({"now":1.0,"scale":10.0,"paused":false,"skip":true})"));
  CHECK(bench.clock("PATCH", "", R"({"paused":true,"skip":false})", 200) ==
        json::parse(R"({"now":1.0,"scale":10.0,"paused":true,"skip":false})"));
  CHECK(bench.clock("PATCH", "", R"({"scale":0.09})", 400).at("field") == "scale");
  CHECK(bench.clock("PATCH", "", R"({"scale":1001})", 400).at("field") == "scale");
  CHECK(bench.clock("PATCH", "", R"({"speed":2})", 400).at("field") == "speed");
  bench.clock("PATCH", "", R"({"scale":0.1})", 200);
  bench.clock("PATCH", "", R"({"scale":1000})", 200);
  bench.clock("PATCH", "", R"({"scale":1000,"paused":true})", 200);
  bench.clock("PATCH", "", R"({"paused":false})", 200);
  const auto told = bench.ask("GET", "/journal?kind=time", nullptr, 200).at("events");
  std::vector<std::string> what;
  for (const auto& event : told) what.push_back(event.at("what"));
  CHECK(what == std::vector<std::string>{"scale 10", "skips", "skips no more", "paused",
                                         "scale 0.1", "scale 1000", "goes on"});
}

TEST_CASE("the clock is advanced while it is paused, and by one alone [CTL-16]") {
  Bench bench;
  CHECK(bench.clock("POST", "/advance", R"({"by":60})", 409).at("detail") ==
        "the clock goes by itself; pause it before it is advanced");
  bench.clock("PATCH", "", R"({"paused":true})", 200);
  bench.clock("POST", "/advance", R"({})", 400);
  bench.clock("POST", "/advance", R"({"by":60,"until":"idle"})", 400);
  CHECK(bench.clock("POST", "/advance", R"({"by":0})", 400).at("field") == "by");
  CHECK(bench.clock("POST", "/advance", R"({"until":"later"})", 400).at("field") == "until");
  CHECK(bench.clock("POST", "/advance", R"({"by":60,"to":1})", 400).at("field") == "to");
  const auto first = bench.send("POST", "/v1/time/advance", R"({"by":60})");
  CHECK(first->reply.status == 0);
  bench.clock("POST", "/advance", R"({"by":1})", 409);
  bench.clock("PATCH", "", R"({"paused":false})", 409);
  CHECK(bench.clock("GET", "", "", 200).at("paused") == true);
  bench.real_time.pass(100ms);
  CHECK(first->reply.status == 200);
  CHECK(first->body() == json::parse(R"({"now":61.0,"scale":2.0,"paused":true,"skip":false})"));
}

TEST_CASE("an advance ends with its client, or at the limit of what is idle [CTL-16]") {
  Bench bench;
  bench.clock("PATCH", "", R"({"paused":true})", 200);
  const auto left = bench.send("POST", "/v1/time/advance", R"({"by":60})");
  bench.real_time.pass(10ms);
  left->gone();
  CHECK(bench.clock("GET", "", "", 200).at("now") == 1.02);
  std::function<void()> again = [&] { bench.faulty.timeline.after(1h, again); };
  again();
  const auto endless = bench.send("POST", "/v1/time/advance", R"({"until":"idle"})");
  bench.real_time.pass(10s);
  CHECK(endless->reply.status == 408);
  CHECK(endless->body().at("now") == 604'801.02);
}

TEST_CASE("a snapshot is had and restored, and every refusal has its status [CTL-15]") {
  Bench bench;
  const auto saved = bench.ask("GET", "/snapshot", nullptr, 200);
  CHECK(saved.at("format") == "eg91xq-snapshot");
  CHECK(saved.at("version") == "1.0");
  CHECK(saved.at("model") == "EG916Q");
  CHECK(saved.at("imei") == "1");
  bench.faulty.send("AT+CREG=2;+QMTCFG=\"keepalive\",3,60\r");
  bench.faulty.said();
  bench.ask("PUT", "/snapshot", saved, 204);
  CHECK(bench.faulty.said().empty());
  const auto last = emulator::journal::to_json(bench.faulty.journal.events().back());
  CHECK(last.at("kind") == "control");
  CHECK(last.at("method") == "PUT");
  CHECK(bench.ask("GET", "/snapshot", nullptr, 200) == saved);
  CHECK(bench.faulty.answer("AT+CREG?\r") == "\r\n+CREG: 0,1\r\n\r\nOK\r\n");

  auto other = saved;
  other["version"] = "2.0";
  CHECK(bench.ask("PUT", "/snapshot", other, 422).at("field") == "version");
  other = saved;
  other["format"] = "x";
  CHECK(bench.ask("PUT", "/snapshot", other, 400).at("field") == "format");
  other = saved;
  other["module"]["network"]["cops_mode"] = 9;
  const auto problem = bench.ask("PUT", "/snapshot", other, 400);
  CHECK(problem.at("field") == "module.network.cops_mode");
  CHECK(problem.at("detail") == "module.network.cops_mode must be an integer from 0 to 2");

  bench.faulty.set(R"({"name":"full","type":"flash-full"})");
  other = saved;
  other["files"] = {{{"name", "a"}, {"content_base64", "YQ=="}}};
  bench.ask("PUT", "/snapshot", other, 507);
  bench.faulty.injector.faults().clear();

  bench.faulty.send("AT+QMTOPEN=3,\"h\",1883\r");
  bench.faulty.links[3]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.faulty.wait({});
  CHECK(bench.ask("GET", "/snapshot", nullptr, 409).at("detail") == "client 3 is open");
  CHECK(bench.ask("PUT", "/snapshot", saved, 409).at("detail") == "client 3 is open");
}

TEST_CASE("a snapshot that could not come back is not given out [CTL-15]") {
  Bench bench;
  for (int i = 0; i < 12; ++i)
    CHECK(bench.faulty.flash.set("x" + std::to_string(i), std::string(90'000, '7')));
  CHECK(bench.faulty.files.write("a", "12345"));
  const auto detail = bench.ask("GET", "/snapshot", nullptr, 409).at("detail").get<std::string>();
  CAPTURE(detail);
  CHECK(detail.find("of which files are 5 (as Base64 8); 1048576 fit") != std::string::npos);
}
