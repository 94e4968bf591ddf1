// Peers that are slow, rude or both, on real connections: bytes one at a time, a reset at each of
// them, and socat.
#include "conformance/run/mosquitto.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
const std::string body = "hello";

struct Bench {
  Bench() {
    host.command("AT+QIACT=1");
    host.command("AT+QHTTPCFG=\"contextid\",1");
    const auto url = fmt::format("http://127.0.0.1:{}/x", far.port());
    host.command(fmt::format("AT+QHTTPURL={}", url.size()), "\r\nCONNECT\r\n");
    host.send(url);
    host.expect("\r\nOK\r\n");
  }

  /// The request has come to the far end.
  void get() {
    host.command("AT+QHTTPGET=80");
    far.accept();
    while (request.size() < 4 || request.substr(request.size() - 4) != "\r\n\r\n")
      request += far.read(1);
    request.clear();
  }
  void write_slowly(const std::string& bytes) {
    far.socket().set_option(boost::asio::ip::tcp::no_delay(true));
    for (const char byte : bytes) far.write(std::string(1, byte));
  }

  FarEnd far;
  Session session;
  SerialHost& host = session.host;
  std::string request;
};

}  // namespace

TEST_CASE("a response comes one byte at a time [HTTP-32] [HTTP-55]") {
  Bench bench;
  bench.get();
  bench.write_slowly(head + body);
  bench.host.expect("\r\n+QHTTPGET: 0,200,5\r\n");
  bench.host.command("AT+QHTTPREAD=80", "\r\nCONNECT\r\nhello\r\nOK\r\n");
  bench.host.expect("\r\n+QHTTPREAD: 0\r\n");
}

TEST_CASE("a server resets behind each byte of its head, and the next request is good [HTTP-33]") {
  Bench bench;
  for (std::size_t bytes = 0; bytes < head.size(); ++bytes) {
    INFO("behind " << bytes << " bytes");
    bench.get();
    bench.far.write(head.substr(0, bytes));
    bench.far.reset();
    bench.host.expect("\r\n+QHTTPGET: 719\r\n");
  }
  bench.get();
  bench.far.write(head + body);
  bench.host.expect("\r\n+QHTTPGET: 0,200,5\r\n");
  bench.host.command("AT+QHTTPREAD=80", "\r\nCONNECT\r\nhello\r\nOK\r\n");
  bench.host.expect("\r\n+QHTTPREAD: 0\r\n");
}

TEST_CASE("a server finishes behind each byte of its body: what there is, and 719 [HTTP-58]") {
  Bench bench;
  for (std::size_t bytes = 0; bytes < body.size(); ++bytes) {
    INFO("behind " << bytes << " bytes");
    bench.get();
    bench.far.write(head + body.substr(0, bytes));
    bench.far.finish();
    bench.host.expect("\r\n+QHTTPGET: 0,200,5\r\n");
    bench.host.command("AT+QHTTPREAD=80",
                       fmt::format("\r\nCONNECT\r\n{}\r\nOK\r\n", body.substr(0, bytes)));
    bench.host.expect("\r\n+QHTTPREAD: 719\r\n");
  }
}

TEST_CASE("an FTP server whose replies come one byte at a time [FTP-3]") {
  FarEnd far;
  Session session;
  session.host.command("AT+QIACT=1");
  session.host.command("AT+QFTPCFG=\"account\",\"user\",\"secret\"");
  session.host.command(fmt::format("AT+QFTPOPEN=\"127.0.0.1\",{}", far.port()));
  far.accept();
  far.socket().set_option(boost::asio::ip::tcp::no_delay(true));
  const auto reply = [&](const std::string& lines) {
    for (const char byte : lines) far.write(std::string(1, byte));
  };
  reply("220-Welcome\r\n 220 is not the end\r\n220 ready\r\n");
  CHECK(far.read(11) == "USER user\r\n");
  reply("331 password\r\n");
  CHECK(far.read(13) == "PASS secret\r\n");
  reply("230 in\r\n");
  session.host.expect("\r\n+QFTPOPEN: 0,0\r\n");
}

TEST_CASE("socat echoes what a socket sends [SOCK-41] [SURC-3]") {
  const auto port = conformance::held_port();
  Program socat({"setpriv", "--pdeathsig", "KILL", "socat", "-d", "-d",
                 fmt::format("TCP-LISTEN:{},bind=127.0.0.1,reuseaddr", port), "EXEC:cat"});
  REQUIRE(socat.wait_for_err("listening on"));
  Session session;
  session.host.command("AT+QIACT=1");
  session.host.command(fmt::format("AT+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",{},0,1", port));
  session.host.expect("\r\n+QIOPEN: 0,0\r\n");
  session.host.command("AT+QISEND=0,5", "\r\n> ");
  session.host.send("hello");
  session.host.expect("\r\nSEND OK\r\n");
  session.host.expect("\r\n+QIURC: \"recv\",0,5\r\nhello\r\n");
  session.host.command("AT+QICLOSE=0");
  CHECK(socat.end() == 0);
}
