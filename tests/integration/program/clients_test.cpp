// Several clients at once, and clients that share a name at the broker.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

constexpr int client_count = 6;
constexpr int rounds = 5;

/// Odd clients keep what they receive until the host asks for it.
bool stores(int client) { return client % 2 == 1; }

void set_up(Session& session, int client) {
  auto& host = session.host;
  host.command(fmt::format("AT+QMTCFG=\"version\",{},{}", client, client < 3 ? 3 : 4));
  host.command(fmt::format("AT+QMTCFG=\"recv/mode\",{},{},{}", client, stores(client) ? 1 : 0,
                           client == 2 ? 1 : 0));
  session.connect(client, session.emulator.broker_port(), fmt::format("c{}", client));
  host.command(fmt::format("AT+QMTSUB={},{},\"own/{}\",1", client, client + 1, client));
  host.expect(fmt::format("\r\n+QMTSUB: {},{},0,1\r\n", client, client + 1));
}

std::string payload(int round, int client) { return fmt::format("round {} for {}", round, client); }

/// What the host sees at once when a message for `client` arrives.
std::string arrival(int round, int client) {
  if (stores(client)) return fmt::format("\r\n+QMTRECV: {},0\r\n", client);
  const auto text = payload(round, client);
  const auto length = client == 2 ? fmt::format("{},", text.size()) : std::string();
  return fmt::format("\r\n+QMTRECV: {},{},\"own/{}\",{}\"{}\"\r\n", client, round + 1, client,
                     length, text);
}

void send_from(Session& session, int sender, int round, int client) {
  auto& host = session.host;
  const auto text = payload(round, client);
  const int id = 100 * (round + 1) + client;
  host.command(fmt::format("AT+QMTPUBEX={},{},1,0,\"own/{}\",{}", sender, id, client, text.size()),
               "\r\n> ");
  host.send(text);
  host.expect("\r\nOK\r\n");
  host.expect_all({fmt::format("\r\n+QMTPUBEX: {},{},0\r\n", sender, id), arrival(round, client)});
  if (!stores(client)) return;
  host.command(fmt::format("AT+QMTRECV={},0", client),
               fmt::format("\r\n+QMTRECV: {},{},\"own/{}\",\"{}\"\r\n\r\nOK\r\n", client, round + 1,
                           client, text));
}

}  // namespace

TEST_CASE("six clients at once, each with its own settings [OPEN-8] [RECV-2] [RECV-4] [CFG-4]") {
  Session session;
  for (int client = 0; client < client_count; ++client) set_up(session, client);
  for (int round = 0; round < rounds; ++round)
    for (int client = 0; client < client_count; ++client)
      send_from(session, (client + round) % client_count, round, client);
}

TEST_CASE("a second client of the same name takes over [CONN-8] [STAT-1]") {
  Session session;
  const auto broker = session.emulator.broker_port();
  session.connect(0, broker, "same");
  SECTION("another client of the module") {
    session.open(1, broker);
    session.host.command("AT+QMTCONN=1,\"same\"");
    session.host.expect_all({"\r\n+QMTSTAT: 0,1\r\n", "\r\n+QMTCONN: 1,0,0\r\n"});
    session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 1,3\r\n\r\nOK\r\n");
  }
  SECTION("a client elsewhere") {
    const Subscriber thief(broker, "t", 0, {"-i", "same"});
    session.host.expect("\r\n+QMTSTAT: 0,1\r\n");
    session.host.command("AT+QMTOPEN?");
  }
}
