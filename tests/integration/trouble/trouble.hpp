// What the trouble tests have in common: a modem beside a StoryBroker, and what must hold when the
// trouble is over.
#pragma once

#include "tests/support/emulator_process.hpp"
#include "tests/support/slowness.hpp"
#include "tests/support/story_broker.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace trouble {

using mqtt_backend::PacketType;
using support::Session;
using support::StoryBroker;
using namespace std::chrono_literals;

inline support::EmulatorProcess::Options scaled(const std::string& scale) {
  return {"--demo-broker", "off", "--time-scale", scale};
}

/// Client 0 is connected; the broker has heard its CONNECT.
inline void meet(Session& session, StoryBroker& broker) {
  broker.expect(PacketType::connect).answer(support::connack());
  session.connect(0, broker.port(), "id");
}

/// Types a publish of "hi" to "t" up to its OK.
inline void publish(Session& session, int client, int id, int qos) {
  session.host.send(fmt::format("AT+QMTPUBEX={},{},{},0,\"t\",2\rhi", client, id, qos));
  session.host.expect("\r\n> \r\nOK\r\n");
}

/// Nothing more is said, no client is open, and the index can be used again.
inline void check_free(Session& session, int client = 0) {
  CHECK(session.host.quiet_for(30ms));
  session.host.command("AT");
  session.host.command("AT+QMTOPEN?");
  session.host.command(fmt::format("AT+QMTCONN={},\"id\"", client), "\r\nERROR\r\n");
  StoryBroker elsewhere;
  elsewhere.expect(PacketType::connect).answer(support::connack());
  elsewhere.expect(PacketType::disconnect);
  session.connect(client, elsewhere.port(), "again");
  session.host.command(fmt::format("AT+QMTDISC={}", client));
  session.host.expect(fmt::format("\r\n+QMTDISC: {},0\r\n", client));
  CHECK(elsewhere.outcome() == StoryBroker::as_told);
}

}  // namespace trouble
