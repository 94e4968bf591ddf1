// What of a context's settings arrives at the server: names, suites, certificates, sessions.
#include "tests/integration/tls/matrix.hpp"

#include <catch2/catch.hpp>

using namespace tls;

namespace {

constexpr std::string_view done = "CIPHER is";  // s_server, at the end of a handshake

const Servers::Kinds kinds{
    {"says what it hears", {.options = {"-tlsextdebug"}}},
    {"talks", {.options = {"-tlsextdebug", "-alpn", "h2,mqtt"}}},
    {"asks for a certificate", {.options = {"-verify", "3"}}},
};

/// A module beside one s_server.
struct Beside {
  explicit Beside(const std::string& kind) : servers(kinds), server(servers.openssl(kind)) {}

  /// Opens and closes client 0 under `settings`; what the server says of it.
  std::string_view meet(int level, const Settings& settings,
                        const std::string& host = "localhost") {
    bench.configure(0, {"", any, level, "", settings, good});
    server.forget();
    REQUIRE(bench.open(0, server.port(), host) == good);
    REQUIRE(server.says(done));
    bench.close(0);
    return server.said();
  }

  Servers servers;
  Bench bench;
  support::TlsServer& server;
};

bool in(std::string_view text, std::string_view all) {
  return all.find(text) != std::string_view::npos;
}

}  // namespace

TEST_CASE("the server is told its name when sni is 1") {
  Beside beside("talks");
  CHECK_FALSE(in("\"server name\"", beside.meet(0, {})));
  CHECK(in("\"server name\"", beside.meet(0, {{"sni", "1"}})));
  CHECK(in("localhost", beside.server.said()));
  CHECK_FALSE(in("\"server name\"", beside.meet(0, {{"sni", "1"}}, "127.0.0.1")));
}

TEST_CASE("a server that a rule leads to is told the name that the host asked for") {
  Beside beside("talks");
  CHECK(in("far.example", beside.meet(0, {{"sni", "1"}}, "far.example")));
}

TEST_CASE("alpn offers a protocol") {
  Beside beside("talks");
  CHECK_FALSE(in("ALPN protocols advertised", beside.meet(0, {})));
  CHECK(in("ALPN protocols advertised by the client: mqtt\n",
           beside.meet(0, {{"alpn", "\"mqtt\""}})));
  CHECK(in("ALPN protocols selected: mqtt\n", beside.server.said()));
}

TEST_CASE("a protocol's name may have 255 bytes") {
  Beside beside("says what it hears");
  const std::string longest(255, 'p');
  CHECK(in("negotiation\" (id=16), len=258\n", beside.meet(0, {{"alpn", '"' + longest + '"'}})));
}

TEST_CASE("the suites of the context are offered in its order, and no others") {
  Beside beside("talks");
  CHECK(in("Shared ciphers:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA\n",
           beside.meet(0, {{"ciphersuite", "0X0035:0XC02F:0X0005:0X002F"}})));
  CHECK(in("CIPHER is AES256-SHA\n", beside.server.said()));
}

TEST_CASE("the own certificate is sent at seclevel 2 alone") {
  Beside beside("asks for a certificate");
  CHECK_FALSE(in("Client certificate", beside.meet(0, {})));
  CHECK_FALSE(in("Client certificate", beside.meet(1, {})));
  CHECK(in("Client certificate", beside.meet(2, {})));
  CHECK(in("subject=CN = client\n", beside.server.said()));
}

TEST_CASE(
    "sessions are resumed when session_cache is 1, and only under the same settings "
    "[CFG-ssl]") {
  Beside beside("talks");
  constexpr std::string_view resumed = "Reused session-id";
  const Settings cached{{"session_cache", "1"}};
  CHECK_FALSE(in(resumed, beside.meet(1, {})));
  CHECK_FALSE(in(resumed, beside.meet(1, {})));
  CHECK_FALSE(in(resumed, beside.meet(1, cached)));
  CHECK(in(resumed, beside.meet(1, cached)));
  CHECK_FALSE(in(resumed, beside.meet(0, cached)));
  CHECK_FALSE(in(resumed, beside.meet(1, {{"session_cache", "1"}, {"cacert", "\"both_ca.pem\""}})));
  CHECK_FALSE(in(resumed, beside.meet(1, {})));
  beside.bench.host().command("AT+CFUN=1,1");
  beside.bench.host().read_until("+QIND: PB DONE\r\n");
  beside.bench.host().send("ATE0\r");
  beside.bench.host().read_until("OK\r\n");
  CHECK_FALSE(in(resumed, beside.meet(1, cached)));
  CHECK(in(resumed, beside.meet(1, cached)));
}

TEST_CASE("a session does not outlive the certificate that it was made with [CFG-ssl]") {
  Beside beside("talks");
  auto& bench = beside.bench;
  constexpr std::string_view resumed = "Reused session-id";
  const Settings by_clock{{"session_cache", "1"}, {"ignorelocaltime", "0"}};
  CHECK_FALSE(in(resumed, beside.meet(1, by_clock)));
  CHECK(in(resumed, beside.meet(1, by_clock)));
  CHECK(in(resumed, beside.meet(1, by_clock)));
  bench.host().command("AT+CCLK=\"69/01/01,00:00:00+00\"");
  CHECK(bench.open(0, beside.server.port()) == failed);
  bench.host().command("AT+CCLK=\"15/01/01,00:00:00+00\"");
  CHECK(bench.open(0, beside.server.port()) == failed);
}

TEST_CASE("renegotiation is the host's choice") {
  Beside beside("talks");
  auto& bench = beside.bench;
  const bool allowed = GENERATE(false, true);
  const Settings settings{{"renegotiation", allowed ? "1" : "0"}};
  bench.configure(0, {"", tls_1_2, 0, "", settings, good});
  REQUIRE(bench.open(0, beside.server.port()) == good);
  REQUIRE(beside.server.says(done));
  beside.server.forget();
  beside.server.type("r");
  constexpr std::string_view second_hello = "\"renegotiation info\"";
  if (allowed) {
    CHECK(beside.server.says(second_hello));
    bench.close(0);
    return;
  }
  // This server insists.
  bench.host().expect("\r\n+QMTSTAT: 0,1\r\n");
  CHECK_FALSE(in(second_hello, beside.server.said()));
}

TEST_CASE("a whole session with a certificate of its own, as the note has it") {
  Servers servers({});
  Bench bench;
  auto& host = bench.host();
  bench.configure(2, {"", any, 2, "", {{"clientcert", "\"UFS:client.pem\""}}, good});
  REQUIRE(bench.open(2, servers.port("mosquitto, mutual")) == good);
  host.command("AT+QMTCONN=2,\"tls\"");
  host.expect("\r\n+QMTCONN: 2,0,0\r\n");
  host.command("AT+QMTSUB=2,1,\"t\",2");
  host.expect("\r\n+QMTSUB: 2,1,0,2\r\n");
  for (const int qos : {0, 1, 2}) {
    const std::string payload(1500, static_cast<char>('a' + qos));
    const int id = qos == 0 ? 0 : 10 + qos;
    host.command(fmt::format("AT+QMTPUBEX=2,{},{},0,\"t\",1500", id, qos), "\r\n> ");
    host.send(payload);
    host.expect("\r\nOK\r\n");
    const auto heard = fmt::format("\r\n+QMTRECV: 2,{},\"t\",\"{}\"\r\n", qos, payload);
    host.expect_all({fmt::format("\r\n+QMTPUBEX: 2,{},0\r\n", id), heard});
  }
  host.command("AT+QMTDISC=2");
  host.expect("\r\n+QMTDISC: 2,0\r\n");
}
