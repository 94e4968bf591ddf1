// TLS sockets of the module to OpenSSL's own server.
#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/tls_server.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

struct Bench {
  Bench()
      : server({"-cert", certificates.path("server.pem"), "-key", certificates.path("server.key"),
                "-rev"}),
        session({"--file", "ca.pem=" + certificates.path("ca.pem"), "--resolve",
                 "other.example=127.0.0.1"}) {
    session.host.command("AT+QIACT=1");
    session.host.command(
        "AT+QSSLCFG=\"seclevel\",1,1;+QSSLCFG=\"cacert\",1,\"ca.pem\";+QSSLCFG=\"sni\",1,1");
  }
  void open(const std::string& host, int result) {
    session.host.command(fmt::format("AT+QSSLOPEN=1,1,0,\"{}\",{},0", host, server.port()));
    session.host.expect(fmt::format("\r\n+QSSLOPEN: 0,{}\r\n", result));
  }

  Certificates certificates;
  TlsServer server;
  Session session;
};

}  // namespace

TEST_CASE("a TLS socket carries what is typed, and what comes back [SSLS-6] [SSLS-9]") {
  Bench bench;
  bench.open("localhost", 0);
  auto& host = bench.session.host;
  host.command("AT+QSSLSEND=0,4", "\r\n> ");
  host.send("abc\n");
  host.expect("\r\nSEND OK\r\n");
  host.expect("\r\n+QSSLURC: \"recv\",0\r\n");
  host.command("AT+QSSLRECV=0,1500", "\r\n+QSSLRECV: 4\r\ncba\n\r\n\r\nOK\r\n");
  host.command("AT+QSSLCLOSE=0");
  host.command("AT+QSSLSTATE");
}

TEST_CASE("a certificate for another name is refused [SSLS-4] [SSLS-14]") {
  Bench bench;
  bench.open("other.example", 566);
  bench.session.host.command("AT+QIGETERROR",
                             "\r\n+QIGETERROR: 0,operate successfully\r\n\r\nOK\r\n");
  bench.session.host.command("AT+QSSLCFG=\"sni\",1,0");
  bench.open("other.example", 0);
}
