// Several troubles at once, and trouble while the emulated network still holds a result back.
#include "tests/integration/trouble/trouble.hpp"

#include <array>
#include <filesystem>
#include <iterator>

using namespace support;
using namespace trouble;

namespace {

EmulatorProcess::Options late(const std::string& latency_ms) {
  auto options = scaled("1");
  options.insert(options.end(), {"--latency", latency_ms});
  return options;
}

}  // namespace

TEST_CASE("six clients, six fates at once [OPEN-8] [STAT-1] [STAT-2..6] [STAT-8]") {
  std::array<StoryBroker, 6> brokers;
  Session session(scaled("20"));
  auto& host = session.host;
  host.command("AT+QMTCFG=\"keepalive\",2,10");
  for (int i = 0; i < 6; ++i) {
    auto& broker = brokers.at(static_cast<std::size_t>(i));
    if (i == 3) {
      broker.expect(PacketType::connect).withhold();
      session.open(i, broker.port());
      continue;
    }
    broker.expect(PacketType::connect).answer(connack());
    session.connect(i, broker.port(), fmt::format("id{}", i));
  }
  host.command("AT+QMTCONN=3,\"id3\"");
  const auto start = std::chrono::steady_clock::now();
  brokers[0].then_close();
  brokers[1].then_reset();
  brokers[2].expect(PacketType::pingreq).withhold();
  brokers[4].say({0xFF, 0xFF, 0xFF, 0xFF, 0xFF});
  host.expect_all({"\r\n+QMTSTAT: 0,1\r\n", "\r\n+QMTSTAT: 1,1\r\n", "\r\n+QMTSTAT: 4,8\r\n"});
  const auto took = ms_since(start);
  CHECK(took < slowed(500));
  brokers[5].expect(PacketType::publish).answer(puback());
  publish(session, 5, 1, 1);
  host.expect("\r\n+QMTPUBEX: 5,1,0\r\n");
  host.expect_all({"\r\n+QMTPING: 2,1\r\n", "\r\n+QMTSTAT: 2,2\r\n", "\r\n+QMTCONN: 3,2\r\n",
                   "\r\n+QMTSTAT: 3,4\r\n"});
  host.command("AT+QMTCONN?", "\r\n+QMTCONN: 5,3\r\n\r\nOK\r\n");
  for (auto& broker : brokers) CHECK(broker.outcome() == StoryBroker::as_told);
}

TEST_CASE("what was answered is said before the end of the link [TIME-6] [STAT-1]") {
  StoryBroker broker;
  Session session(late("300"));
  auto& host = session.host;
  session.open(0, broker.port());
  const auto start = std::chrono::steady_clock::now();
  SECTION("CONNACK") {
    broker.expect(PacketType::connect).answer(connack());
    broker.then_close();
    host.command("AT+QMTCONN=0,\"id\"");
    host.expect("\r\n+QMTCONN: 0,0,0\r\n\r\n+QMTSTAT: 0,1\r\n");
  }
  SECTION("a refusal") {
    broker.expect(PacketType::connect).answer(connack(5));
    broker.then_close();
    host.command("AT+QMTCONN=0,\"id\"");
    host.expect("\r\n+QMTCONN: 0,0,5\r\n\r\n+QMTSTAT: 0,4\r\n");
  }
  SECTION("PUBACK, then a packet that makes no sense") {
    broker.expect(PacketType::connect).answer(connack());
    host.command("AT+QMTCONN=0,\"id\"");
    host.expect("\r\n+QMTCONN: 0,0,0\r\n");
    broker.expect(PacketType::publish).answer(puback());
    broker.say({0xFF, 0});
    publish(session, 0, 1, 1);
    host.expect("\r\n+QMTPUBEX: 0,1,0\r\n\r\n+QMTSTAT: 0,8\r\n");
  }
  SECTION("PUBACK and a message, then the bearer goes") {
    broker.expect(PacketType::connect).answer(connack());
    host.command("AT+QMTCONN=0,\"id\"");
    host.expect("\r\n+QMTCONN: 0,0,0\r\n");
    broker.expect(PacketType::publish).answer(puback());
    broker.say(publish_packet("t", "last", 0, 0));
    publish(session, 0, 1, 1);
    CHECK(broker.outcome() == StoryBroker::as_told);
    CHECK(host.quiet_for(100ms));
    host.command("AT+CFUN=4");
    host.expect("\r\n+QMTPUBEX: 0,1,0\r\n\r\n+QMTRECV: 0,0,\"t\",\"last\"\r\n");
    host.expect("\r\n+QMTSTAT: 0,7\r\n");
  }
  CHECK(ms_since(start) >= 299);
  CHECK(host.quiet_for(50ms));
  host.command("AT+QMTOPEN?");
}

TEST_CASE("the bearer goes while a link is opened [OPEN-6]") {
  StoryBroker broker("127.0.0.1", StoryBroker::Listening::full_backlog);
  Session session(scaled("1"));
  session.host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", broker.port()));
  CHECK(session.host.quiet_for(50ms));
  session.host.command("AT+CFUN=4");
  session.host.expect("\r\n+QMTOPEN: 0,5\r\n");
  session.host.command("AT+CFUN=1");
  check_free(session);
}

TEST_CASE("the same trouble a hundred times leaves nothing behind [STAT-1] [STAT-8]") {
  constexpr int rounds = 100;
  StoryBroker broker;
  Session session(scaled("1"));
  const auto round = [&](int i) {
    meet(session, broker);
    broker.expect(PacketType::publish).withhold();
    publish(session, 0, 1, 2);
    if (i % 3 == 0) broker.then_reset();
    if (i % 3 == 1) broker.then_close();
    if (i % 3 == 2) {
      broker.say({0xFF, 0});
      broker.then_left();
    }
    session.host.expect(fmt::format("\r\n+QMTSTAT: 0,{}\r\n", i % 3 == 2 ? 8 : 1));
    REQUIRE(broker.outcome() == StoryBroker::as_told);
  };
  const auto descriptors = [&] {
    const std::string path = fmt::format("/proc/{}/fd", session.emulator.pid());
    return std::distance(std::filesystem::directory_iterator(path), {});
  };
  for (int i = 0; i < 6; ++i) round(i);
  [[maybe_unused]] const auto memory = session.emulator.resident();
  const auto open = descriptors();
  for (int i = 0; i < rounds; ++i) round(i);
    // The sanitizers keep what is freed, and one looks for leaks itself.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(session.emulator.resident() - memory < 4096);
#endif
  CHECK(descriptors() <= open + 2);
}
