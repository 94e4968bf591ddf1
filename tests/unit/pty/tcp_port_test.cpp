#include "pty/tcp_port.hpp"

#include "tests/unit/pty/host.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;

namespace {

int connected_to(const std::string& address) {
  sockaddr_in target{};
  target.sin_family = AF_INET;
  target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  target.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::connect(descriptor, reinterpret_cast<sockaddr*>(&target), sizeof target) == 0);
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return descriptor;
}

struct Bench {
  boost::asio::io_context io;
  TcpPort port{io, "127.0.0.1", 0};
  Record record;

  Bench() {
    REQUIRE(port.open() == std::nullopt);
    port.start(record.events());
  }
  bool told(const std::string& all) {
    return run_until(io, [&] { return record.all == all; });
  }
};

}  // namespace

TEST_CASE("a TCP host talks both ways, leaves, and the next one may come") {
  Bench bench;
  Host host(connected_to(bench.port.address()));
  REQUIRE(host.say("AT\r"));
  REQUIRE(bench.told("+AT\r"));
  bench.port.write("OK");
  CHECK(run_until(bench.io, [&] { return host.hear() == "OK"; }));
  host.leave();
  REQUIRE(bench.told("+AT\r-"));
  bench.port.write("lost");
  Host next(connected_to(bench.port.address()));
  REQUIRE(bench.told("+AT\r-+"));
  bench.port.write("new");
  CHECK(run_until(bench.io, [&] { return next.hear() == "new"; }));
}

TEST_CASE("a TCP host that has said its last still hears, until another one comes") {
  Bench bench;
  Host host(connected_to(bench.port.address()));
  REQUIRE(host.say("AT\r"));
  REQUIRE(::shutdown(host.descriptor(), SHUT_WR) == 0);
  REQUIRE(bench.told("+AT\r-"));
  bench.port.write("OK");
  bench.port.write("later");
  REQUIRE(run_until(bench.io, [&] { return host.hear() == "OKlater"; }));
  Host next(connected_to(bench.port.address()));
  REQUIRE(bench.told("+AT\r-+"));
  char byte = 0;
  CHECK(run_until(bench.io, [&] { return ::read(host.descriptor(), &byte, 1) == 0; }));
  bench.port.write("new");
  CHECK(run_until(bench.io, [&] { return next.hear() == "new"; }));
}

TEST_CASE("a TCP host that resets the connection is gone, whether it had said its last or not") {
  Bench bench;
  Host host(connected_to(bench.port.address()));
  REQUIRE(bench.told("+"));
  const bool half_closed = GENERATE(true, false);
  if (half_closed) {
    REQUIRE(::shutdown(host.descriptor(), SHUT_WR) == 0);
    REQUIRE(bench.told("+-"));
  }
  const linger at_once{1, 0};
  REQUIRE(::setsockopt(host.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
  host.leave();
  REQUIRE(bench.told("+-"));
  for (int i = 0; i < 3; ++i) bench.port.write("lost");
  Host next(connected_to(bench.port.address()));
  CHECK(bench.told("+-+"));
}

TEST_CASE("a TCP host that vanishes is noticed") {
  Bench bench;
  Host host(connected_to(bench.port.address()));
  REQUIRE(bench.told("+"));
  sockaddr_in mine{};
  socklen_t size = sizeof mine;
  REQUIRE(::getsockname(host.descriptor(), reinterpret_cast<sockaddr*>(&mine), &size) == 0);
  int probed = 0;
  for (int descriptor = 3; descriptor < 100; ++descriptor) {
    sockaddr_in peer{};
    size = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0 ||
        peer.sin_port != mine.sin_port)
      continue;
    int value = 0;
    size = sizeof value;
    CHECK(::getsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &value, &size) == 0);
    probed += value;
    CHECK(::getsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size) == 0);
    CHECK(value == 25'000);
  }
  CHECK(probed == 1);
}

TEST_CASE("a second TCP host is told that the port is in use and turned away") {
  Bench bench;
  Host first(connected_to(bench.port.address()));
  REQUIRE(bench.told("+"));
  Host second(connected_to(bench.port.address()));
  REQUIRE(second.say("AT\r"));
  REQUIRE(run_until(bench.io, [&] { return second.hear() == TcpPort::busy; }));
  char byte = 0;
  CHECK(run_until(bench.io, [&] { return ::read(second.descriptor(), &byte, 1) == 0; }));
  REQUIRE(first.say("A"));
  CHECK(bench.told("+A"));
}

TEST_CASE("a port that is taken, or a host that is none, is an error text") {
  Bench bench;
  const std::string taken = bench.port.address().substr(bench.port.address().rfind(':') + 1);
  TcpPort again(bench.io, "127.0.0.1", static_cast<std::uint16_t>(std::stoi(taken)));
  CHECK_THAT(again.open().value_or(""), Catch::Contains("cannot listen on 127.0.0.1:" + taken) &&
                                            Catch::EndsWith("or 0 for any that is free"));
  TcpPort nowhere(bench.io, "256.1.1.1", 0);
  CHECK_THAT(nowhere.open().value_or(""), Catch::Contains("cannot listen on 256.1.1.1"));
}

TEST_CASE("after stop nobody listens and the host is cut off") {
  Bench bench;
  Host host(connected_to(bench.port.address()));
  REQUIRE(bench.told("+"));
  bench.port.stop();
  char byte = 0;
  CHECK(run_until(bench.io, [&] { return ::read(host.descriptor(), &byte, 1) == 0; }));
  CHECK(bench.record.all == "+");
}
