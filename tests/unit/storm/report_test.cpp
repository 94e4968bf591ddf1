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

TEST_CASE("the report for people of a run in which everything went wrong") {
  Run run;
  auto& messages = run.tally.messages;
  messages.failed = {.refused = 1, .given_up = 2, .cut = 3, .silent = 4};
  messages.skipped = 5;
  messages.resent = 6;
  messages.unreceived = 7;
  messages.lost_with_link = 2;
  messages.doubled = 8;
  messages.garbled = 9;
  messages.foreign = 10;
  messages.late = 11;
  run.tally.troubles = {.port_failures = 1,
                        .ports_closed = 2,
                        .silences = 3,
                        .restarts = 4,
                        .open_failures = 5,
                        .connect_failures = 6,
                        .subscribe_failures = 7};
  run.tally.troubles.status[0] = 8;
  run.tally.troubles.status[9] = 9;
  const auto text = report_text(run.plan, run.tally, run.course);
  const auto holds = [&](std::string_view line) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  };
  holds(
      "messages     10 sent, 9 confirmed, 10 failed (1 ERROR, 2 given up, 3 cut off, 4 without "
      "result), 5 skipped, 6 resent\n");
  holds(
      "             9 received back, 7 lost (2 of them as the link was), 8 doubled, 9 garbled, "
      "10 foreign, 11 late\n");
  holds(
      "trouble      1 ports not opened, 2 ports closed, 3 commands unanswered, 4 modules "
      "restarted, 5 opens failed, 6 connects failed, 7 subscriptions failed, 9 +QMTSTAT 9, "
      "8 other +QMTSTAT\n");
  const auto counted = nlohmann::json::parse(report_json(run.plan, run.tally, run.course));
  CHECK(counted["well"] == false);
  CHECK(counted["messages"]["failed_by"] ==
        nlohmann::json({{"refused", 1}, {"given_up", 2}, {"cut", 3}, {"silent", 4}}));
  CHECK(counted["messages"]["lost"] == 7);
  CHECK(counted["messages"]["lost_with_link"] == 2);
  CHECK(counted["troubles"]["status"] == nlohmann::json({{"9", 9}, {"other", 8}}));
  // Messages of qos 0 may go missing.
  run.plan.qos = 0;
  CHECK(report_text(run.plan, run.tally, run.course).find(", 7 not received (2 of them") !=
        std::string::npos);
  const auto of_qos_0 = nlohmann::json::parse(report_json(run.plan, run.tally, run.course));
  CHECK(of_qos_0["messages"]["lost"] == 0);
  CHECK(of_qos_0["messages"]["lost_with_link"] == 0);
  CHECK(of_qos_0["messages"]["unreceived"] == 7);
}

TEST_CASE("the report of a fleet that sent nothing and got nothing") {
  Plan plan;
  plan.subscribe = false;
  plan.interval = 0s;
  const Tally tally(2);
  CHECK(report_text(plan, tally, {}) ==
        "modems       2, of which 0 were connected, 0 at the end\n"
        "messages     0 sent, 0 confirmed, 0 failed\n"
        "rates        0.0 sent/s, 0.0 confirmed/s in 0.0 s\n"
        "ms                  p50       p90       p99     p99.9       max     count\n"
        "publish             0.0       0.0       0.0       0.0       0.0         0\n"
        "open+connect        0.0       0.0       0.0       0.0       0.0         0\n"
        "start: modems 2, attempts 0; connected 50 % after never, 90 % never, 99 % never, all "
        "never\n");
  const auto counted = nlohmann::json::parse(report_json(plan, tally, {}));
  CHECK(counted["well"] == false);
  CHECK(counted["settings"]["rate"] == 0.0);
  CHECK(counted["rates"]["sent"] == 0.0);
  CHECK(counted["start"]["seconds_to_50_percent"].is_null());
}

TEST_CASE("of many outages a person reads the first ten") {
  Run run;
  for (int i = 0; i < 10; ++i) {
    run.tally.lost(1, std::chrono::seconds(6 + i));
    run.tally.connected(1, std::chrono::seconds(6 + i) + 100ms);
  }
  const auto text = report_text(run.plan, run.tally, run.course);
  CHECK(text.find("outage at 14.00 s: ") != std::string::npos);
  CHECK(text.find("outage at 15.00 s: ") == std::string::npos);
  CHECK(text.find("outages: 1 more\n") != std::string::npos);
}

TEST_CASE("the report for programs") {
  Run run;
  run.tally.lost(0, 9s);
  run.course.connected_at_end = 1;
  const auto report = nlohmann::json::parse(report_json(run.plan, run.tally, run.course));
  CHECK(report["well"] == false);
  CHECK(report["modems"]["connected"] == 2);
  CHECK(report["modems"]["connected_at_end"] == 1);
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
  CHECK(is_well(run.plan, run.tally, run.course));
  SECTION("doubled messages are, but of qos 2") {
    run.tally.messages.doubled = 1;
    CHECK(is_well(run.plan, run.tally, run.course));
    run.plan.qos = 2;
  }
  SECTION("messages that did not come are, but of qos 1 and 2") {
    run.tally.messages.unreceived = 1;
    CHECK_FALSE(is_well(run.plan, run.tally, run.course));
    run.plan.qos = 0;
    CHECK(is_well(run.plan, run.tally, run.course));
    CHECK(losses(run.plan, run.tally) == 0);
    run.plan.qos = 2;
  }
  CHECK_FALSE(is_well(run.plan, run.tally, run.course));
  CHECK_FALSE(is_well(Plan{}, Tally{1}, Course{}));
}

TEST_CASE("a fleet of which one never came, and doubled messages of qos 2, are not well") {
  Run run;
  run.plan.qos = 2;
  CHECK(is_well(run.plan, run.tally, run.course));
  run.tally.messages.doubled = 1;
  CHECK_FALSE(is_well(run.plan, run.tally, run.course));
  Tally late{2};
  late.connected(0, 1s);
  CHECK_FALSE(is_well(run.plan, late, run.course));
  late.connected(1, 2s);
  CHECK(is_well(run.plan, late, run.course));
}

TEST_CASE("a modem that was connected and is not at the end is not well, and is told of") {
  Run run;
  CHECK(still_away(run.tally, run.course) == 0);
  CHECK(nlohmann::json::parse(report_json(run.plan, run.tally, run.course))["well"] == true);
  run.tally.lost(0, 11900ms);
  run.course.connected_at_end = 1;
  CHECK(still_away(run.tally, run.course) == 1);
  CHECK_FALSE(is_well(run.plan, run.tally, run.course));
  CHECK(
      report_text(run.plan, run.tally, run.course)
          .find("outage at 11.90 s: modems 1, attempts 0; connected 50 % after never, 90 % never, "
                "99 % never, all never\nnot back     1 of those that were connected\ntrouble ") !=
      std::string::npos);
  SECTION("nor is a whole fleet that sends nothing") {
    run.plan.interval = 0s;
    run.tally.lost(1, 12s);
    run.course.connected_at_end = 0;
    CHECK(still_away(run.tally, run.course) == 2);
    CHECK_FALSE(is_well(run.plan, run.tally, run.course));
  }
  SECTION("one that came back is") {
    run.tally.connected(0, 12s);
    run.course.connected_at_end = 2;
    CHECK(is_well(run.plan, run.tally, run.course));
  }
}

TEST_CASE("one that was never connected is not counted as still away") {
  Run run;
  Tally tally{2};
  tally.connected(0, 1s);
  run.course.connected_at_end = 1;
  CHECK(still_away(tally, run.course) == 0);
  CHECK_FALSE(is_well(run.plan, tally, run.course));
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
  CHECK(wrong_with(R"({"ports":{}})") == "modem0: it lists no ports");
  CHECK(wrong_with(R"({"ports":[]})") == "modem0: it lists no ports");
  CHECK(wrong_with(R"({"ports":[{"path":"x"}]})") == "modem0: its first port lacks kind or path");
  CHECK(wrong_with(R"({"ports":[{"kind":1,"path":"x"}]})") ==
        "modem0: its first port lacks kind or path");
  CHECK(wrong_with(R"({"modems":{}})") == "modem0: it lists no ports");
  CHECK(wrong_with(R"({"modems":[]})") == "it lists no modems");
  CHECK(wrong_with(R"({"modems":[3]})") == "modem0 is no object");
  CHECK(wrong_with(R"({"modems":[{"name":"x"}]})") == "x: it lists no ports");
}

TEST_CASE("a ready file whose broker is none") {
  for (const auto* broker :
       {R"("host")", R"({"port":1})", R"({"host":"h"})", R"({"host":"h","port":"1"})",
        R"({"host":"h","port":0})", R"({"host":"h","port":65536})", R"({"host":7,"port":1})"}) {
    INFO(broker);
    const auto read = read_ready_list(std::string(R"({"broker":)") + broker +
                                      R"(,"ports":[{"kind":"pty","path":"/tmp/m"}]})");
    CHECK_FALSE(std::get<ReadyList>(read).broker);
  }
}

TEST_CASE("places on TCP") {
  CHECK(read_tcp_place("host.example:1")->host == "host.example");
  CHECK(read_tcp_place("[2001:db8::7]:1883")->host == "2001:db8::7");
  for (const auto* wrong : {"", "host", ":1", "host:", "host:0", "host:65536", "host:1x", "::1:5",
                            "ho st:1", "h\"x:1", "[]:1", "[a]b:1", "a]:1", "[a:1"})
    CHECK_FALSE(read_tcp_place(wrong));
}
