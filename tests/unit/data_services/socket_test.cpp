// Limits and ends of sockets that transcripts cannot say in few lines.
#include "tests/support/service_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

struct Bench : ServiceBench {
  Bench() : ServiceBench("ATE0;+QIACT=1;+QIOPEN=1,0,\"TCP\",\"host\",80,0,0\r") {
    open(0);
    said();
  }
  std::string send(std::size_t size) {
    type(fmt::format("AT+QISEND=0,{}\r", size));
    said();
    type(std::string(size, 'x'));
    return said();
  }
};

}  // namespace

TEST_CASE("a block that the send buffer has no room for is not taken [SOCK-44]") {
  Bench bench;
  for (int i = 0; i < 7; ++i) CHECK(bench.send(1460) == "\r\nSEND OK\r\n");  // 10220 bytes
  CHECK(bench.send(21) == "\r\nSEND FAIL\r\n");
  CHECK(bench.send(20) == "\r\nSEND OK\r\n");
  bench.type("AT+QICFG=\"sendinfo\",1\r");
  bench.said();
  CHECK(bench.send(1) == "\r\n+QISEND: 0,1,0\r\n\r\nOK\r\n");
  bench.world.transport.unacknowledged[0] -= 100;
  CHECK(bench.send(100) == "\r\n+QISEND: 0,0,0\r\n\r\nOK\r\n");
  bench.type("AT+QISEND=0,0\r");
  CHECK(bench.said() == "\r\n+QISEND: 10340,100,10240\r\n\r\nOK\r\n");
}

TEST_CASE("no more is wanted of the peer than the buffer has room for [SOCK-78]") {
  Bench bench;
  auto& wanted = bench.world.transport.wanted[0];
  CHECK(wanted == 10'240);
  bench.world.transport.events(0)->arrived({std::string(10'240, 'x')});
  wanted = 0;
  // It goes on below 8192 bytes: 10240 - 1500 is 8740, and 1500 less are 7240.
  bench.type("AT+QIRD=0,1500\r");
  CHECK(wanted == 0);
  bench.type("AT+QIRD=0,1500\r");
  CHECK(wanted == 3000);
}

TEST_CASE("closed by us with the peer, or half open, as passiveclosed says [CFGI-9]") {
  Bench bench;
  bench.type("AT+QICFG=\"passiveclosed\",1\r");
  bench.said();
  bench.world.transport.events(0)->ended(data_services::Ending::finished);
  CHECK(bench.said() == "\r\n+QIURC: \"closed\",0\r\n");
  CHECK(bench.world.transport.requests[0].back() == "close");
  bench.world.transport.events(0)->closed();
  bench.type("AT+QISEND=0,1\r");
  CHECK(bench.said() == "\r\nERROR\r\n");
  bench.type("AT+QISTATE=1,0\r");
  CHECK(bench.said() ==
        "\r\n+QISTATE: 0,\"TCP\",\"10.0.0.1\",80,1025,4,1,0,0,\"uart1\"\r\n\r\nOK\r\n");
}

TEST_CASE("the network takes the context: no closed of its own, no sending [PDPX-5]") {
  Bench bench;
  bench.type("AT+QICLOSE=0,0\r");
  bench.type("AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,0\r");
  bench.world.transport.events(1)->opened({"10.0.0.1", 1025});
  bench.said();
  bench.world.modem.device().pdp().deactivated({1});
  CHECK(bench.said() == "\r\n+QIURC: \"pdpdeact\",1\r\n");
  CHECK(bench.world.transport.requests[1].back() == "cut");
  bench.type("AT+QISEND=0,1\r");
  CHECK(bench.said() == "\r\nERROR\r\n");
  bench.type("AT+QIGETERROR\r");
  CHECK(bench.said() == "\r\n+QIGETERROR: 570,pdp context deactived\r\n\r\nOK\r\n");
  bench.type("AT+QISTATE=1,0\r");
  CHECK(bench.said() ==
        "\r\n+QISTATE: 0,\"TCP\",\"10.0.0.1\",80,1025,4,1,0,0,\"uart1\"\r\n\r\nOK\r\n");
}

TEST_CASE("a reset ends the sockets without a word [GEN-17]") {
  Bench bench;
  bench.type("AT+CFUN=1,1\r");
  bench.world.timeline.run_until(bench.world.timeline.now() + std::chrono::seconds(60));
  CHECK(bench.world.transport.requests[0].back() == "cut");
  CHECK(bench.said().find("QIURC") == std::string::npos);
  bench.type("ATE0\r");
  bench.said();
  bench.type("AT+QISTATE\r");
  CHECK(bench.said() == "\r\nOK\r\n");
}

TEST_CASE("pushed data for a port that is not there are gone, and the peer goes on [SURC-3]") {
  Bench bench;
  bench.type("AT+QISWTMD=0,1\r");
  bench.type("AT+QURCCFG=\"urcport\",\"usbmodem\"\r");
  bench.said();
  auto& wanted = bench.world.transport.wanted[0];
  bench.world.transport.events(0)->arrived({std::string(10'240, 'x')});
  wanted = 0;
  CHECK(bench.said().empty());
  CHECK(wanted == 10'240);
  bench.type("AT+QIRD=0,0\r");
  CHECK(bench.said() == "\r\n+QIRD: 10240,10240,0\r\n\r\nOK\r\n");
}

TEST_CASE("pushed data wait in the socket while the host is in a prompt [SURC-3] [SOCK-78]") {
  Bench bench;
  bench.type("AT+QISWTMD=0,1\r");
  bench.said();
  auto& wanted = bench.world.transport.wanted[0];
  bench.type("AT+QISEND=0,1\r");
  bench.said();
  bench.world.transport.events(0)->arrived({std::string(10'240, 'x')});
  wanted = 0;
  CHECK(bench.said().empty());
  CHECK(wanted == 0);
  bench.type("y");
  std::string expected = "\r\nSEND OK\r\n";
  for (int i = 0; i < 6; ++i)
    expected += "\r\n+QIURC: \"recv\",0,1500\r\n" + std::string(1500, 'x') + "\r\n";
  expected += "\r\n+QIURC: \"recv\",0,1240\r\n" + std::string(1240, 'x') + "\r\n";
  CHECK(bench.said() == expected);
  CHECK(wanted == 10'240);
}

namespace {

struct TransparentBench {
  TransparentBench() : world({}) {
    world.modem.power_on();
    world.settle();
    type("ATE0&C1\r");
    type("AT+QIACT=1\r");
    type("AT+QICFG=\"transwaittm\",0\r");
    type("AT+QIOPEN=1,0,\"TCP\",\"host\",80,0,2\r");
    world.transport.events(0)->opened({"10.0.0.1", 1025});
    world.settle();
    world.ports[0].unread.clear();
    world.transport.requests[0].clear();
  }
  void type(const std::string& bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  }
  void arrive(const std::string& bytes) {
    world.transport.events(0)->arrived({bytes});
    world.settle();
  }

  World world;
};

}  // namespace

TEST_CASE("a transparent socket gives the port what it takes, and wants no more [TRAN-1]") {
  TransparentBench bench;
  auto& port = bench.world.ports[0];
  auto& wanted = bench.world.transport.wanted[0];
  wanted = 0;
  port.room_now = 4;
  bench.arrive("0123456789");
  CHECK(port.unread == "0123");
  port.room_now = 0;
  bench.arrive("abc");
  CHECK(port.unread == "0123");
  CHECK(wanted == 4);
  port.room_now = 100;
  bench.world.terminals[0]->drained();
  CHECK(port.unread == "0123456789abc");
  CHECK(wanted == 13);
  SECTION("what is left is told of in command state [TRAN-4]") {
    port.room_now = 0;
    bench.arrive("left");
    port.unread.clear();
    bench.world.terminals[0]->channel().dtr = 1;
    bench.world.terminals[0]->dtr(false);
    CHECK(port.unread == "\r\nOK\r\n\r\n+QIURC: \"recv\",0\r\n");
  }
  SECTION("the rest comes before the end [TRAN-6]") {
    port.room_now = 2;
    bench.arrive("last");
    bench.world.transport.events(0)->ended(data_services::Ending::reset);
    CHECK(port.unread == "0123456789abcla");
    port.room_now = 2;
    bench.world.terminals[0]->drained();
    CHECK(port.unread == "0123456789abclast\r\nNO CARRIER\r\n");
  }
}

TEST_CASE("a peer that takes nothing holds the host of a transparent socket") {
  TransparentBench bench;
  auto& world = bench.world;
  world.transport.unsent[0] = 10'240;
  bench.type("x");
  CHECK_FALSE(world.ports[0].holds_host);
  world.transport.unsent[0] = 10'241;
  bench.type("y");
  CHECK(world.ports[0].holds_host);
  world.transport.events(0)->sent();
  CHECK_FALSE(world.ports[0].holds_host);
  CHECK(world.transport.requests[0] == std::deque<std::string>{"send \"x\"", "send \"y\""});
}

TEST_CASE(
    "a transparent socket sends whole packets, and the rest after a pause [TRAN-1] [CFGI-2]") {
  TransparentBench bench;
  auto& requests = bench.world.transport.requests[0];
  bench.world.terminals[1]->receive("ATE0;+QICFG=\"transpktsize\",4;+QICFG=\"transwaittm\",20\r");
  bench.world.settle();
  bench.type("abcdefghij");
  CHECK(requests == std::deque<std::string>{"send \"abcdefgh\""});
  bench.world.timeline.run_until(bench.world.timeline.now() + std::chrono::milliseconds(1999));
  CHECK(requests.size() == 1);
  bench.world.timeline.run_until(bench.world.timeline.now() + std::chrono::milliseconds(1));
  CHECK(requests.back() == "send \"ij\"");
}

TEST_CASE("a drop of DTR leaves the data state of a socket, or ends it [TRAN-3] [TRAN-8]") {
  TransparentBench bench;
  auto& terminal = *bench.world.terminals[0];
  auto& port = bench.world.ports[0];
  CHECK(port.lines.back().dcd);
  SECTION("AT&D1: the connection stays") {
    terminal.channel().dtr = 1;
    terminal.dtr(false);
    CHECK(port.unread == "\r\nOK\r\n");
    port.unread.clear();
    bench.type("AT+QISTATE=1,0\r");
    CHECK(port.unread ==
          "\r\n+QISTATE: 0,\"TCP\",\"10.0.0.1\",80,1025,2,1,0,0,\"uart1\"\r\n\r\nOK\r\n");
  }
  SECTION("AT&D2: it is closed") {
    terminal.channel().dtr = 2;
    terminal.dtr(false);
    CHECK(port.unread == "\r\nNO CARRIER\r\n");
    CHECK_FALSE(port.lines.back().dcd);
    bench.world.transport.events(0)->closed();
    bench.world.settle();
    port.unread.clear();
    bench.type("AT+QISTATE\r");
    CHECK(port.unread == "\r\nOK\r\n");
  }
}

TEST_CASE("a transparent UDP socket sends a datagram a packet [TRAN-1] [SOCK-52]") {
  World world({});
  world.modem.power_on();
  world.settle();
  const auto type = [&](const std::string& bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  };
  type("ATE0\r");
  type("AT+QIACT=1\r");
  type("AT+QICFG=\"transwaittm\",0;+QICFG=\"transpktsize\",3\r");
  type("AT+QIOPEN=1,0,\"UDP\",\"host\",80,0,2\r");
  world.transport.events(0)->opened({"10.0.0.1", 1025});
  world.settle();
  world.transport.requests[0].clear();
  type("abcdefg");
  CHECK(world.transport.requests[0] ==
        std::deque<std::string>{"send \"abc\"", "send \"def\"", "send \"g\""});
}

TEST_CASE("a payload may begin with LF [GEN-8] [GRAM-1]") {
  Bench bench;
  auto& requests = bench.world.transport.requests[0];
  requests.clear();
  const auto later = [&] {
    bench.world.timeline.run_until(bench.world.timeline.now() + std::chrono::milliseconds(1));
  };
  SECTION("behind the prompt, of a host whose lines end in CR") {
    bench.type("AT\r");
    bench.type("AT+QISEND=0,3\r");
    later();
    bench.type("\nab");
    CHECK(requests == std::deque<std::string>{"send \"\\nab\""});
  }
  SECTION("not with the line's own") {
    bench.type("AT\r\n");
    bench.type("AT+QISEND=0,3\r");
    later();
    bench.type("\nab");
    CHECK(requests.empty());
    bench.type("c");
    CHECK(requests == std::deque<std::string>{"send \"abc\""});
  }
}

TEST_CASE("what waits for the host is not said behind the end of its socket [SOCK-22] [SURC-2]") {
  Bench bench;
  bench.type("AT+QICLO");
  SECTION("of data that came") { bench.arrive(0, "x"); }
  SECTION("of data that are pushed") {
    bench.type("\rAT+QISWTMD=0,1\r");
    bench.said();
    bench.type("AT+QICLO");
    bench.arrive(0, "x");
  }
  SECTION("of the peer's end") {
    bench.world.transport.events(0)->ended(data_services::Ending::finished);
  }
  bench.type("SE=0,0\r");
  CHECK(bench.said() == "\r\nOK\r\n");
}

TEST_CASE("the result of an open that failed is said, though the socket is gone [SOCK-16]") {
  Bench bench;
  bench.type("AT+QIOPEN=1,1,\"TCP\",\"host\",80,0,0\r");
  bench.said();
  bench.type("AT+QISTA");
  bench.world.transport.events(1)->failed(data_services::OpenFailure::refused);
  bench.world.settle();
  bench.type("TE=1,1\r");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QIOPEN: 1,566\r\n");
}

TEST_CASE("datagrams that find no room are lost, and do not wait [SOCK-78]") {
  ServiceBench bench("ATE0;+QIACT=1;+QIOPEN=1,0,\"UDP\",\"host\",80,0,0\r");
  bench.open(0);
  bench.said();
  auto& wanted = bench.world.transport.wanted[0];
  CHECK(wanted == 10'240);
  for (int i = 0; i < 11; ++i) {
    wanted -= 1000;
    bench.arrive(0, std::string(1000, 'x'));
    CHECK(wanted == 10'240);
  }
  bench.type("AT+QIRD=0,0\r");
  CHECK(bench.said() == "\r\n+QIURC: \"recv\",0\r\n\r\n+QIRD: 10000,0,10000\r\n\r\nOK\r\n");
}

TEST_CASE("a UDP service sends to an address, which a name is not [SOCK-42]") {
  ServiceBench bench("ATE0;+QIACT=1;+QIOPEN=1,0,\"UDP SERVICE\",\"127.0.0.1\",0,5000,0\r");
  bench.open(0);
  bench.said();
  for (const auto* address : {"10.0.0.1", "255.255.255.255", "::1", "fe80::1:2", "1:2:3:4:5:6:7:8",
                              "::ffff:10.0.0.1", "::"}) {
    CAPTURE(address);
    bench.type(fmt::format("AT+QISEND=0,1,\"{}\",80\r", address));
    CHECK(bench.said() == "\r\n> ");
    bench.type("x");
    CHECK(bench.said() == "\r\nSEND OK\r\n");
  }
  for (const auto* address : {"host", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4", "1..2.3",
                              "0001.2.3.4", "a.b.c.d", ":", ":::", "1:2", "1::2::3",
                              "12345::", "1:2:3:4:5:6:7:8:9", "::1:", ":1::", "10.0.0.1::", ""}) {
    CAPTURE(address);
    bench.type(fmt::format("AT+QISEND=0,1,\"{}\",80\r", address));
    CHECK(bench.said() == "\r\nERROR\r\n");
  }
}

TEST_CASE("a TLS socket changes its mode as others do [SOCK-80] [TRAN-5]") {
  ServiceBench bench("ATE0;+QIACT=1;+QSSLOPEN=1,0,0,\"host\",443,0\r");
  bench.open(0);
  CHECK(bench.said() == "\r\n+QSSLOPEN: 0,0\r\n");
  bench.type("AT+QISWTMD=0,1\r");
  CHECK(bench.said() == "\r\nOK\r\n");
  bench.arrive(0, "abc");
  CHECK(bench.said() == "\r\n+QSSLURC: \"recv\",0,3\r\nabc\r\n");
}
