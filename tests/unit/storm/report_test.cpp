// What is said of a run: while it lasts, and afterwards. And what a ready file says.
#include "storm/core/report.hpp"

#include "storm/core/progress.hpp"
#include "storm/core/ready_list.hpp"

#include <utility>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace storm;
using namespace std::chrono_literals;

namespace {

/// Two modems, of which one was away for two seconds.
struct Run {
  Run() {
    plan.broker_host = "host";
    tally.attempt(0);
    tally.attempt(1);
    tally.connected(0, 1s);
    tally.connected(1, 1500ms);
    tally.lost(1, 3s);
    tally.attempt(1);
    tally.connected(1, 5s);
    tally.messages.sent = 10;
    tally.messages.confirmed = 9;
    tally.messages.failed.cut = 1;
    tally.messages.received = 9;
    tally.troubles.status[1] = 1;
    for (int i = 1; i <= 9; ++i) tally.publish_times.record(std::chrono::milliseconds(i));
  }

  Plan plan;
  Tally tally{2};
  Course course{.lasted = 12s, .publishing = 10s, .connected_at_end = 2};
};

std::string wrong_with(std::string_view text) {
  const auto read = read_ready_list(text);
  const auto* wrong = std::get_if<std::string>(&read);
  return wrong != nullptr ? *wrong : "";
}

}  // namespace

TEST_CASE("the report for people") {
  const Run run;
  CHECK(report_text(run.plan, run.tally, run.course) ==
        "modems       2, of which 2 were connected, 2 at the end\n"
        "messages     10 sent, 9 confirmed, 1 failed (0 ERROR, 0 given up, 1 cut off, 0 without "
        "result)\n"
        "             9 received back, 0 lost, 0 doubled\n"
        "rates        1.0 sent/s, 0.9 confirmed/s, 0.9 received/s in 10.0 s\n"
        "ms                  p50       p90       p99     p99.9       max     count\n"
        "publish             5.0       9.0       9.0       9.0       9.0         9\n"
        "round trip          0.0       0.0       0.0       0.0       0.0         0\n"
        "open+connect        0.0       0.0       0.0       0.0       0.0         0\n"
        "start: modems 2, attempts 2; connected 50 % after 1.00 s, 90 % 1.50 s, 99 % 1.50 s, all "
        "1.50 s\n"
        "outage at 3.00 s: modems 1, attempts 1; connected 50 % after 2.00 s, 90 % 2.00 s, 99 % "
        "2.00 s, all 2.00 s\n"
        "trouble      1 +QMTSTAT 1\n");
}

TEST_CASE("the report for programs") {
  Run run;
  run.tally.lost(0, 9s);
  const auto report = nlohmann::json::parse(report_json(run.plan, run.tally, run.course));
  CHECK(report["well"] == true);
  CHECK(report["modems"]["connected"] == 2);
  CHECK(report["messages"]["failed_by"]["cut"] == 1);
  CHECK(report["messages"]["lost"] == 0);
  CHECK(report["rates"]["sent"] == 1.0);
  CHECK(report["latency_ms"]["publish"]["max"] == 9.0);
  CHECK(report["start"]["seconds_to_all"] == 1.5);
  CHECK(report["outages"]["count"] == 2);
  CHECK(report["outages"]["list"][0]["at"] == 3.0);
  CHECK(report["outages"]["list"][1]["seconds_to_all"].is_null());
  CHECK(report["troubles"]["status"]["1"] == 1);
}

TEST_CASE("what is well") {
  Run run;
  CHECK(is_well(run.plan, run.tally));
  SECTION("doubled messages are, but of qos 2") {
    run.tally.messages.doubled = 1;
    CHECK(is_well(run.plan, run.tally));
    run.plan.qos = 2;
  }
  SECTION("messages that did not come are, but of qos 1 and 2") {
    run.tally.messages.unreceived = 1;
    CHECK_FALSE(is_well(run.plan, run.tally));
    run.plan.qos = 0;
    CHECK(is_well(run.plan, run.tally));
    CHECK(losses(run.plan, run.tally) == 0);
    run.plan.qos = 2;
  }
  CHECK_FALSE(is_well(run.plan, run.tally));
  CHECK_FALSE(is_well(Plan{}, Tally{1}));
}

TEST_CASE("progress on a terminal and elsewhere") {
  std::string shown;
  const auto print = [&](std::string_view text) { shown += text; };
  Run run;
  Progress lines(Progress::Kind::lines, print);
  CHECK(lines.interval() == 5s);
  lines.tick(run.tally, 5s);
  CHECK(std::exchange(shown, {}) == "5 s: 2/2 connected, 1.8/s, 9 confirmed, 1 failed, p99 9 ms\n");
  lines.tick(run.tally, 10s);
  CHECK(std::exchange(shown, {}) ==
        "10 s: 2/2 connected, 0.0/s, 9 confirmed, 1 failed, p99 9 ms\n");
  lines.end();
  CHECK(shown.empty());
  Progress terminal(Progress::Kind::terminal, print);
  CHECK(terminal.interval() == 1s);
  terminal.tick(run.tally, 3s);
  terminal.end();
  CHECK(shown == "\r\x1b[K3 s: 2/2 connected, 3.0/s, 9 confirmed, 1 failed, p99 9 ms\r\x1b[K");
}

TEST_CASE("the ready file of one modem") {
  const auto read = read_ready_list(
      R"({"broker":{"host":"127.0.0.1","port":45745,"ca":"x"},"pid":1,
          "ports":[{"kind":"pty","path":"/tmp/m"},{"kind":"tcp","path":"127.0.0.1:5000"}]})");
  const auto& list = std::get<ReadyList>(read);
  CHECK(list.modems.size() == 1);
  CHECK(std::get<DevicePlace>(list.modems.front().port).path == "/tmp/m");
  CHECK(list.broker->host == "127.0.0.1");
  CHECK(list.broker->port == 45745);
}

TEST_CASE("the ready file of a fleet") {
  const auto read = read_ready_list(
      R"({"broker":null,"ports":[{"kind":"pty","path":"/tmp/a","modem":"a"}],
          "modems":[{"name":"a","imei":"1","ports":[{"kind":"pty","path":"/tmp/a"}]},
                    {"ports":[{"kind":"tcp","path":"[::1]:5000"}]}]})");
  const auto& list = std::get<ReadyList>(read);
  REQUIRE(list.modems.size() == 2);
  CHECK(list.modems[0].name == "a");
  CHECK(list.modems[1].name == "modem1");
  CHECK(std::get<TcpPlace>(list.modems[1].port).host == "::1");
  CHECK(std::get<TcpPlace>(list.modems[1].port).port == 5000);
  CHECK_FALSE(list.broker);
}

TEST_CASE("ready files that are none") {
  CHECK(wrong_with("") == "it is no JSON object");
  CHECK(wrong_with("[]") == "it is no JSON object");
  CHECK(wrong_with("{") == "it is no JSON object");
  CHECK(wrong_with("{}") == "modem0: it lists no ports");
  CHECK(wrong_with(R"({"ports":[1]})") == "modem0: it lists no ports");
  CHECK(wrong_with(R"({"ports":[{"kind":"pty"}]})") == "modem0: its first port lacks kind or path");
  CHECK(wrong_with(R"({"ports":[{"kind":"stdio","path":"x"}]})") ==
        "modem0: its first port is of the kind stdio; pty and tcp can be used");
  CHECK(wrong_with(R"({"ports":[{"kind":"tcp","path":"x"}]})") ==
        "modem0: its first port is at no HOST:PORT: x");
  CHECK(wrong_with(R"({"modems":[]})") == "it lists no modems");
  CHECK(wrong_with(R"({"modems":[3]})") == "modem0 is no object");
  CHECK(wrong_with(R"({"modems":[{"name":"x"}]})") == "x: it lists no ports");
}

TEST_CASE("places on TCP") {
  CHECK(read_tcp_place("host.example:1")->host == "host.example");
  CHECK(read_tcp_place("[2001:db8::7]:1883")->host == "2001:db8::7");
  for (const auto* wrong : {"", "host", ":1", "host:", "host:0", "host:65536", "host:1x", "::1:5",
                            "ho st:1", "h\"x:1", "[]:1", "[a]b:1"})
    CHECK_FALSE(read_tcp_place(wrong));
}
