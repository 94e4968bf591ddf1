// The lint told by events alone: orders of them that a session seldom has.
#include "emulator/lint/linter.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace std::chrono_literals;
using mqtt_backend::ClientState;
using mqtt_backend::Refusal;
using Texts = std::vector<std::string>;
namespace mqtt_event = mqtt_backend::event;

namespace {

constexpr at::Asker uart{1};

struct Bench {
  Texts seen() { return std::exchange(texts, {}); }

  void client(at::Duration time, const mqtt_backend::Event& event, int client_idx = 1) {
    linter.saw(at::Time(time), client_idx, event);
  }
  void becomes(at::Duration time, ClientState state) {
    client(time, mqtt_event::StateChanged{ClientState::connected, state, {}});
  }
  void begins(at::Duration time, std::string_view line, at::Duration limit = 15s) {
    linter.saw(at::Time(time), uart, at::event::HostBytesArrived{line.size(), 0});
    linter.saw(at::Time(time), uart,
               at::event::CommandBegun{line.substr(0, line.find('=')), line, limit, false});
  }
  void is_ok(at::Duration time) {
    linter.saw(at::Time(time), uart, at::event::CommandEnded{{}, at::Outcome::Kind::ok, 0, {}});
  }
  void stat(at::Duration time, std::string_view bytes) {
    linter.saw(at::Time(time), uart, at::event::Unsolicited{bytes});
  }
  void network(at::Duration time, bool attached) {
    linter.saw(
        at::Time(time),
        device::event::RegistrationChanged{
            attached ? device::Network::Stat::home : device::Network::Stat::searching, attached});
  }

  Texts texts;
  lint::Linter linter{
      {}, [this](const lint::Finding& finding) {
        texts.push_back(std::string(lint::row_of(finding.rule).id) + ": " + finding.text);
      }};
};

}  // namespace

TEST_CASE("messages-never-read: a client that closes leaves what was there for long [CTL-13]") {
  Bench bench;
  const auto how = GENERATE(ClientState::closing, ClientState::disconnecting);
  bench.client(0s, mqtt_event::MessageStored{0});
  SECTION("and not what has just come") {
    bench.becomes(999ms, how);
    CHECK(bench.seen().empty());
  }
  SECTION("after a second") {
    bench.becomes(1s, how);
    CHECK(bench.seen() ==
          Texts{"messages-never-read: client 1 has stored messages that were not read: 1"});
  }
  SECTION("or what found no slot, at any time") {
    bench.client(10ms, mqtt_event::MessageDropped{});
    CHECK(bench.seen().empty());
    bench.becomes(20ms, how);
    CHECK(bench.seen() ==
          Texts{"messages-never-read: client 1 has stored messages that were not read: 1; behind "
                "them, 1 found no slot and are lost"});
  }
  bench.becomes(5s, ClientState::idle);
  bench.linter.end(at::Time(60s));
  CHECK(bench.seen().empty());
}

TEST_CASE("messages-never-read: is told once for the same messages [CTL-13]") {
  Bench bench;
  bench.client(0s, mqtt_event::MessageStored{0});
  bench.client(2s, mqtt_event::MessageDropped{});
  CHECK(bench.seen().size() == 1);
  bench.client(3s, mqtt_event::MessageDropped{});
  bench.linter.end(at::Time(4s));
  CHECK(bench.seen().empty());
  // Once they are read it begins anew.
  bench.client(5s, mqtt_event::MessageRead{0});
  bench.client(6s, mqtt_event::MessageStored{0});
  bench.client(6s, mqtt_event::MessageDropped{});
  CHECK(bench.seen().empty());
  bench.linter.end(at::Time(6s));
  CHECK(bench.seen() ==
        Texts{"messages-never-read: client 1 has stored messages that were not read: 1; behind "
              "them, 1 found no slot and are lost"});
}

TEST_CASE("no-reopen-after-stat: only while there is a network for 30 s [CTL-13]") {
  Bench bench;
  bench.stat(0s, "\r\n+QMTSTAT: 1,1\r\n");
  SECTION("never") { bench.linter.end(at::Time(100s)); }
  SECTION("not any more") {
    bench.network(1s, true);
    bench.network(90s, false);
    bench.linter.end(at::Time(100s));
  }
  SECTION("not yet") {
    bench.network(71s, true);
    bench.network(80s, true);
    bench.linter.end(at::Time(100s));
  }
  SECTION("the end that the host asked for") {
    bench.network(1s, true);
    bench.begins(2s, "+QMTOPEN=1,\"h\",1883");
    bench.stat(3s, "\r\n+QMTSTAT: 1,5\r\n");
    bench.linter.end(at::Time(100s));
  }
  CHECK(bench.seen().empty());
}

TEST_CASE("no-reopen-after-stat: from when the network is there on [CTL-13]") {
  Bench bench;
  bench.stat(0s, "\r\n+QMTSTAT: 1,1\r\n");
  bench.network(70s, true);
  bench.network(80s, true);
  bench.linter.end(at::Time(100s));
  const Texts found{
      "no-reopen-after-stat: client 1 was not opened again in the 100.0 s after +QMTSTAT: 1,1"};
  CHECK(bench.seen() == found);
  bench.linter.end(at::Time(200s));
  CHECK(bench.seen().empty());
}

TEST_CASE("retry-too-early: clients that there are not, and steps of nobody, are none [CTL-13]") {
  Bench bench;
  // The module's own, before any command.
  bench.becomes(0s, ClientState::opening);
  bench.client(0s, mqtt_event::ExchangeRefused{Refusal::window_full, 1});
  for (const auto* line : {"+QMTSUB=6,1,\"t\",0", "+QMTSUB=-1,1,\"t\",0", "+QMTSUB=x", "+CSQ"}) {
    bench.begins(1s, line);
    bench.is_ok(1s);
    bench.begins(2s, line);
    bench.is_ok(2s);
  }
  bench.begins(3s, "+QMTOPEN=1,\"h\",1883", 120s);
  bench.becomes(3s, ClientState::opening);
  bench.is_ok(3s);
  // Of another kind, and of another client.
  bench.begins(4s, "+QMTCLOSE=1");
  bench.is_ok(4s);
  bench.begins(5s, "+QMTOPEN=2,\"h\",1883", 120s);
  bench.is_ok(5s);
  CHECK(bench.seen().empty());
  bench.begins(6s, "+QMTOPEN=1,\"h\",1883", 120s);
  CHECK(bench.seen() == Texts{"retry-too-early: AT+QMTOPEN was sent again after 3.000 s without "
                              "its URC; it may take 120 s"});
  // Later than the URC can come.
  bench.begins(123s, "+QMTOPEN=1,\"h\",1883", 120s);
  CHECK(bench.seen().empty());
}
