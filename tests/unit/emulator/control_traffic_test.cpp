// What comes to a modem over the control interface, and the program's clock, snapshots and numbers.
#include "tests/support/control_bench.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace emulator::control;
using namespace std::chrono_literals;
using nlohmann::json;
using Bench = support::ControlBench;
using support::Heard;

namespace {

const std::string csq = "\r\n+CSQ: 24,99\r\n\r\nOK\r\n";

}  // namespace

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

TEST_CASE("DTR of a channel falls and rises, and a module asleep says so [CTL-5] [SLP-1]") {
  Bench bench;
  const auto state = [&] { return bench.ask("GET", "", {}, 200); };
  bench.faulty.send("AT+QSCLK=1\r");
  CHECK(bench.faulty.said() == "\r\nOK\r\n");
  CHECK(state().at("power") == "on");
  bench.ask("POST", "/channels/uart1/lines", json::parse(R"({"dtr":false})"), 204);
  CHECK(state().at("power") == "asleep");
  CHECK(state().at("channels").at(0).at("dtr") == false);
  bench.faulty.send("AT\r");
  CHECK(bench.faulty.said().empty());
  bench.ask("POST", "/channels/uart1/lines", json::parse(R"({"dtr":true})"), 204);
  CHECK(state().at("power") == "on");
  bench.ask("POST", "/channels/nobody/lines", json::parse(R"({"dtr":true})"), 404);
  bench.ask("POST", "/channels/uart1/lines", json::parse(R"({"dtr":1})"), 400);
  bench.ask("POST", "/channels/uart1/lines", json::parse("{}"), 400);
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
  for (const auto* name : {R"({"name":"cmux1"})", R"({"name":"cmux"})"})
    bench.ask("POST", "/channels", json::parse(name), 409);
  bench.ask("POST", "/channels", json::parse(R"({"name":"cmux1a"})"), 201);
  bench.ask("DELETE", "/channels/cmux1a", {}, 204);
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
  bench.settle();
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

TEST_CASE("a clock that is being changed is not advanced meanwhile [CTL-16]") {
  Bench bench;
  bench.clock("PATCH", "", R"({"paused":true})", 200);
  const auto patched = std::make_shared<Heard>();
  const auto advanced = std::make_shared<Heard>();
  bench.routes.dispatch({"PATCH", "/v1/time", R"({"paused":false})"}, Responder(patched));
  bench.routes.dispatch({"POST", "/v1/time/advance", R"({"by":60})"}, Responder(advanced));
  bench.settle();
  CHECK(patched->reply.status == 200);
  CHECK(advanced->reply.status == 409);
  bench.clock("PATCH", "", R"({"paused":true})", 200);
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
  bench.settle();
  CHECK(first->reply.status == 200);
  CHECK(first->body() == json::parse(R"({"now":61.0,"scale":2.0,"paused":true,"skip":false})"));
}

TEST_CASE("an advance ends with its client, or at the limit of what is idle [CTL-16]") {
  Bench bench;
  bench.clock("PATCH", "", R"({"paused":true})", 200);
  const auto left = bench.send("POST", "/v1/time/advance", R"({"by":60})");
  bench.real_time.pass(10ms);
  left->gone();
  bench.settle();
  CHECK(bench.clock("GET", "", "", 200).at("now") == 1.02);
  std::function<void()> again = [&] { bench.faulty.timeline.after(1h, again); };
  again();
  const auto endless = bench.send("POST", "/v1/time/advance", R"({"until":"idle"})");
  bench.real_time.pass(10s);
  bench.settle();
  CHECK(endless->reply.status == 408);
  CHECK(endless->body().at("now") == 604'801.02);
}

TEST_CASE("what has not got through a port is in the way of a snapshot [CTL-15]") {
  Bench bench;
  const auto refused = [&] {
    const auto detail = bench.ask("GET", "/snapshot", nullptr, 409).at("detail").get<std::string>();
    CHECK(bench.ask("PUT", "/snapshot", {{"format", "eg91xq-snapshot"}, {"version", "1.0"}}, 409)
              .at("detail") == detail);
    return detail;
  };
  bench.faulty.set(R"({"name":"late","type":"reply-delay","count":1,"params":{"ms":100}})");
  bench.faulty.send("AT\r");
  CHECK(refused() == "channel uart1: an answer is late by a fault");
  bench.faulty.wait(100ms);
  bench.faulty.set(R"({"name":"busy","type":"busy","count":1,"params":{"ms":100}})");
  bench.faulty.send("AT\r");
  CHECK(refused() == "channel uart1: bytes of the host are held by a fault");
  bench.faulty.wait(100ms);
  bench.ask("POST", "/urc", json::parse(R"({"line":"+X","when":"in-prompt"})"), 202);
  CHECK(refused() == "channel uart1: a line that was asked for waits for its place");
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
