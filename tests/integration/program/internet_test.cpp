// Names, pings and time servers for real, as far as one machine has them.
#include "tests/support/dns_server.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/story_broker.hpp"

#include <array>
#include <ctime>
#include <thread>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// Answers one question with a time of the year 2019, in a thread of its own.
class TimeServer {
 public:
  TimeServer() : socket_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
    thread_ = std::thread([this] { serve(); });
  }
  ~TimeServer() { thread_.join(); }
  [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }

 private:
  void serve() {
    std::array<std::uint8_t, 128> question{};
    boost::asio::ip::udp::endpoint who;
    const auto size = socket_.receive_from(boost::asio::buffer(question), who);
    std::array<std::uint8_t, 48> answer{};
    // Version 4, server, stratum 1; 3777010362 s after 1900 is 2019-09-09 09:32:42.
    answer[0] = 0x24;
    answer[1] = 1;
    for (std::size_t i = 0; i < 4; ++i)
      answer[40 + i] = static_cast<std::uint8_t>(3777010362U >> (24 - 8 * i));
    if (size == answer.size() && question[0] == 0x23)
      socket_.send_to(boost::asio::buffer(answer), who);
  }

  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("names of this machine are resolved") {
  Session session;
  session.host.command("AT+QIDNSGIP=1,\"localhost\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.1\"\r\n");
  session.host.command("AT+QIDNSGIP=1,\"::1\"");  // an address is itself [NETX-10]
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"::1\"\r\n");
  session.host.command("AT+QIDNSGIP=1,\"broker.demo\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.1\"\r\n");
  session.host.command("AT+QIDNSGIP=1,\"no-such-host.invalid\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",565\r\n");
}

TEST_CASE("this machine answers a ping, or it may not be asked [NETX-3]") {
  const auto* const address = GENERATE("127.0.0.1", "::1");
  Session session;
  session.host.command(fmt::format("AT+QPING=1,\"{}\",4,1", address));
  const auto first = session.host.read_until("\r\n+QPING: 0,1,");
  const auto summary = session.host.read_until("\r\n");
  if (first.find("+QPING: 569") != std::string::npos) {
    CHECK(summary == "0,1,0,0,0\r\n");
    return skip("this user may open neither a ping socket nor a raw one");
  }
  CHECK(first.rfind(fmt::format("\r\n+QPING: 0,\"{}\",32,", address), 0) == 0);
  CHECK(first.find(",64\r\n") != std::string::npos);
  CHECK(summary.rfind("1,0,", 0) == 0);
}

TEST_CASE("a time server sets the clock") {
  TimeServer server;
  Session session;
  session.host.command(fmt::format("AT+QNTP=1,\"127.0.0.1\",{}", server.port()));
  session.host.expect("\r\n+QNTP: 0,\"2019/09/09,09:32:42+00\"\r\n");
  session.host.send("AT+CCLK?\r");
  session.host.expect("\r\n+CCLK: \"19/09/09,09:32:4");
}

TEST_CASE("the time server of the demo tells the time of the modem's world") {
  const EmulatorProcess::Options options{"--time-scale", "100"};
  Session session(options);
  const auto asked = [&] {
    session.host.command("AT+QNTP=1,\"time.demo\"");
    session.host.expect("\r\n+QNTP: 0,\"");
    std::tm time{};
    const auto text = session.host.read_until("\r\n");
    REQUIRE(::strptime(text.c_str(), "%Y/%m/%d,%H:%M:%S", &time) != nullptr);
    return ::timegm(&time);
  };
  const auto first = asked();
  const auto now = std::time(nullptr);
  CHECK(first >= now - 5);
  session.host.command("AT+QPING=1,\"broker.demo\",1,1");
  session.host.read_until("\r\n+QPING: 0,1,");
  session.host.read_until("\r\n");
  CHECK(asked() >= first);
}

TEST_CASE("names lead where rules say, for every service") {
  TimeServer server;
  StoryBroker broker;
  const EmulatorProcess::Options options{
      "--resolve", fmt::format("time.example:123=127.0.0.1:{}", server.port()),
      "--resolve", fmt::format("*:1883=127.0.0.1:{}", broker.port()),
      "--resolve", "far.example=127.0.0.9",
      "--resolve", fmt::format("192.0.2.1=127.0.0.1:{}", broker.port())};
  Session session(options);
  session.host.command("AT+QIDNSGIP=1,\"Far.Example\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.9\"\r\n");
  session.host.command("AT+QNTP=1,\"time.example\"");
  session.host.expect("\r\n+QNTP: 0,\"2019/09/09,09:32:42+00\"\r\n");
  for (const char* name : {"mqtt.example", "192.0.2.1"}) {
    broker.accept();
    broker.then_left();
    session.host.command(fmt::format("AT+QMTOPEN=0,\"{}\",1883", name));
    session.host.expect("\r\n+QMTOPEN: 0,0\r\n");
    session.host.command("AT+QMTCLOSE=0");
    session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
    CHECK(broker.outcome() == StoryBroker::as_told);
  }
}

TEST_CASE("with --internet loopback nothing leaves the machine, and the log says what would have") {
  TimeServer server;
  const EmulatorProcess::Options options{
      "--internet", "loopback",
      "--resolve",  "out.example=192.0.2.7",
      "--resolve",  fmt::format("time.example:123=127.0.0.1:{}", server.port())};
  Session session(options);
  auto& host = session.host;
  const auto logged = [&](const std::string& text) {
    auto& program = session.emulator.program();
    return program.wait([&] { return program.err().find(text) != std::string::npos; });
  };
  const auto opened = [&](const std::string& name) {
    host.command(fmt::format("AT+QMTOPEN=0,\"{}\",1883", name));
    host.expect("\r\n+QMTOPEN: 0,");
    return host.read_until("\r\n");
  };
  CHECK(opened("192.0.2.5") == "-1\r\n");
  CHECK(logged("192.0.2.5 is refused by --internet loopback"));
  CHECK(opened("out.example") == "-1\r\n");
  CHECK(logged("192.0.2.7 is refused by --internet loopback"));
  CHECK(opened("nobody.example") == "4\r\n");
  CHECK(logged("nobody.example is refused by --internet loopback"));
  host.command("AT+QPING=1,\"192.0.2.6\",1,1");
  host.expect("\r\n+QPING: 569\r\n\r\n+QPING: 0,1,0,1,0,0,0\r\n");
  CHECK(logged("192.0.2.6 is refused by --internet loopback"));
  host.command("AT+QIDNSGIP=1,\"elsewhere.example\"");
  host.expect("\r\n+QIURC: \"dnsgip\",565\r\n");
  CHECK(logged("elsewhere.example is refused by --internet loopback"));
  host.command("AT+QNTP=1,\"time.example\"");
  host.expect("\r\n+QNTP: 0,\"2019/09/09,09:32:42+00\"\r\n");
  CHECK(opened("broker.demo") == "0\r\n");
}

TEST_CASE("without the demo there are no demo names") {
  const EmulatorProcess::Options options{"--demo-broker", "off", "--resolve",
                                         "time.demo=127.0.0.5"};
  Session session(options);
  session.host.command("AT+QIDNSGIP=1,\"time.demo\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.5\"\r\n");
}

TEST_CASE("names are asked at the DNS servers of the context [NETX-9][NETX-10][NETX-11]") {
  DnsServer failing(DnsServer::Manner::failing);
  DnsServer server;
  server.knows("www.example", {{"192.0.2.1", 61}, {"192.0.2.2", 4711}});
  const EmulatorProcess::Options options{
      "--resolve", fmt::format("203.0.113.1:53=127.0.0.1:{}", failing.port()),
      "--resolve", fmt::format("203.0.113.2:53=127.0.0.1:{}", server.port()),
      "--resolve", "rule.example=127.0.0.9"};
  Session session(options);
  session.host.command("AT+QIDNSCFG=1,\"203.0.113.1\",\"203.0.113.2\"");
  session.host.command("AT+QIDNSGIP=1,\"www.example\"");
  session.host.expect(
      "\r\n+QIURC: \"dnsgip\",0,2,61\r\n\r\n+QIURC: \"dnsgip\",\"192.0.2.1\"\r\n"
      "\r\n+QIURC: \"dnsgip\",\"192.0.2.2\"\r\n");
  CHECK(failing.heard() == std::vector<std::string>{"A www.example UDP"});
  CHECK(server.heard() == std::vector<std::string>{"A www.example UDP"});
  session.host.command("AT+QIDNSGIP=1,\"rule.example\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.9\"\r\n");
  session.host.command("AT+QPING=1,\"nowhere.example\"");
  session.host.expect("\r\n+QPING: 565\r\n");
  session.host.command("AT+QNTP=1,\"localhost\"");
  session.host.expect("\r\n+QNTP: 565\r\n");
  CHECK(server.heard().back() == "A localhost UDP");
}

TEST_CASE("a broker's name is asked at the DNS servers of the client's context [NETX-11]") {
  DnsServer server(DnsServer::Manner::cut);
  StoryBroker broker;
  server.knows("broker.example", {{"127.0.0.1", 60}});
  const EmulatorProcess::Options options{"--resolve",
                                         fmt::format("203.0.113.1:53=127.0.0.1:{}", server.port())};
  Session session(options);
  session.host.command("AT+QIDNSCFG=1,\"203.0.113.1\"");
  broker.accept();
  broker.then_left();
  session.host.command(fmt::format("AT+QMTOPEN=0,\"broker.example\",{}", broker.port()));
  session.host.expect("\r\n+QMTOPEN: 0,0\r\n");
  session.host.command("AT+QMTCLOSE=0");
  session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
  CHECK(broker.outcome() == StoryBroker::as_told);
  CHECK(server.heard().size() == 4);  // both families, each over UDP and TCP
  session.host.command("AT+QMTOPEN=0,\"localhost\",1883");
  session.host.expect("\r\n+QMTOPEN: 0,4\r\n");
  session.host.command("AT+QIDEACT=1");
  session.host.command("AT+QIDNSGIP=1,\"localhost\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.1\"\r\n");
}

TEST_CASE(
    "a DNS server that is silent is waited for as long as the service waits [NETX-9][NETX-10]") {
  DnsServer silent(DnsServer::Manner::silent);
  const EmulatorProcess::Options options{"--time-scale", "200", "--resolve",
                                         fmt::format("203.0.113.1:53=127.0.0.1:{}", silent.port())};
  Session session(options);
  session.host.command("AT+QIDNSCFG=1,\"203.0.113.1\"");
  session.host.command("AT+QIDNSGIP=1,\"www.example\"");
  session.host.expect("\r\n+QIURC: \"dnsgip\",565\r\n");
  CHECK(silent.heard() == std::vector<std::string>{"A www.example UDP"});
}
