// The TLS contexts are the module's: MQTT, sockets, HTTPS and FTPS look into the same six.
#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/ftp_server.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/web_server.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// Results of MQTT, a socket, HTTPS and FTPS.
struct Results {
  std::string mqtt;
  std::string socket;
  std::string http;
  std::string ftp;
};

struct Bench {
  Bench() {
    host.command("AT+QIACT=1");
    host.command("AT+QSSLCFG=\"seclevel\",2,1");
    host.command("AT+QSSLCFG=\"sni\",2,1");
    host.command("AT+QMTCFG=\"ssl\",0,1,2");
    host.command("AT+QHTTPCFG=\"contextid\",1");
    host.command("AT+QHTTPCFG=\"sslctxid\",2");
    host.command("AT+QFTPCFG=\"account\",\"user\",\"secret\"");
    host.command("AT+QFTPCFG=\"ssltype\",2");
    host.command("AT+QFTPCFG=\"sslctxid\",2");
    const auto url = fmt::format("https://localhost:{}/a", web.tls_port());
    host.command(fmt::format("AT+QHTTPURL={}", url.size()), "\r\nCONNECT\r\n");
    host.send(url);
    host.expect("\r\nOK\r\n");
    web.serve("a", "content");
  }

  std::string ask(const std::string& command, const std::string& name) {
    host.command(command);
    host.read_until("\r\n+" + name + ": ");
    const auto line = host.read_until("\r\n");
    return line.substr(0, line.size() - 2);
  }

  Results try_all() {
    Results results;
    results.mqtt = ask(fmt::format("AT+QMTOPEN=0,\"localhost\",{}", web.tls_port()), "QMTOPEN");
    if (results.mqtt == "0,0") ask("AT+QMTCLOSE=0", "QMTCLOSE");
    results.socket =
        ask(fmt::format("AT+QSSLOPEN=1,2,0,\"localhost\",{}", web.tls_port()), "QSSLOPEN");
    host.command("AT+QSSLCLOSE=0");
    results.http = ask("AT+QHTTPGET=80", "QHTTPGET");
    host.command("AT+QHTTPSTOP");
    results.ftp = ask(fmt::format("AT+QFTPOPEN=\"localhost\",{}", ftp.port()), "QFTPOPEN");
    if (results.ftp == "0,0") ask("AT+QFTPCLOSE", "QFTPCLOSE");
    return results;
  }

  WebServer web;
  FtpServer ftp{"explicit",
                {web.certificates().path("server.pem"), web.certificates().path("server.key")}};
  Session session{{"--file", "ca.pem=" + web.certificates().path("ca.pem"), "--file",
                   "other.pem=" + web.certificates().path("other_ca.pem")}};
  SerialHost& host = session.host;
};

}  // namespace

TEST_CASE("one TLS context serves every service, as it is when they connect [XPLAY-2]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  Bench bench;
  for (int round = 0; round < 2; ++round) {
    INFO("round " << round);
    bench.host.command("AT+QSSLCFG=\"cacert\",2,\"ca.pem\"");
    const auto good = bench.try_all();
    CHECK(good.mqtt == "0,0");
    CHECK(good.socket == "0,0");
    CHECK(good.http == "0,200,7");
    CHECK(good.ftp == "0,0");
    bench.host.command("AT+QSSLCFG=\"cacert\",2,\"other.pem\"");
    const auto bad = bench.try_all();
    CHECK(bad.mqtt == "0,-1");
    CHECK(bad.socket == "0,566");
    CHECK(bad.http == "716");
    CHECK(bad.ftp == "631,0");
  }
}
