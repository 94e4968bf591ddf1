// What the state of a modem tells of time that passes: timers of its clients, and steps of its
// boot.
#include "tests/support/control_bench.hpp"
#include "tests/support/mux_host.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using nlohmann::json;
using Bench = support::ControlBench;

namespace {

json timers(Bench& bench) {
  return bench.ask("GET", "", nullptr, 200).at("clients")[0].at("timers");
}

std::string boot_step(Bench& bench) {
  return bench.ask("GET", "", nullptr, 200).at("boot_step").get<std::string>();
}

void say(Bench& bench, const mqtt_backend::LinkEvent& event) {
  bench.faulty.links[0]->say(event);
  bench.faulty.wait({});
}

}  // namespace

TEST_CASE("each client tells its timers and the seconds that are left [CTL-5]") {
  namespace event = mqtt_backend::link_event;
  Bench bench;
  CHECK(timers(bench) == json::array());
  bench.faulty.send("AT+QMTOPEN=0,\"h\",1883\r");
  bench.faulty.wait(30s);
  CHECK(timers(bench) == json::parse(R"([{"name":"open","left":90.0}])"));
  say(bench, event::Opened{mqtt_backend::OpenResult::ok});
  CHECK(timers(bench) == json::array());
  bench.faulty.send("AT+QMTCONN=0,\"c\"\r");
  say(bench, event::Sent{});
  bench.faulty.wait(2s);
  CHECK(timers(bench) == json::parse(R"([{"name":"T1","left":3.0}])"));
  bench.faulty.wait(2s);
  say(bench, event::Sent{});
  say(bench, event::ConnAck{0, false});
  CHECK(timers(bench) == json::parse(R"([{"name":"T2","left":120.0}])"));
  bench.faulty.wait(20s);
  CHECK(timers(bench) == json::parse(R"([{"name":"T2","left":100.0}])"));
  bench.faulty.send("AT+QMTSUB=0,7,\"a\",1\r");
  bench.faulty.wait(1500ms);
  CHECK(timers(bench) ==
        json::parse(R"([{"name":"T1","msg_id":7,"left":3.5},{"name":"T2","left":118.5}])"));
  bench.faulty.wait(3500ms);
  CHECK(timers(bench) ==
        json::parse(R"([{"name":"T1","msg_id":7,"left":5.0},{"name":"T2","left":120.0}])"));
  const auto ticket = bench.faulty.links[0]->ticket(7);
  say(bench, event::Acked{ticket, {1}});
  bench.faulty.wait(120s);
  CHECK(timers(bench) ==
        json::parse(R"([{"name":"T2","left":120.0},{"name":"qmtping","left":5.0}])"));
  say(bench, event::Pong{});
  CHECK(timers(bench) == json::parse(R"([{"name":"T2","left":120.0}])"));
  say(bench, event::Down{mqtt_backend::DownReason::peer_closed, ""});
  CHECK(timers(bench) == json::array());
}

TEST_CASE("a client tells what TLS agreed on, while there is a link [CTL-5]") {
  namespace event = mqtt_backend::link_event;
  Bench bench;
  const auto client = [&] { return bench.ask("GET", "", nullptr, 200).at("clients")[0]; };
  bench.faulty.send("AT+QMTOPEN=0,\"h\",1883\r");
  CHECK_FALSE(client().contains("tls_version"));
  say(bench, event::Opened{mqtt_backend::OpenResult::ok, {"TLSv1.2", "AES128-SHA"}});
  CHECK(client().at("tls_version") == "TLSv1.2");
  CHECK(client().at("tls_suite") == "AES128-SHA");
  say(bench, event::Down{mqtt_backend::DownReason::peer_closed, ""});
  CHECK_FALSE(client().contains("tls_version"));
  bench.faulty.send("AT+QMTOPEN=0,\"h\",1883\r");
  say(bench, event::Opened{mqtt_backend::OpenResult::ok});
  CHECK_FALSE(client().contains("tls_version"));
}

TEST_CASE("the state tells what the knobs are when none is set, and which run it is [CTL-5]") {
  Bench bench;
  const auto state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("knob_defaults").at("tls-name-check") == 1);
  CHECK(state.at("knob_defaults").size() == state.at("knobs").size());
  CHECK(state.at("knob_words").at("tls-name-check") == json{"always", "with-sni", "never"});
  CHECK(state.at("latency") == "instant");
  CHECK(state.at("run") == bench.run_id());
  CHECK(state.at("run").get<std::string>().size() == 16);
  CHECK(bench.ask("GET", "/journal", nullptr, 200).at("run") == bench.run_id());
  CHECK(Bench().run_id() != bench.run_id());
}

TEST_CASE("a word of a fault's parameters is one of a list [CTL-9]") {
  Bench bench;
  const auto heard = bench.send("GET", "/v1/faults");
  const auto types = heard->body().at("types");
  std::string modes;
  for (const auto& type : types)
    if (type.at("name") == "dns")
      for (const auto& param : type.at("params"))
        if (param.at("name") == "mode")
          for (const auto& word : param.at("enum")) modes += word.get<std::string>() + ' ';
  CHECK(modes == "none wrong slow ");
}

TEST_CASE("the state tells which step its boot has come to [CTL-5]") {
  emulator::Modem::Settings settings;
  settings.device.boot = emulator::device::typical_boot;
  Bench bench(settings);  // at 1 s
  const auto step_at = [&](at::Duration moment) {
    bench.faulty.wait(at::Time(moment) - bench.faulty.timeline.now());
    return boot_step(bench);
  };
  CHECK(step_at(1s) == "power");
  CHECK(step_at(3299ms) == "power");
  CHECK(step_at(3300ms) == "ready");
  CHECK(step_at(3330ms) == "function");
  CHECK(step_at(3780ms) == "sim");
  CHECK(step_at(8440ms) == "messages");
  CHECK(step_at(8739ms) == "messages");
  CHECK(step_at(8740ms) == "loaded");
  bench.ask("POST", "/power", {{"action", "off"}}, 200);
  CHECK(boot_step(bench) == "off");
  bench.faulty.set(R"({"type":"boot-hang","params":{"s":3}})");
  bench.ask("POST", "/power", {{"action", "on"}}, 200);
  CHECK(boot_step(bench) == "hangs");
  bench.faulty.wait(3s);
  CHECK(boot_step(bench) == "power");
  bench.faulty.wait(3300ms);
  CHECK(boot_step(bench) == "ready");
  bench.faulty.wait(5440ms);
  CHECK(boot_step(bench) == "loaded");
}

TEST_CASE("without its SIM a module comes no further than its function level [CTL-5]") {
  emulator::Modem::Settings settings;
  emulator::device::Scene scene;
  scene.sim_inserted = false;
  settings.device.scenario = {{at::Duration::zero(), scene, {}}};
  Bench bench(settings);
  CHECK(boot_step(bench) == "function");
}

TEST_CASE("the firmware tells its revision and what an update is doing [CTL-5] [FOTA-2]") {
  Bench bench;
  const auto update = [&] {
    const auto firmware = bench.ask("GET", "", nullptr, 200).at("firmware");
    CHECK(firmware.at("revision") == "EG916QGLLGR01A05M04");
    return firmware.at("update").get<std::string>();
  };
  CHECK(update() == "idle");
  bench.faulty.send("AT+QFOTADL=\"http://far/p\"\r");
  bench.faulty.wait({});
  CHECK(update() == "downloading");
}

TEST_CASE("sockets, HTTP and FTP tell what they are doing [CTL-5]") {
  Bench bench;
  auto state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("sockets") == json::array());
  CHECK(state.at("http") == json::parse(R"({"state":"idle","url":""})"));
  CHECK(state.at("ftp") == json::parse(R"({"state":"closed","host":"","transferred":0})"));
  auto& internet = bench.faulty.transport;
  bench.faulty.send("AT+QIACT=1;+QIOPEN=1,2,\"TCP\",\"far\",80,0,0\r");
  bench.faulty.wait({});
  internet.events(0)->opened({"10.0.0.1", 1025});
  bench.faulty.wait({});
  internet.events(0)->arrived({"hello"});
  bench.faulty.send("AT+QSSLOPEN=1,4,3,\"safe\",443,1\r");
  bench.faulty.send("AT+QFTPOPEN=\"files\",21\r");
  bench.faulty.wait({});
  state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("sockets") == json::parse(R"([
          {"connect_id":2,"service_type":"TCP","state":2,"state_name":"connected","context":1,
           "access_mode":"buffer","host":"far","port":80,"peer":"10.0.0.1","local_port":1025,
           "received":5,"unread":5,"dropped":0,"sent":0,"unacknowledged":0},
          {"connect_id":3,"service_type":"TCP","state":1,"state_name":"opening","context":1,
           "access_mode":"push","host":"safe","port":443,"peer":"0.0.0.0","local_port":0,
           "received":0,"unread":0,"dropped":0,"sent":0,"unacknowledged":0,"ssl_ctx":4}])"));
  CHECK(state.at("ftp").at("state") == "opening");
  CHECK(state.at("ftp").at("host") == "files");
}

TEST_CASE("the multiplexer and the data call tell what they are doing [CTL-5] [MUX-34]") {
  Bench bench;
  auto state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("multiplexer") == nullptr);
  CHECK(state.at("data_call") == nullptr);
  bench.faulty.send("AT+CMUX=0\r");
  bench.faulty.send(support::hex("F9 03 3F 01 1C F9 F9 0B 3F 01 59 F9"));
  bench.faulty.wait({});
  state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("multiplexer") == json::parse(R"({"n1":127,"channels":[
          {"dlci":2,"stopped":false,"holds_host":false,"queued":0,"bytes_in":0,"bytes_out":0,
           "dropped":0}]})"));
  bench.faulty.send(support::MuxHost::frame(2, "ATE0D*99#\r"));
  bench.faulty.wait({});
  state = bench.ask("GET", "", nullptr, 200);
  CHECK(state.at("multiplexer").at("channels").at(0).at("bytes_in") == 10);
  CHECK(state.at("data_call").at("context") == 1);
  CHECK(state.at("data_call").at("phase") == "waiting");
  bool has_channel = false;
  for (const auto& channel : state.at("channels"))
    has_channel = has_channel || (channel.at("name") == "cmux2" && channel.at("mode") == "online");
  CHECK(has_channel);
}
