// Sockets that change or end while something of theirs is under way.
#include "tests/support/service_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

using data_services::Ending;

namespace {

struct Bench : ServiceBench {
  explicit Bench(int mode = 0)
      : ServiceBench(fmt::format("ATE0;+QIACT=1;+QIOPEN=1,0,\"TCP\",\"host\",80,0,{}\r", mode)) {
    open(0);
    said();
  }
  void end(Ending ending) {
    world.transport.events(0)->ended(ending);
    world.settle();
  }
  std::string other_says(const std::string& bytes) {
    world.ports[1].unread.clear();
    world.terminals[1]->receive(bytes);
    world.settle();
    return std::exchange(world.ports[1].unread, {});
  }
};

constexpr auto ok = "\r\nOK\r\n";
constexpr int push = 1;
constexpr int transparent = 2;

}  // namespace

TEST_CASE(
    "data that were to be pushed are told of where they are buffered then [SOCK-80] [SURC-1]") {
  Bench bench(push);
  bench.type("AT+QISWTMD=0");
  bench.arrive(0, "early");
  bench.type(",0\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QIURC: \"recv\",0\r\n");
  bench.arrive(0, "late");
  CHECK(bench.said().empty());
  bench.type("AT+QIRD=0\r");
  CHECK(bench.said() == "\r\n+QIRD: 9\r\nearlylate\r\n\r\nOK\r\n");
}

TEST_CASE("an end behind data that were to be pushed is told behind them [SOCK-80] [SURC-4]") {
  Bench bench(push);
  bench.type("AT+QISWTMD=0");
  bench.arrive(0, "early");
  bench.end(Ending::finished);
  bench.type(",0\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QIURC: \"recv\",0\r\n\r\n+QIURC: \"closed\",0\r\n");
  bench.type("AT+QISWTMD=0,1\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QIURC: \"recv\",0,5\r\nearly\r\n");
}

TEST_CASE("who leaves the data state behind the peer's end is told of it [TRAN-4] [SURC-4]") {
  Bench bench(transparent);
  auto& port = bench.world.ports[0];
  port.room_now = 0;
  bench.arrive(0, "rest");
  bench.end(Ending::reset);
  bench.pass(1s);
  bench.type("+++");
  port.room_now = FakePort::unlimited;
  bench.pass(1s);
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QIURC: \"recv\",0\r\n\r\n+QIURC: \"closed\",0\r\n");
  bench.type("ATO\r");
  CHECK(bench.said() == "\r\nCONNECT\r\nrest\r\nNO CARRIER\r\n");
}

TEST_CASE("data that were to be pushed come first in the data state [SOCK-80] [TRAN-5]") {
  Bench bench(push);
  bench.type("AT+QISWTMD=0");
  bench.arrive(0, "early");
  bench.type(",2\r");
  CHECK(bench.said() == "\r\nCONNECT\r\nearly");
}

TEST_CASE("what comes while a socket is closed is thrown away [SOCK-24]") {
  Bench bench(GENERATE(0, push));
  bench.other_says("ATE0\r");
  CHECK(bench.other_says("AT+QICLOSE=0\r").empty());
  bench.arrive(0, "late");
  CHECK(bench.said().empty());
  bench.type("AT+QIRD=0\r");
  CHECK(bench.said() == "\r\n+QIRD: 0\r\n\r\nOK\r\n");
  bench.end(Ending::finished);
  bench.world.transport.events(0)->closed();
  bench.world.settle();
  CHECK(bench.world.ports[1].unread == ok);
  CHECK(bench.said().empty());
}

TEST_CASE("a context that goes before pushed data have gone on ends them quietly [PDPX-5]") {
  Bench bench(push);
  bench.world.transport.events(0)->arrived({"x"});
  bench.world.modem.device().pdp().deactivated({1});
  CHECK(bench.said() == "\r\n+QIURC: \"recv\",0,1\r\nx\r\n\r\n+QIURC: \"pdpdeact\",1\r\n");
}

TEST_CASE("what was sent before a reset counts as it did [SOCK-47]") {
  Bench bench;
  bench.type("AT+QISEND=0,2\r");
  bench.type("hi");
  bench.world.transport.unacknowledged[0] = 2;
  bench.said();
  bench.type("AT+QISEND=0,0\r");
  CHECK(bench.said() == "\r\n+QISEND: 2,0,2\r\n\r\nOK\r\n");
  bench.end(Ending::reset);
  CHECK(bench.said() == "\r\n+QIURC: \"closed\",0\r\n");
  bench.type("AT+QISEND=0,0\r");
  CHECK(bench.said() == "\r\n+QISEND: 2,2,0\r\n\r\nOK\r\n");
}

TEST_CASE("a half open socket sends until the peer resets [SOCK-45] [CFGI-9]") {
  Bench bench;
  bench.end(Ending::finished);
  CHECK(bench.said() == "\r\n+QIURC: \"closed\",0\r\n");
  bench.type("AT+QISEND=0,1\r");
  bench.type("x");
  CHECK(bench.said() == "\r\n> \r\nSEND OK\r\n");
  bench.end(Ending::reset);
  CHECK(bench.said().empty());
  bench.type("AT+QISEND=0,1\r");
  CHECK(bench.said() == "\r\nERROR\r\n");
}

TEST_CASE("a host that sends into a broken transparent socket is not heard [TRAN-6]") {
  Bench bench(transparent);
  auto& port = bench.world.ports[0];
  port.room_now = 0;
  bench.arrive(0, "rest");
  auto& requests = bench.world.transport.requests[0];
  SECTION("by a reset") {
    bench.end(Ending::reset);
    CHECK(requests.back() == "cut");
    bench.type("more");
    bench.pass(1s);
    CHECK(requests.back() == "cut");
  }
  SECTION("by an end that the module has followed") {
    CHECK(bench.other_says("ATE0;+QICFG=\"passiveclosed\",1\r").find("OK") != std::string::npos);
    bench.end(Ending::finished);
    CHECK(requests.back() == "close");
    bench.type("more");
    bench.pass(1s);
    CHECK(requests.back() == "close");
  }
  port.room_now = FakePort::unlimited;
  bench.world.terminals[0]->drained();
  CHECK(bench.said() == "rest\r\nNO CARRIER\r\n");
}

TEST_CASE("a socket whose channel is taken away in data state is closed [TRAN-3]") {
  ServiceBench bench("ATE0;+QIACT=1\r");
  bench.world.terminals[1]->receive("AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,2\r");
  bench.open(0);
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  CHECK(bench.world.transport.requests[0].back() == "close");
  bench.world.transport.events(0)->closed();
  bench.type("AT+QISTATE\r");
  CHECK(bench.said() == ok);
}

TEST_CASE("a socket that opens for a channel that is gone is closed again [SOCK-9]") {
  ServiceBench bench("ATE0;+QIACT=1\r");
  bench.world.terminals[1]->receive("AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,2\r");
  bench.world.settle();
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.open(0);
  CHECK(bench.world.transport.requests[0].back() == "cut");
  bench.type("AT+QISTATE\r");
  CHECK(bench.said() == ok);
}

TEST_CASE("the module stops while a socket is in data state [GEN-17]") {
  Bench bench(transparent);
  bench.other_says("AT+CFUN=1,1\r");
  CHECK(bench.world.transport.events(0) == nullptr);
  bench.said();
  bench.type("ATE0\r");
  bench.type("AT+QISTATE\r");
  CHECK(bench.said().find("+QISTATE") == std::string::npos);
}

TEST_CASE("a drop of DTR does not end a prompt that asks for so many bytes [SOCK-41]") {
  Bench bench;
  bench.type("AT&D1\r");
  bench.type("AT+QISEND=0,2\r");
  bench.said();
  bench.world.terminals[0]->dtr(false);
  CHECK(bench.said().empty());
  bench.type("hi");
  CHECK(bench.said() == "\r\nSEND OK\r\n");
}

TEST_CASE("whoever waits for the end of a socket hears of it, however it comes [SOCK-22]") {
  Bench bench;
  bench.other_says("ATE0\r");
  bench.type("AT+QICLOSE=0\r");
  CHECK(bench.said().empty());
  SECTION("closed by another channel too") {
    CHECK(bench.other_says("AT+QICLOSE=0\r") == ok);
    CHECK(bench.said() == ok);
  }
  SECTION("cut by another channel") {
    CHECK(bench.other_says("AT+QICLOSE=0,0\r") == ok);
    CHECK(bench.said() == ok);
  }
  SECTION("with its context, by another channel") {
    CHECK(bench.other_says("AT+QIDEACT=1\r") == ok);
    CHECK(bench.said() == ok);
  }
  SECTION("with its context, by the network") {
    bench.world.modem.device().pdp().deactivated({1});
    CHECK(bench.said().starts_with(ok));
  }
  CHECK(bench.world.transport.requests[0].back() == "cut");
  bench.type("AT+QISTATE=1,0\r");
  CHECK(bench.said().ends_with(ok));
  CHECK(bench.said().empty());
}

TEST_CASE("what is left of a socket that has ended goes to the data state once [TRAN-5] [TRAN-6]") {
  Bench bench;
  bench.arrive(0, "left");
  bench.end(GENERATE(Ending::finished, Ending::reset));
  bench.said();
  bench.type("AT+QISWTMD=0,2\r");
  CHECK(bench.said() == "\r\nCONNECT\r\nleft\r\nNO CARRIER\r\n");
  bench.type("AT+QIRD=0\r");
  CHECK(bench.said() == "\r\n+QIRD: 0\r\n\r\nOK\r\n");
}
