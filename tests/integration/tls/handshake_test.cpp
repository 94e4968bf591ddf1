// A handshake that is cut, stalled or given up: one result, no status, and the index is free.
#include "tests/integration/tls/matrix.hpp"
#include "tests/support/flaky_relay.hpp"
#include "tests/support/slowness.hpp"

#include <catch2/catch.hpp>

using namespace tls;
using namespace std::chrono_literals;
using support::FlakyRelay;

namespace {

constexpr std::size_t longest_handshake = 8192;
constexpr int rows_between_drains = 64;

// Plain RSA: every handshake has the same number of bytes.
const Servers::Kinds kinds{{"RSA", {.certificate = "weak.pem", .key = "weak.key"}}};

Row plain_rsa(int version, int level) {
  return {"cut after every byte of the server", version, level, "RSA",
          {{"ciphersuite", "0X0035"}},          failed};
}

/// Every version at every level, in the order of the matrix.
template <class Action>
void at_every_version_and_level(Action action) {
  int number = 0;
  for (const int version : {1, 2, tls_1_2, any})
    for (int level = 0; level <= 2; ++level) action(++number, version, level);
}

/// Cuts after so many bytes of the server.
FlakyRelay::Plan cut_after(std::size_t bytes, bool reset) {
  FlakyRelay::Plan plan;
  plan.cut_down = bytes;
  plan.reset = reset;
  return plan;
}

struct Cutting {
  /// What +QMTOPEN says when the link is cut after `bytes` from the server; a link that stands is
  /// closed, or has been lost by then.
  int open(std::size_t bytes, bool reset) {
    relay.plan_next(cut_after(bytes, reset));
    const int result = bench.open(0, relay.port(), "127.0.0.1");
    if (result == good) {
      bench.host().send("AT+QMTCLOSE=0\r");
      for (std::string line; line != "ERROR\r\n" && line != "+QMTCLOSE: 0,0\r\n";)
        line = bench.host().read_until("\r\n");
    }
    if (++opened % rows_between_drains == 0) {
      bench.log();
      servers.drain("RSA");
    }
    return result;
  }

  /// How many bytes of the server make a handshake.
  std::size_t handshake_bytes() {
    std::size_t too_few = 0;
    std::size_t enough = longest_handshake;
    while (enough - too_few > 1) {
      const auto middle = (too_few + enough) / 2;
      (open(middle, false) == good ? enough : too_few) = middle;
    }
    return enough;
  }

  Servers servers{kinds};
  Bench bench;
  FlakyRelay relay{servers.port("RSA"), {}};
  int opened = 0;
};

/// The client can be used again, and nothing is left to be said.
void check_free(Bench& bench, Servers& servers) {
  CHECK(bench.host().quiet_for(30ms));
  bench.host().command("AT+QMTOPEN?");
  bench.configure(0, plain_rsa(tls_1_2, 1));
  CHECK(bench.open(0, servers.port("RSA")) == good);
  bench.close(0);
}

}  // namespace

TEST_CASE("the server is lost after every byte of its handshake [OPEN-6]") {
  Cutting cutting;
  at_every_version_and_level([&](int number, int version, int level) {
    const auto row = plain_rsa(version, level);
    cutting.bench.configure(0, row);
    const auto total = cutting.handshake_bytes();
    const auto start = std::chrono::steady_clock::now();
    int got = row.expected;
    for (std::size_t bytes = 0; bytes < total; ++bytes) {
      // By FIN here, by RST in the next row.
      const bool reset = (bytes + static_cast<std::size_t>(number)) % 2 == 0;
      INFO("cut by " << (reset ? "RST" : "FIN") << " after " << bytes << " of " << total);
      got = cutting.open(bytes, reset);
      REQUIRE(got == row.expected);
    }
    print_row(number, row, got, support::ms_since(start), fmt::format("{} bytes", total));
  });
  cutting.bench.configure(0, plain_rsa(tls_1_2, 1));
  const auto total = cutting.handshake_bytes();
  cutting.relay.plan_next(cut_after(total, false));
  // With its last byte the handshake is done: the open stands, and ends at once.
  REQUIRE(cutting.bench.open(0, cutting.relay.port(), "127.0.0.1") == good);
  cutting.bench.host().expect("\r\n+QMTSTAT: 0,1\r\n");
  check_free(cutting.bench, cutting.servers);
}

TEST_CASE("a server that says nothing, at every version and level [OPEN-6]") {
  constexpr int scale = 100;
  Bench bench(std::to_string(scale));
  at_every_version_and_level([&](int number, int version, int level) {
    const Row row{"handshake stalled", version, level, "silent", {{"negotiatetime", "10"}}, failed};
    // It accepts nothing; a queue of such links would fill up.
    Servers servers(kinds);
    bench.configure(0, row);
    const auto start = std::chrono::steady_clock::now();
    const int got = bench.open(0, servers.port(row.server));
    const auto ms = support::ms_since(start);
    print_row(number, row, got, ms, fmt::format("{} virtual s", ms * scale / 1000));
    CHECK(got == row.expected);
    CHECK(ms * scale >= 10000);
    // Far from the 300 s that it is without being set.
    CHECK(ms * scale < 10000 + scale * support::slowed(1000));
  });
  Servers servers(kinds);
  check_free(bench, servers);
}

TEST_CASE("a handshake takes no longer than negotiatetime [OPEN-4] [OPEN-6]") {
  struct Limit {
    const char* negotiatetime;
    std::chrono::seconds virtual_time;  // then +QMTOPEN gives up
  };
  // The limit of AT+QMTOPEN is 120 s; the program wants to be through a little earlier.
  const auto limit = GENERATE(Limit{"10", 10s}, Limit{"25", 25s}, Limit{"300", 119s});
  constexpr int scale = 100;
  Servers servers(kinds);
  Bench bench(std::to_string(scale));
  const auto row = Row{"", any, 1, "silent", {{"negotiatetime", limit.negotiatetime}}, failed};
  bench.configure(0, row);
  const auto start = std::chrono::steady_clock::now();
  CHECK(bench.open(0, servers.port("silent")) == failed);
  const auto took = std::chrono::milliseconds(support::ms_since(start)) * scale;
  fmt::print("silent server, negotiatetime {}: given up after {} virtual ms\n", limit.negotiatetime,
             took.count());
  CHECK(took >= limit.virtual_time);
  CHECK(took <= 2 * limit.virtual_time + std::chrono::milliseconds(support::slowed(20000)));
  check_free(bench, servers);
}

TEST_CASE("a slow handshake that keeps to negotiatetime is good [OPEN-3]") {
  Servers servers(kinds);
  Bench bench;
  FlakyRelay::Plan slow;
  slow.piece = 1;
  slow.delay = 100us;
  FlakyRelay relay(servers.port("RSA"), slow);
  bench.configure(0, plain_rsa(tls_1_2, 1));
  CHECK(bench.open(0, relay.port()) == good);
  bench.close(0);
}

TEST_CASE("QMTCLOSE ends a handshake that hangs [CLOSE-2]") {
  Servers servers(kinds);
  Bench bench;
  bench.configure(0, plain_rsa(tls_1_2, 1));
  bench.host().command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", servers.port("silent")));
  CHECK(bench.host().quiet_for(50ms));
  bench.close(0);
  check_free(bench, servers);
}

TEST_CASE("six handshakes at once, one of them hangs [OPEN-8]") {
  Servers servers(kinds);
  Bench bench;
  std::vector<std::string> results;
  for (int client = 0; client < 6; ++client) bench.configure(client, plain_rsa(tls_1_2, 1));
  for (int client = 0; client < 6; ++client) {
    const auto server = client == 3 ? "silent" : "mosquitto";
    bench.host().send(
        fmt::format("AT+QMTOPEN={},\"127.0.0.1\",{}\r", client, servers.port(server)));
    results.emplace_back("\r\nOK\r\n");
    if (client != 3) results.push_back(fmt::format("\r\n+QMTOPEN: {},0\r\n", client));
  }
  bench.host().expect_all(results);
  bench.close(3);
}
