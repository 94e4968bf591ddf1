// A host of the storm at a port that only notes what is done to it, in virtual time: the test is
// the modem.
#pragma once

#include "storm/core/host.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

namespace storm_test {

using namespace std::chrono_literals;
using storm::Host;
using storm::Plan;
using storm::Tally;
using storm::Time;

class NotedPort final : public storm::HostPort {
 public:
  void open() override { done += "[open]"; }
  void write(std::string_view bytes) override { done += bytes; }
  void close() override { done += "[close]"; }

  std::string done;
};

/// What is usual for the tests: a message each second, nothing by chance that would matter.
inline Plan usual_plan() {
  Plan plan;
  plan.broker_host = "host";
  plan.payload = 20;
  plan.tag = "feedbeef";
  return plan;
}

class HostBench {
 public:
  explicit HostBench(Plan of_run = usual_plan(), Time start = 0s)
      : plan(std::move(of_run)), host(plan, {.slot = 0, .modem = 7, .start = start}, port, tally) {}

  /// What the host has done since this was last asked: bytes as typed, "[open]", "[close]".
  std::string done() { return std::exchange(port.done, {}); }

  void says(std::string_view bytes) { host.heard(bytes, now); }

  /// Does what the host wants done meanwhile, each thing at its time.
  void pass(Time time) {
    const Time end = now + time;
    int calls = 0;
    for (auto next = host.deadline(); next && *next <= end; next = host.deadline()) {
      now = std::max(now, *next);
      host.tick(now);
      REQUIRE(++calls < 100'000);  // or it wants to be called at once for ever
    }
    now = end;
  }

  void open_port() {
    pass(0s);
    REQUIRE(done() == "[open]");
    host.port_opened(now);
  }
  /// The port is open and the echo off.
  void wake() {
    open_port();
    REQUIRE(done() == "ATE0\r");
    says("ATE0\r\r\nOK\r\n");
  }
  void open_link() {
    REQUIRE(done() == "AT+QMTOPEN=0,\"host\",1883\r");
    says("\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n");
    REQUIRE(done() == "AT+QMTCONN=0,\"storm-7\"\r");
    says("\r\nOK\r\n\r\n+QMTCONN: 0,0,0\r\n");
  }
  /// From the start to where messages are published.
  void connect() {
    wake();
    open_link();
    if (plan.subscribe) {
      REQUIRE(done() == subscription());
      says("\r\nOK\r\n\r\n+QMTSUB: 0,1,0,1\r\n");
    }
    REQUIRE(host.is_connected());
  }
  [[nodiscard]] std::string subscription() const {
    return "AT+QMTSUB=0,1,\"storm/7\"," + std::to_string(plan.qos) + "\r";
  }
  /// Passes time until a message is due. Returns the command.
  std::string next_command() {
    while (port.done.empty() && host.deadline()) pass(std::max(*host.deadline() - now, Time(0)));
    return done();
  }
  /// Up to the payload of the first message.
  void type_message() {
    REQUIRE(next_command() == "AT+QMTPUBEX=0,1,1,0,\"storm/7\",20\r");
    says("\r\n> ");
    REQUIRE(done() == "feedbeef 0000000001 ");
  }

  Plan plan;
  Tally tally{1};
  NotedPort port;
  Host host;
  Time now{};
};

}  // namespace storm_test
