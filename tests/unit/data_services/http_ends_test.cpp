// HTTP whose server, network or host goes at an odd moment.
#include "tests/unit/data_services/http_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

using data_services::Ending;

namespace {

using Bench = HttpBench;

/// Where opening and each answer take 400 ms.
emulator::Modem::Settings slow() {
  emulator::Modem::Settings settings;
  settings.latency = cellular::Latency::Fixed{400ms};
  return settings;
}

void end(Bench& bench, std::size_t number, Ending ending = Ending::finished) {
  bench.world.transport.events(number)->ended(ending);
  bench.world.settle();
}

void take_context(Bench& bench) { bench.world.modem.device().pdp().deactivated({1}); }

constexpr auto accepted = "\r\nOK\r\n";
constexpr auto context_gone = "\r\n+QIURC: \"pdpdeact\",1\r\n";

}  // namespace

TEST_CASE("a host that reads slowly gets what is here, though the server has gone [HTTP-58]") {
  const auto [length, code] = GENERATE(std::pair{10, 0}, std::pair{20, 719});
  Bench bench;
  auto& port = bench.world.ports[0];
  bench.get();
  bench.arrive(0, fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n0123456789", length));
  bench.said();
  port.room_now = 11;  // of CONNECT
  bench.type("AT+QHTTPREAD\r");
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  end(bench, 0);
  bench.pass(200s);
  CHECK(bench.said().empty());
  port.room_now = FakePort::unlimited;
  bench.world.terminals[0]->drained();
  CHECK(bench.said() == fmt::format("0123456789\r\nOK\r\n\r\n+QHTTPREAD: {}\r\n", code));
}

TEST_CASE("what comes between the head and its result waits for the reader [HTTP-32] [TIME-6]") {
  Bench bench(slow());
  bench.type("AT+QHTTPGET\r");
  bench.open(0);
  bench.pass(400ms);
  CHECK(bench.said() == accepted);
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab");
  bench.arrive(0, "cd");
  SECTION("the rest comes in time") {
    bench.pass(400ms);
    CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,6\r\n");
    bench.type("AT+QHTTPREAD\r");
    bench.arrive(0, "ef");
    CHECK(bench.said() == "\r\nCONNECT\r\nabcdef\r\nOK\r\n\r\n+QHTTPREAD: 0\r\n");
  }
  SECTION("the server goes") {
    end(bench, 0);
    CHECK(bench.said().empty());
    bench.pass(400ms);
    CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,6\r\n");
    bench.type("AT+QHTTPREAD\r");
    CHECK(bench.said() == "\r\nCONNECT\r\nabcd\r\nOK\r\n\r\n+QHTTPREAD: 719\r\n");
  }
  SECTION("the context goes") {
    take_context(bench);
    bench.pass(400ms);
    CHECK(bench.said() == std::string(context_gone) + "\r\n+QHTTPGET: 0,200,6\r\n");
    bench.type("AT+QHTTPREAD\r");
    CHECK(bench.said() == "\r\nCONNECT\r\nabcd\r\nOK\r\n\r\n+QHTTPREAD: 709\r\n");
  }
}

TEST_CASE("that the server has gone is said behind the result of its response [HTTP-8] [TIME-6]") {
  Bench bench(slow());
  bench.type("AT+QHTTPCFG=\"closed/ind\",1\r");
  bench.type("AT+QHTTPGET\r");
  bench.open(0);
  bench.pass(400ms);
  bench.said();
  const auto* const goes_on = GENERATE("", "Connection: close\r\n");
  bench.arrive(0, fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: 2\r\n\r\nab", goes_on));
  end(bench, 0);
  CHECK(bench.said().empty());
  bench.pass(400ms);
  CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,2\r\n\r\n+QHTTPURC: \"closed\"\r\n");
  bench.pass(60s);
  CHECK(bench.said().empty());
}

TEST_CASE(
    "that the server has gone is said behind what goes on with the response [HTTP-7] [HTTP-8]") {
  Bench bench;
  bench.type("AT+QHTTPCFG=\"closed/ind\",1\r");
  const std::string closed = "\r\n+QHTTPURC: \"closed\"\r\n";
  SECTION("its body is printed") {
    bench.type("AT+QHTTPCFG=\"rspout/auto\",1\r");
    bench.said();
    bench.get();
    bench.arrive(0, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    const auto said = bench.said();
    CAPTURE(said);
    CHECK(said.find("+QHTTPURC: \"recv\"") < said.find("hello"));
    CHECK(said.find("hello") < said.find(closed));
    CHECK(said.ends_with(closed));
  }
  SECTION("it ends inside the body") {
    bench.said();
    bench.get();
    bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    bench.type("AT+QHTTPREAD\r");
    bench.said();
    end(bench, 0);
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPREAD: 719\r\n" + closed);
  }
  SECTION("not where it has led to another one") {
    bench.said();
    bench.get();
    bench.arrive(0,
                 "HTTP/1.1 302 Found\r\nLocation: http://b/\r\nConnection: close\r\n"
                 "Content-Length: 0\r\n\r\n");
    bench.open(1);
    bench.arrive(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,0\r\n");
  }
}

TEST_CASE("a connection that goes before it is told of fails the request [HTTP-33] [TIME-6]") {
  Bench bench(slow());
  bench.type("AT+QHTTPGET\r");
  SECTION("the server") {
    bench.open(0);
    end(bench, 0, GENERATE(Ending::finished, Ending::reset));
    bench.pass(400ms);
    CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPGET: 719\r\n");
  }
  SECTION("the context, once it is there") {
    bench.open(0);
    take_context(bench);
    bench.pass(400ms);
    CHECK(bench.said().find("\r\n+QHTTPGET: 709\r\n") != std::string::npos);
  }
  SECTION("the context, before") {
    take_context(bench);
    bench.pass(400ms);
    CHECK(bench.said().find("\r\n+QHTTPGET: 709\r\n") != std::string::npos);
  }
  CHECK(bench.world.transport.events(0) == nullptr);
  bench.pass(200s);
  CHECK(bench.said().empty());
}

TEST_CASE("a server that goes as it is asked again is dialled anew [HTTP-52]") {
  Bench bench;
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  bench.said();
  bench.world.terminals[0]->receive("AT+QHTTPGET\r");
  end(bench, 0);
  CHECK(bench.world.transport.requests[1].front() == "connect a 80");
  bench.open(1);
  bench.arrive(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPGET: 0,200,0\r\n");
}

TEST_CASE("a POST is not sent twice when the server goes as it is asked again [HTTP-52]") {
  Bench bench;
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  bench.said();
  bench.type("AT+QHTTPPOST=2\r");
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  bench.type("hi");
  CHECK(bench.said() == accepted);
  end(bench, 0);
  CHECK(bench.said() == "\r\n+QHTTPPOST: 719\r\n");
  CHECK(bench.world.transport.events(1) == nullptr);
}

TEST_CASE("a context that goes takes an unread response with it only as far as it is not here") {
  Bench bench;
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
  bench.said();
  take_context(bench);
  CHECK(bench.said() == context_gone);
  bench.type("AT+QHTTPREAD\r");
  CHECK(bench.said() == "\r\nCONNECT\r\nab\r\nOK\r\n\r\n+QHTTPREAD: 709\r\n");
}

TEST_CASE("a server that goes while the host enters the body fails the request [HTTP-33]") {
  Bench bench;
  bench.type("AT+QHTTPPOST=2\r");
  bench.open(0);
  const auto ending = GENERATE(Ending::finished, Ending::reset);
  end(bench, 0, ending);
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  bench.type("hi");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPPOST: 719\r\n");
}

TEST_CASE("another channel's QHTTPSTOP ends a command that waits for its connection [HTTP-61]") {
  Bench bench;
  bench.type("AT+QHTTPPOST=2\r");
  bench.world.terminals[1]->receive("ATE0\r");
  bench.world.ports[1].unread.clear();
  bench.world.terminals[1]->receive("AT+QHTTPSTOP\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 701\r\n");
  CHECK(bench.world.ports[1].unread == "\r\nOK\r\n");
  CHECK(bench.world.transport.requests[0].back() == "cut");
}

TEST_CASE(
    "a channel that is taken away while it waits for a connection leaves the others [HTTP-61]") {
  Bench bench;
  bench.world.terminals[1]->receive("AT+QHTTPPOST=2\r");
  bench.world.settle();
  bench.world.modem.remove_channel(*bench.world.terminals[1]);
  bench.open(0);
  bench.type("AT+QHTTPSTOP\r");
  CHECK(bench.said() == "\r\nOK\r\n");
  bench.type("AT+QHTTPGET\r");
  CHECK(bench.said() == "\r\nOK\r\n");
}

TEST_CASE("the module stops while a body goes to the host or a file [GEN-17]") {
  const std::string command = GENERATE("AT+QHTTPREAD\r", "AT+QHTTPREADFILE=\"f\"\r");
  Bench bench;
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
  bench.type(command);
  bench.world.terminals[1]->receive("AT+CFUN=1,1\r");
  bench.world.settle();
  CHECK(bench.world.transport.events(0) == nullptr);
  bench.said();
  bench.type("ATE0;+CMEE=1\r");
  bench.type("AT+QHTTPREAD\r");
  CHECK(bench.said().ends_with("\r\n+CME ERROR: 705\r\n"));
}

TEST_CASE("a drop of DTR is nothing to an entry under AT&D0 [HTTP-60]") {
  Bench bench;
  bench.type("AT&D0\r");
  bench.type("AT+QHTTPPOST=3\r");
  bench.open(0);
  bench.type("ab");
  bench.said();
  bench.world.terminals[0]->dtr(false);
  CHECK(bench.said().empty());
  bench.type("c");
  CHECK(bench.said() == "\r\nOK\r\n");
  CHECK(bench.world.transport.requests[0].back().ends_with("abc\""));
}
