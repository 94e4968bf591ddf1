// Bounds and ends of HTTP that transcripts cannot say in few lines.
#include "emulator/snapshot/snapshot.hpp"
#include "tests/unit/data_services/http_bench.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t window = 4096;

using Bench = HttpBench;

}  // namespace

TEST_CASE("the body is not asked for before it is read, but for a window [HTTP-32]") {
  Bench bench;
  bench.get();
  auto& wanted = bench.world.transport.wanted[0];
  CHECK(wanted == window);
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
  bench.arrive(0, head + std::string(window - head.size(), 'x'));
  CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,100000\r\n");
  CHECK(wanted == 1);  // so that an end is seen
  bench.type("AT+QHTTPREADFILE=\"f\"\r");
  CHECK(wanted == window);
}

TEST_CASE("a host that reads slowly stops the server, and not its patience [HTTP-55]") {
  Bench bench;
  auto& port = bench.world.ports[0];
  auto& wanted = bench.world.transport.wanted[0];
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n");
  bench.said();
  bench.type("AT+QHTTPREAD=5\r");
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  CHECK(wanted == window);
  port.room_now = 4;
  bench.arrive(0, "0123456789");
  CHECK(bench.said() == "0123");
  bench.world.timeline.run_until(bench.world.timeline.now() + 60s);
  CHECK(bench.said().empty());
  CHECK(wanted == window - 10);
  port.room_now = 8;
  bench.world.terminals[0]->drained();
  CHECK(bench.said() == "456789");
  CHECK(wanted == window);
  port.room_now = FakePort::unlimited;
  bench.arrive(0, "abcdef");
  CHECK(bench.said() == "abcdef\r\nOK\r\n\r\n+QHTTPREAD: 0\r\n");
}

TEST_CASE("a server that owes something keeps the clock from leaping [HTTP-30]") {
  Bench bench;
  auto& awaited = bench.world.transport.awaited[0];
  bench.get();
  CHECK(awaited);
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  CHECK_FALSE(awaited);
  bench.type("AT+QHTTPREADFILE=\"f\"\r");
  CHECK(awaited);
  bench.arrive(0, "hi");
  CHECK_FALSE(awaited);
}

TEST_CASE("a response that has no room in the flash ends early [HTTP-59]") {
  Bench bench;
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
  bench.type("AT+QHTTPREADFILE=\"f\"\r");
  bench.said();
  // 70 blocks of 4096 bytes.
  for (int i = 0; i < 70; ++i) {
    bench.arrive(0, std::string(window, 'x'));
    CHECK(bench.said().empty());
  }
  bench.arrive(0, "x");
  CHECK(bench.said() == "\r\n+QHTTPREADFILE: 729\r\n");
  CHECK(bench.world.transport.requests[0].back() == "cut");
  bench.type("AT+QFLST=\"f\"\r");
  CHECK(bench.said() == "\r\n+CME ERROR: 405\r\n");
}

TEST_CASE("a long response is told by itself in pieces of 1500 bytes [HTTP-7]") {
  Bench bench;
  bench.type("AT+QHTTPCFG=\"rspout/auto\",1\r");
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 3100\r\n\r\n" + std::string(3100, 'x'));
  CHECK(bench.said() == fmt::format("\r\n+QHTTPGET: 0,200,3100\r\n"
                                    "\r\n+QHTTPURC: \"recv\",1500\r\n{0}\r\n"
                                    "\r\n+QHTTPURC: \"recv\",1500\r\n{0}\r\n"
                                    "\r\n+QHTTPURC: \"recv\",100\r\n{1}\r\n",
                                    std::string(1500, 'x'), std::string(100, 'x')));
}

TEST_CASE("who leaves in the middle of the data leaves the session to others [GEN-11]") {
  Bench bench;
  bench.type("AT+QHTTPPOST=10\r");
  bench.open(0);
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  bench.world.terminals[0]->host_left(true);
  bench.type("AT+QHTTPURL=10\r");
  CHECK(bench.said() == "\r\nCONNECT\r\n");
  CHECK(bench.world.transport.requests[0].back() == "cut");
}

TEST_CASE("a drop of DTR ends a data phase for good [HTTP-60]") {
  Bench bench;
  auto& terminal = *bench.world.terminals[0];
  bench.type("AT&D1\r");
  bench.type("AT+QHTTPPOST=10\r");
  bench.open(0);
  bench.type("abc");
  bench.said();
  terminal.dtr(false);
  CHECK(bench.said() == "\r\nOK\r\n");
  CHECK(bench.world.transport.requests[0].back() == "cut");
  terminal.dtr(true);
  bench.type("AT+QHTTPGET\r");
  bench.open(1);
  bench.arrive(1, "HTTP/1.1 200 OK\r\n\r\n");
  bench.type("AT+QHTTPREAD\r");
  bench.said();
  terminal.dtr(false);
  CHECK(bench.said() == "\r\nOK\r\n");
  CHECK(bench.world.transport.requests[1].back() == "cut");
  bench.type("ATO\r");
  CHECK(bench.said() == "\r\nNO CARRIER\r\n");
}

TEST_CASE("a body may begin with LF, of a host whose lines end in CR [HTTP-40] [GEN-8]") {
  Bench bench;
  bench.type("AT+QHTTPPOST=2\r");
  bench.world.timeline.run_until(bench.world.timeline.now() + 1ms);
  bench.open(0);
  bench.said();
  bench.type("\nx");
  CHECK(bench.said() == "\r\nOK\r\n");
  CHECK(bench.world.transport.requests[0].back().ends_with("Content-Length: 2\\r\\n\\r\\n\\nx\""));
}

TEST_CASE("a server that speaks before it is asked is none [HTTP-33]") {
  Bench bench;
  bench.type("AT+QHTTPPOST=2\r");
  bench.open(0);
  bench.said();
  bench.arrive(0, "220 ftp ready\r\n");
  bench.type("hi");
  CHECK(bench.said() == "\r\nOK\r\n\r\n+QHTTPPOST: 723\r\n");
}

TEST_CASE("redirects that never end are not followed for ever [HTTP-37]") {
  Bench bench;
  bench.get();
  for (int i = 0; i < 10; ++i) {
    bench.arrive(0, "HTTP/1.1 302 Found\r\nLocation: http://a/p\r\nContent-Length: 0\r\n\r\n");
    CHECK(bench.said().empty());
  }
  bench.arrive(0, "HTTP/1.1 302 Found\r\nLocation: http://a/p\r\nContent-Length: 0\r\n\r\n");
  CHECK(bench.said() == "\r\n+QHTTPGET: 711\r\n");
}

TEST_CASE("results go to who asked, and the rest to the port of URCs [GEN-12] [HTTP-8]") {
  Bench bench;
  bench.type("AT+QHTTPCFG=\"closed/ind\",1\r");
  bench.said();
  bench.world.terminals[1]->receive("ATE0\r");
  bench.world.terminals[1]->receive("AT+QHTTPGET\r");
  bench.world.settle();
  bench.open(0);
  bench.world.ports[1].unread.clear();
  bench.arrive(0, "HTTP/1.1 200 OK\r\n\r\n");
  CHECK(bench.said().empty());
  CHECK(std::exchange(bench.world.ports[1].unread, {}) == "\r\n+QHTTPGET: 0,200\r\n");
  bench.world.transport.events(0)->ended(data_services::Ending::finished);
  CHECK(bench.said() == "\r\n+QHTTPURC: \"closed\"\r\n");
  CHECK(bench.world.ports[1].unread.empty());
}

TEST_CASE("what is set for HTTP is in a snapshot; a response that waits keeps it from being made") {
  Bench bench;
  bench.type("AT+QHTTPCFG=\"reqheader/add\",\"X\",\"1\"\r");
  bench.type("AT+QHTTPCFG=\"contenttype\",4\r");
  bench.said();
  CHECK_FALSE(bench.world.modem.busy());
  bench.get();
  CHECK(bench.world.modem.busy() == "an HTTP request is under way");
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  bench.said();
  CHECK(bench.world.modem.busy() == "an HTTP response has not been read");
  bench.type("AT+QHTTPSTOP\r");
  CHECK_FALSE(bench.world.modem.busy());
  const auto made = emulator::snapshot::save(bench.world.modem, "1");
  bench.type("AT+QHTTPCFG=\"reset\"\r");
  bench.said();
  const auto* document = std::get_if<nlohmann::json>(&made);
  REQUIRE(document != nullptr);
  CHECK_FALSE(emulator::snapshot::restore(bench.world.modem, *document));
  bench.type("AT+QHTTPCFG=\"contenttype\"\r");
  CHECK(bench.said() == "\r\n+QHTTPCFG: \"contenttype\",4\r\n\r\nOK\r\n");
  bench.type("AT+QHTTPCFG=\"reqheader/add\"\r");
  CHECK(bench.said() == "\r\n+QHTTPCFG: \"reqheader/add\",\"X\",\"1\"\r\n\r\nOK\r\n");
  bench.type("AT+QHTTPURL?\r");
  CHECK(bench.said() == "\r\n+QHTTPURL: http://a/p\r\n\r\nOK\r\n");
}

TEST_CASE("a result that waits for the host is not said behind its request's end [HTTP-61]") {
  Bench bench;
  bench.get();
  bench.type("AT+QHTTPST");
  bench.arrive(0, "HTTP/1.1 200 OK\r\n\r\n");
  bench.type("OP\r");
  CHECK(bench.said() == "\r\nOK\r\n");
}

TEST_CASE("a piece of a body that waits for the host is not said behind its end [HTTP-61]") {
  Bench bench;
  bench.type("AT+QHTTPCFG=\"rspout/auto\",1\r");
  bench.get();
  bench.arrive(0, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
  CHECK(bench.said() == "\r\n+QHTTPGET: 0,200,8\r\n");
  bench.type("AT+QHTTPST");
  bench.arrive(0, "1234");
  bench.type("OP\r");
  CHECK(bench.said() == "\r\nOK\r\n");
}

TEST_CASE(
    "a body without a length is whole where the server finishes, not where it resets [HTTP-58]") {
  using data_services::Ending;
  for (const auto& [ending, code] : {std::pair{Ending::finished, 0}, {Ending::reset, 719}}) {
    Bench bench;
    bench.get();
    bench.arrive(0, "HTTP/1.1 200 OK\r\n\r\nhalf");
    bench.said();
    bench.type("AT+QHTTPREAD\r");
    bench.world.transport.events(0)->ended(ending);
    CHECK(bench.said() == fmt::format("\r\nCONNECT\r\nhalf\r\nOK\r\n\r\n+QHTTPREAD: {}\r\n", code));
  }
}
