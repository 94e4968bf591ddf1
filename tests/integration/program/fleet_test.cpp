// Several modems in one program: each has what is its own, and none feels what happens to another.
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/places.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using nlohmann::json;

namespace {

/// Whether its modems share a loop or have one each makes no difference.
struct Fleet {
  explicit Fleet(EmulatorProcess::Options options = {}, const std::string& count = "3")
      : emulator([&] {
          const std::string threads = GENERATE("1", "3");
          options.insert(options.end(), {"--count", count, "--threads", threads, "--control", "0"});
          return options;
        }()) {}

  [[nodiscard]] std::string port(std::size_t index) const {
    return emulator.ready().at("modems")[index].at("ports")[0].at("path");
  }
  /// A host at a modem that has booted, echo off.
  std::unique_ptr<SerialHost> host(std::size_t index) const {
    auto host = std::make_unique<SerialHost>(port(index));
    host->expect(boot_text);
    host->send("ATE0\r");
    host->expect("ATE0\r\r\nOK\r\n");
    return host;
  }
  int post(const std::string& path, const json& body) const {
    HttpClient client(emulator.ready().at("control"));
    client.ask("POST", "/v1/modems/" + path, "Content-Type: application/json\r\n", body.dump());
    return client.response().status;
  }
  json get(const std::string& path) const {
    return json::parse(fetch(emulator.ready().at("control"), "/v1/" + path).body);
  }

  EmulatorProcess emulator;
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a fleet is one program with modems of their own ports, identities and names") {
  ScratchDirectory scratch;
  Fleet fleet({"--port", "pty:" + scratch.file("m%d"), "--port", "tcp:0", "--instance", "7"});
  const auto& ready = fleet.emulator.ready();
  REQUIRE(ready.at("modems").size() == 3);
  REQUIRE(ready.at("ports").size() == 6);
  CHECK(ready.at("ports")[2].at("modem") == "modem1");
  CHECK(ready.at("modems")[2].at("name") == "modem2");
  CHECK(fleet.port(2) == scratch.file("m2"));
  std::set<std::string> imeis;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto host = fleet.host(i);
    host->send("AT+CGSN\r");
    const auto said = host->read_until("OK\r\n");
    CHECK(said.find(ready.at("modems")[i].at("imei").get<std::string>()) != std::string::npos);
    imeis.insert(said);
  }
  CHECK(imeis.size() == 3);
  CHECK(fleet.get("modems").at("modems").size() == 3);
  CHECK(fleet.get("modems/modem2").at("imei") == ready.at("modems")[2].at("imei"));
  CHECK(fleet.get("modems/default").at("name") == "modem0");
  const auto metrics = fetch(ready.at("control"), "/metrics").body;
  CHECK(metrics.find("modem=\"modem2\"") != std::string::npos);
}

TEST_CASE("the command behind -- is told the ports of all modems") {
  const auto ended = run({binary(), "--count", "3", "--demo-broker", "off", "--", "sh", "-c",
                          "echo \"$MODEM_PORT $MODEM_PORTS\""});
  REQUIRE(ended.code == 0);
  const auto blank = ended.out.find(' ');
  const auto first = ended.out.substr(0, blank);
  const auto all = ended.out.substr(blank + 1);
  CHECK(all.starts_with(first + ","));
  CHECK(std::count(all.begin(), all.end(), ',') == 2);
}

TEST_CASE("six clients of three modems talk through one broker") {
  Fleet fleet;
  std::vector<std::unique_ptr<SerialHost>> hosts;
  for (std::size_t i = 0; i < 3; ++i) {
    hosts.push_back(fleet.host(i));
    auto& host = *hosts.back();
    for (int client = 0; client < 2; ++client) {
      host.command(fmt::format("AT+QMTOPEN={},\"broker.demo\",1883", client));
      host.expect(fmt::format("\r\n+QMTOPEN: {},0\r\n", client));
      host.command(fmt::format("AT+QMTCONN={},\"m{}c{}\"", client, i, client));
      host.expect(fmt::format("\r\n+QMTCONN: {},0,0\r\n", client));
    }
    host.command("AT+QMTSUB=1,1,\"all\",1");
    host.expect("\r\n+QMTSUB: 1,1,0,1\r\n");
  }
  hosts[0]->command("AT+QMTPUBEX=0,9,1,0,\"all\",2", "\r\n> ");
  hosts[0]->send("hi");
  hosts[0]->expect_all(
      {"\r\nOK\r\n", "\r\n+QMTPUBEX: 0,9,0\r\n", "\r\n+QMTRECV: 1,1,\"all\",\"hi\"\r\n"});
  for (std::size_t i = 1; i < 3; ++i) hosts[i]->expect("\r\n+QMTRECV: 1,1,\"all\",\"hi\"\r\n");
}

TEST_CASE("there are no more threads than modems, and at least one") {
  for (const auto* threads : {"4", "0", "65", "x"}) {
    const auto ended = run({binary(), "--count", "3", "--threads", threads});
    CAPTURE(threads, ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.err.find("--threads") != std::string::npos);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

TEST_CASE("the clocks of all modems go as one, on however many threads") {
  Fleet fleet;
  const auto host = fleet.host(2);
  const auto time = [&](const std::string& method, const std::string& path, const json& body) {
    HttpClient client(fleet.emulator.ready().at("control"));
    client.ask(method, "/v1/time" + path, "Content-Type: application/json\r\n", body.dump());
    return json::parse(client.response().body);
  };
  const auto seconds = [&] {
    std::set<std::string> all;
    std::istringstream lines(fetch(fleet.emulator.ready().at("control"), "/metrics").body);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("eg91xq_virtual_seconds")) all.insert(line.substr(line.find(' ')));
    return all;
  };
  CHECK(time("PATCH", "", {{"paused", true}}).at("paused") == true);
  const auto before = fleet.get("time").at("now").get<double>();
  CHECK(time("POST", "/advance", {{"by", 50}}).at("now").get<double>() == Approx(before + 50));
  time("POST", "/advance", {{"until", "idle"}});
  CHECK(seconds().size() == 1);
  CHECK(time("PATCH", "", {{"paused", false}}).at("paused") == false);
  host->command("AT");
  for (std::size_t i = 0; i < 3; ++i) {
    const auto told = fleet.get(fmt::format("modems/modem{}/journal?kind=time&since=0", i));
    CHECK(told.at("events").size() == 4);
  }
}

TEST_CASE("who follows or waits for a modem is told, whichever thread it is on") {
  Fleet fleet;
  const auto host = fleet.host(2);
  const std::string control = fleet.emulator.ready().at("control");
  HttpClient follower(control);
  follower.ask("GET", "/v1/modems/modem2/journal", "Accept: application/x-ndjson\r\n");
  follower.read_until("\r\n\r\n");
  HttpClient waiting(control);
  const json wanted{{"all", {{{"kind", "command"}, {"line", "CSQ"}}}}, {"since", 0}};
  waiting.ask("POST", "/v1/modems/modem2/expect", "Content-Type: application/json\r\n",
              wanted.dump());
  {
    HttpClient leaves(control);
    leaves.ask("POST", "/v1/modems/modem2/expect", "Content-Type: application/json\r\n",
               wanted.dump());
  }
  host->send("AT+CSQ\r");
  host->read_until("OK\r\n");
  follower.read_until("\"line\":\"+CSQ\"");
  CHECK(waiting.response().status == 200);
}

TEST_CASE("a fault of one modem is none of another") {
  Fleet fleet;
  const auto first = fleet.host(0);
  const auto second = fleet.host(1);
  SECTION("a result that is another") {
    CHECK(fleet.post("modem1/faults", {{"type", "result"}, {"params", {{"text", "ERROR"}}}}) ==
          201);
    second->command("AT+CFUN=1", "\r\nERROR\r\n");
    first->command("AT+CFUN=1");
  }
  SECTION("a storm of URCs") {
    CHECK(fleet.post("modem1/faults",
                     {{"type", "urc-storm"},
                      {"params", {{"line", "+QIND: \"STORM\""}, {"per_s", 1000}, {"s", 2}}}}) ==
          201);
    second->expect("\r\n+QIND: \"STORM\"\r\n");
    for (int i = 0; i < 100; ++i) first->command("AT");
    CHECK(first->quiet_for(std::chrono::milliseconds(50)));
  }
  SECTION("a flash that is full") {
    CHECK(fleet.post("modem1/faults", {{"type", "flash-full"}}) == 201);
    second->command("AT&W", "\r\n+CME ERROR: 23\r\n");
    first->command("AT&W");
  }
  SECTION("a port that vanishes") {
    CHECK(fleet.post("modem1/faults", {{"type", "port-vanish"}, {"params", {{"ms", 60000}}}}) ==
          201);
    CHECK(second->at_end());
    first->command("AT");
  }
  SECTION("a host that does not read") {
    CHECK(fleet.post("modem1/faults",
                     {{"type", "urc-storm"},
                      {"params", {{"line", "+QIND: \"STORM\""}, {"per_s", 1000}, {"s", 60}}}}) ==
          201);
    CHECK(fleet.post("modem1/power", {{"action", "off"}}) == 200);
    for (int i = 0; i < 100; ++i) first->command("AT");
  }
}

TEST_CASE("one modem's disk is none of another") {
  ScratchDirectory scratch;
  std::filesystem::create_directories(scratch.file("state/1"));
  {
    Fleet fleet({"--state-dir", scratch.file("state")});
    const auto first = fleet.host(0);
    const auto second = fleet.host(1);
    first->command("AT+IPR=9600;&W");
    first->command("AT+IPR=115200");
    second->command("AT&W");
  }
  CHECK(std::filesystem::exists(scratch.file("state/0")));
  CHECK(std::filesystem::exists(scratch.file("state/1")));
  CHECK(std::filesystem::exists(scratch.file("state/2")));
  // A file in place of the third's directory.
  std::filesystem::remove_all(scratch.file("state/2"));
  std::ofstream(scratch.file("state/2")) << "x";
  const auto ended = run({binary(), "--count", "3", "--demo-broker", "off", "--state-dir",
                          scratch.file("state"), "--", "true"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("state/2") != std::string::npos);
}

TEST_CASE("lines of the journal, the trace and the log name the modem") {
  ScratchDirectory scratch;
  {
    Fleet fleet({"--journal", scratch.file("j"), "--trace", scratch.file("t")});
    fleet.host(2)->command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  }
  const auto journal = content(scratch.file("j"));
  CHECK(journal.find(R"({"modem":"modem2","seq":)") != std::string::npos);
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    const auto event = json::parse(line, nullptr, false);
    REQUIRE(event.is_object());
    if (event.at("kind") == "command" && event.at("line") == "+CSQ")
      CHECK(event.at("modem") == "modem2");
  }
  CHECK(content(scratch.file("t")).find("modem2/uart1") != std::string::npos);
}

TEST_CASE("a scenario of a fleet may be about some of its modems, one after the other") {
  ScratchDirectory scratch;
  std::ofstream(scratch.file("s"))
      << R"({"events":[{"at":1,"signal":{"rsrp":-120},"modems":"1-2","spread":0.5}]})";
  Fleet fleet({"--scenario", scratch.file("s"), "--power", "at-start"});
  const auto moment = [&](const std::string& modem) {
    HttpClient client(fleet.emulator.ready().at("control"));
    client.ask("POST", "/v1/modems/" + modem + "/expect", "Content-Type: application/json\r\n",
               R"({"within":5,"since":0,"all":[{"kind":"device","what":"rsrp","value":-120}]})");
    const auto answer = json::parse(client.response().body);
    const std::uint64_t seq = answer.at("matched")[0];
    const auto page = fleet.get(fmt::format("modems/{}/journal?since={}&limit=1", modem, seq - 1));
    return page.at("events")[0].at("t").get<double>();
  };
  CHECK(moment("modem1") == 1.0);
  CHECK(moment("modem2") == 1.25);
  CHECK(fleet.get("modems/modem0").at("signal").at("rsrp") == -85);
}

TEST_CASE("options that a fleet cannot have are one line and exit code 2") {
  struct Row {
    std::vector<std::string> options;
    const char* part;
  };
  for (const auto& [options, part] :
       {Row{{"--count", "0"}, "--count"}, Row{{"--count", "x"}, "--count"},
        Row{{"--count", "2", "--port", "tcp:5000"}, "tcp:[HOST:]PORT+"},
        Row{{"--count", "2", "--port", "stdio"}, "have each their own"},
        Row{{"--count", "2", "--imsi", "001010000000007"}, "--imsi"},
        Row{{"--count", "200", "--port", "tcp:65500+"}, "ports up to 65699"}}) {
    std::vector<std::string> words{binary()};
    words.insert(words.end(), options.begin(), options.end());
    const auto ended = run(words);
    INFO(ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.err.find(part) != std::string::npos);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}
