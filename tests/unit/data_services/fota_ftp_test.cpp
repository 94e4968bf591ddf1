// Firmware from FTP servers: which TLS there is, and what a server does wrong.
#include "data_services/fota/package.hpp"
#include "tests/support/service_bench.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

struct Bench : ServiceBench {
  Bench() : ServiceBench("ATE0;+CMEE=1\r") {}

  void begin(const std::string& url) {
    type(fmt::format("AT+QFOTADL=\"{}\",0,20,1,5\r", url));
    said();
  }
  void server_says(const std::string& reply) { arrive(0, reply + "\r\n"); }
  /// As far as the server's answer to RETR.
  void ask() {
    begin("ftp://a/p");
    open(0);
    for (const auto* reply : {"220 hello", "230 in", "200 octets", "227 (10,0,0,1,4,1)"})
      server_says(reply);
    open(1);
  }
  [[nodiscard]] bool is_gone(std::size_t number) const {
    return world.transport.events(number) == nullptr;
  }
};

constexpr auto failed = "\r\n+QIND: \"FOTA\",\"FTPEND\",601\r\n";

}  // namespace

TEST_CASE("how TLS begins is what is set for FTP, and at once where nothing is [FOTA-1]") {
  Bench bench;
  auto& requests = bench.world.transport.requests[0];
  SECTION("nothing") {
    bench.begin("ftps://a/p");
    CHECK(requests.front() == "connect a 990 tls");
  }
  SECTION("from AUTH TLS on") {
    bench.type("AT+QFTPCFG=\"ssltype\",2\r");
    bench.begin("ftps://a/p");
    CHECK(requests.front() == "connect a 21");
    bench.open(0);
    bench.server_says("220 hello");
    CHECK(requests.back() == "send \"AUTH TLS\\r\\n\"");
  }
  SECTION("a URL that asks for none has none") {
    bench.type("AT+QFTPCFG=\"ssltype\",1\r");
    bench.begin("ftp://a/p");
    CHECK(requests.front() == "connect a 21");
    bench.open(0);
    bench.server_says("220 hello");
    CHECK(requests.back() == "send \"USER anonymous\\r\\n\"");
  }
}

TEST_CASE("more than a package can be is not taken from FTP, nor asked for again [FOTA-3]") {
  Bench bench;
  bench.ask();
  bench.server_says("150 go");
  const std::string piece(std::size_t{64} * 1024, 'x');
  std::size_t sent = 0;
  for (; !bench.is_gone(1) && sent < 99'999'999; sent += piece.size()) bench.arrive(1, piece);
  CHECK(sent <= data_services::PackageReader::max_bytes + piece.size());
  bench.server_says("426 you left");
  CHECK(bench.said() == failed);
  bench.pass(60s);
  CHECK(bench.said().empty());
  CHECK(bench.is_gone(0));
}

TEST_CASE("a server that has no such file is asked once, one that cannot now again [FOTA-3]") {
  Bench bench;
  bench.ask();
  SECTION("550") {
    bench.server_says("550 no");
    CHECK(bench.said() == failed);
    bench.pass(60s);
    CHECK(bench.world.transport.requests[2].empty());
  }
  SECTION("450") {
    bench.server_says("450 not now");
    CHECK(bench.said().empty());
    bench.pass(5s);
    CHECK(bench.world.transport.requests[2].front() == "connect a 21");
  }
}

TEST_CASE("a server may hang up with its last word [FOTA-1]") {
  Bench bench;
  bench.ask();
  bench.server_says("150 go");
  data_services::PackageHead head;
  head.project = "EG916Q";
  head.revision = "EG916QGLLGR01A06M01";
  head.payload = 1000;
  bench.arrive(1, data_services::make_package(head));
  bench.world.transport.events(1)->ended(data_services::Ending::finished);
  bench.world.transport.events(0)->arrived({"226 done\r\n"});
  bench.world.transport.events(0)->ended(data_services::Ending::finished);
  CHECK(bench.said().empty());
  bench.pass(1s);
  CHECK(bench.said() == "\r\n+QIND: \"FOTA\",\"FTPEND\",0\r\n");
}
