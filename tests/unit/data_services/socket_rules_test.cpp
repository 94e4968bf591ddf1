// What a socket does of itself, and when it does no longer.
#include "tests/support/service_bench.hpp"

#include <deque>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

using data_services::Ending;

namespace {

struct Bench : ServiceBench {
  explicit Bench(const std::string& opens = "+QIOPEN=1,0,\"TCP\",\"host\",80,0,0",
                 const std::string& settings = "")
      : ServiceBench("ATE0;+QIACT=1" + settings + ";" + opens + "\r") {
    open(0);
    said();
    requests.clear();
  }
  void end(Ending ending) {
    world.transport.events(0)->ended(ending);
    world.settle();
  }
  void other_types(const std::string& bytes) {
    world.terminals[1]->receive(bytes);
    world.settle();
  }

  std::deque<std::string>& requests = world.transport.requests[0];
};

constexpr auto tcp = "+QIOPEN=1,0,\"TCP\",\"host\",80,0,0";
constexpr auto closed = "\r\n+QIURC: \"closed\",0\r\n";

}  // namespace

TEST_CASE("a beat goes on until the peer ends, or the host takes it away [CFGI-16]") {
  Bench bench;
  bench.type("AT+QICFG=\"send/auto\",0,20,\"hi\",1,0\r");
  bench.pass(60s);
  CHECK(bench.requests == std::deque<std::string>(3, "send \"hi\""));
  bench.requests.clear();
  bench.end(Ending::finished);
  bench.pass(60s);
  CHECK(bench.requests.empty());
}

TEST_CASE("who serves has no peer to send a beat to [CFGI-16]") {
  Bench bench("+QIOPEN=1,0,\"UDP SERVICE\",\"127.0.0.1\",0,5000,0");
  bench.type("AT+QICFG=\"send/auto\",0,20,\"hi\",1,0\r");
  bench.pass(60s);
  CHECK(bench.requests.empty());
}

TEST_CASE(
    "a connection that is silent for so long is closed, one that has ended is not [CFGI-16]") {
  Bench bench(tcp, ";+QICFG=\"tcp/inactivetm\",60");
  SECTION("silent") {
    bench.pass(59s);
    bench.arrive(0, "x");
    CHECK(bench.said() == "\r\n+QIURC: \"recv\",0\r\n");
    bench.pass(60s - 1us);
    CHECK(bench.said().empty());
    bench.pass(1us);
    CHECK(bench.said() == closed);
    CHECK(bench.requests.back() == "cut");
  }
  SECTION("ended") {
    bench.pass(30s);
    bench.end(Ending::finished);
    CHECK(bench.said() == closed);
    bench.type("AT+QISEND=0,1\r");
    bench.type("x");
    bench.said();
    bench.pass(100s);
    CHECK(bench.said().empty());
    CHECK(bench.requests.back() == "send \"x\"");
  }
  SECTION("without a limit any more") {
    bench.type("AT+QICFG=\"tcp/inactivetm\",0\r");
    bench.arrive(0, "x");
    bench.said();
    bench.pass(100s);
    CHECK(bench.said().empty());
  }
}

TEST_CASE("datagrams have no silence that ends them [CFGI-16]") {
  Bench bench("+QIOPEN=1,0,\"UDP\",\"host\",80,0,0", ";+QICFG=\"tcp/inactivetm\",60");
  bench.pass(200s);
  CHECK(bench.said().empty());
}

TEST_CASE("an acknowledgement that cannot come any more is SEND FAIL [SOCK-53]") {
  Bench bench(tcp, ";+QICFG=\"tcp/sendmode\",1;+QICFG=\"passiveclosed\",1");
  bench.type("AT+QISENDEX=0,\"4142\"\r");
  CHECK(bench.said().empty());
  SECTION("the host closes from another channel") {
    bench.other_types("ATE0\r");
    bench.world.ports[1].unread.clear();
    bench.other_types("AT+QICLOSE=0\r");
    bench.pass(20ms);
    CHECK(bench.said() == "\r\nSEND FAIL\r\n");
    bench.world.transport.events(0)->closed();
    bench.world.settle();
    CHECK(bench.world.ports[1].unread == "\r\nOK\r\n");
  }
  SECTION("the host closes, and the socket is gone at once") {
    const bool acknowledged = GENERATE(false, true);
    bench.other_types("AT+QICLOSE=0\r");
    if (acknowledged) bench.world.transport.unacknowledged[0] = 0;
    bench.world.transport.events(0)->closed();
    CHECK(bench.said() == (acknowledged ? "\r\nSEND OK\r\n" : "\r\nSEND FAIL\r\n"));
  }
  SECTION("the peer resets while the host closes") {
    bench.other_types("AT+QICLOSE=0\r");
    bench.end(Ending::reset);
    CHECK(bench.said() == "\r\nSEND FAIL\r\n");
  }
  SECTION("the module follows the peer's end") {
    bench.end(Ending::finished);
    bench.pass(20ms);
    CHECK(bench.said() == std::string("\r\nSEND FAIL\r\n") + closed);
  }
  SECTION("it came before that") {
    bench.world.transport.unacknowledged[0] = 0;
    bench.end(Ending::finished);
    bench.pass(20ms);
    CHECK(bench.said() == std::string("\r\nSEND OK\r\n") + closed);
  }
}

TEST_CASE("who has come to a listener is sent beats, or closed for his silence [CFGI-16]") {
  const bool beats = GENERATE(false, true);
  const std::string setting =
      beats ? ";+QICFG=\"send/auto\",11,20,\"hi\",1,2" : ";+QICFG=\"tcp/inactivetm\",60";
  ServiceBench bench("ATE0;+QIACT=1" + setting +
                     ";+QIOPEN=1,0,\"TCP LISTENER\",\"127.0.0.1\",0,5000,0\r");
  auto& transport = bench.world.transport;
  transport.listener(0)->listening();
  bench.said();
  transport.listener(0)->incoming(transport.caller({"10.0.0.9", 1000}));
  CHECK(bench.said() == "\r\n+QIURC: \"incoming\",11,0,\"10.0.0.9\",1000\r\n");
  bench.pass(60s);
  if (beats) {
    CHECK(transport.requests[1] == std::deque<std::string>(2, "send \"hi\""));
  } else {
    CHECK(bench.said() == "\r\n+QIURC: \"closed\",11\r\n");
    CHECK(transport.events(1) == nullptr);
  }
}
