// Messages both ways: every quality of service, every byte value, many at once, and very long ones.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_tools.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

constexpr int burst = 1000;
constexpr std::size_t longest_payload = 1500;

/// Every byte value, and again until there are `size`.
std::string every_byte(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i % 256);
  return bytes;
}

std::string lines_of(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += fmt::format("message number {}\n", i);
  return lines;
}

void subscribe(Session& session, int qos) {
  session.host.command(fmt::format("AT+QMTSUB=0,1,\"in\",{}", qos));
  session.host.expect(fmt::format("\r\n+QMTSUB: 0,1,0,{}\r\n", qos));
}

void publish_from_host(SerialHost& host, int id, int qos, const std::string& payload) {
  host.command(fmt::format("AT+QMTPUBEX=0,{},{},0,\"out\",{}", id, qos, payload.size()), "\r\n> ");
  host.send(payload);
  host.expect(fmt::format("\r\nOK\r\n\r\n+QMTPUBEX: 0,{},0\r\n", id));
}

}  // namespace

TEST_CASE("each qos, both ways, every byte value [PUB-2] [PUB-4] [RECV-1] [RECV-8] [SUB-2]") {
  const int qos = GENERATE(0, 1, 2);
  Session session;
  const auto broker = session.emulator.broker_port();
  Subscriber observer(broker, "out");
  session.host.command("AT+QMTCFG=\"recv/mode\",0,0,1");
  session.connect(0, broker, "qos");
  subscribe(session, qos);
  const auto payload = every_byte(longest_payload);
  publish_from_host(session.host, qos == 0 ? 0 : 9, qos, payload);
  CHECK(observer.heard("out", qos, false, payload));
  publish(broker, "in", payload, qos);
  session.host.expect(
      fmt::format("\r\n+QMTRECV: 0,{},\"in\",1500,\"{}\"\r\n", qos == 0 ? 0 : 1, payload));
  session.host.command("AT");
}

TEST_CASE("a thousand messages in a burst arrive complete and in order [RECV-9]") {
  const int qos = GENERATE(0, 1, 2);
  const Mosquitto broker;
  Session session;
  session.connect(0, broker.port(), "burst");
  subscribe(session, qos);
  publish_lines(broker.port(), "in", lines_of(burst), qos);
  for (int i = 0; i < burst; ++i)
    session.host.expect(fmt::format("\r\n+QMTRECV: 0,{},\"in\",\"message number {}\"\r\n",
                                    qos == 0 ? 0 : i + 1, i));
  session.host.command("AT");
}

TEST_CASE("a message of 100 kB arrives complete [RECV-9]") {
  Session session;
  session.connect(0, session.emulator.broker_port(), "long");
  subscribe(session, 1);
  const auto payload = every_byte(100'000);
  publish(session.emulator.broker_port(), "in", payload, 1);
  session.host.expect("\r\n+QMTRECV: 0,1,\"in\",\"" + payload + "\"\r\n");
  session.host.command("AT");
}

TEST_CASE("a burst of more than a port's queue holds arrives complete and in order [RECV-9]") {
  constexpr int count = 250;  // 25 MB
  const Mosquitto broker;
  Session session;
  session.connect(0, broker.port(), "flood");
  subscribe(session, 0);
  std::string lines;
  const auto line = [](int i) { return fmt::format("{:06}", i) + std::string(100'000, 'x'); };
  for (int i = 0; i < count; ++i) lines += line(i) + '\n';
  publish_lines(broker.port(), "in", lines, 0);
  for (int i = 0; i < count; ++i)
    session.host.expect(fmt::format("\r\n+QMTRECV: 0,0,\"in\",\"{}\"\r\n", line(i)));
  session.host.command("AT");
}

TEST_CASE("the host publishes two hundred messages one after another [PUB-2] [PUB-6]") {
  constexpr int count = 200;
  Session session;
  Subscriber observer(session.emulator.broker_port(), "out");
  session.connect(0, session.emulator.broker_port(), "many");
  for (int i = 0; i < count; ++i) publish_from_host(session.host, i + 1, i % 3, std::to_string(i));
  auto payloads = observer.payloads("out", count);
  REQUIRE(payloads.size() == count);
  for (int i = 0; i < count; ++i)
    CHECK(std::count(payloads.begin(), payloads.end(), std::to_string(i)) == 1);
}
