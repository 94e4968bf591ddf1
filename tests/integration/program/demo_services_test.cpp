// The demo's services as a host's commands and the tools of this machine see them.
#include "tests/support/emulator_process.hpp"
#include "tests/support/http_client.hpp"

#include <poll.h>

#include <array>
#include <memory>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using boost::asio::ip::tcp;

namespace {

std::uint16_t port_of(const EmulatorProcess& emulator, const char* service,
                      const char* which = "port") {
  return emulator.ready().at("services").at(service).at(which).get<std::uint16_t>();
}

std::string http_address(const EmulatorProcess& emulator) {
  return fmt::format("http://127.0.0.1:{}", port_of(emulator, "http"));
}

std::string pattern(std::size_t from, std::size_t to) {
  std::string bytes;
  for (auto i = from; i < to; ++i) bytes += static_cast<char>(i % 251);
  return bytes;
}

/// Sends a payload on socket 0 of either kind, and reads it back.
void talk(SerialHost& host, const std::string& sends, const std::string& received,
          const std::string& reads) {
  host.command(sends + "=0,5", "\r\n> ");
  host.send("hello");
  host.expect("\r\nSEND OK\r\n");
  host.expect(fmt::format("\r\n+{}: \"recv\",0\r\n", received));
  host.command(fmt::format("AT+{}=0,1500", reads),
               fmt::format("\r\n+{}: 5\r\nhello\r\n\r\nOK\r\n", reads));
}

/// What curl says; "" when it fails.
std::string curl(std::vector<std::string> words) {
  words.insert(words.begin(), {"curl", "--silent", "--show-error"});
  Program program(words);
  const auto code = program.end();
  CHECK(code == 0);
  INFO(program.err());
  return program.out();
}

}  // namespace

TEST_CASE("echo.demo sends back what a socket sends, over TCP and UDP") {
  const std::string type = GENERATE("TCP", "UDP");
  Session session;
  session.host.command("AT+QIACT=1");
  session.host.command(fmt::format("AT+QIOPEN=1,0,\"{}\",\"echo.demo\",7", type));
  session.host.expect("\r\n+QIOPEN: 0,0\r\n");
  talk(session.host, "AT+QISEND", "QIURC", "QIRD");
}

TEST_CASE("echo.demo has a certificate of the demo's authority") {
  Session session;
  auto& host = session.host;
  host.command("AT+QIACT=1");
  host.command("AT+QSSLCFG=\"cacert\",1,\"demo_ca.pem\"");
  host.command("AT+QSSLCFG=\"seclevel\",1,1");
  host.command("AT+QSSLCFG=\"sni\",1,1");
  host.command("AT+QSSLOPEN=1,1,0,\"echo.demo\",4433");
  host.expect("\r\n+QSSLOPEN: 0,0\r\n");
  talk(host, "AT+QSSLSEND", "QSSLURC", "QSSLRECV");
}

TEST_CASE("echo.demo does not read on while its peer does not take what comes back") {
  EmulatorProcess emulator;
  boost::asio::io_context io;
  tcp::socket peer(io);
  peer.connect({boost::asio::ip::address_v4::loopback(), port_of(emulator, "echo")});
  peer.non_blocking(true);
  const std::string block(65'536, 'x');
  std::size_t sent = 0;
  boost::system::error_code error;
  // The kernels' own buffers take some.
  for (int i = 0; i < 2000 && !error; ++i) {
    sent += peer.write_some(boost::asio::buffer(block), error);
    pollfd room{peer.native_handle(), POLLOUT, 0};
    if (error == boost::asio::error::would_block && ::poll(&room, 1, 200) == 1) error = {};
  }
  CHECK(error == boost::asio::error::would_block);
  peer.non_blocking(false);
  peer.shutdown(tcp::socket::shutdown_send);
  std::size_t back = 0;
  std::array<char, 65'536> read{};
  error = {};
  while (!error) back += peer.read_some(boost::asio::buffer(read), error);
  CHECK(error == boost::asio::error::eof);
  CHECK(back == sent);
}

TEST_CASE("http.demo has pages of any length, whole, in ranges and in chunks") {
  EmulatorProcess emulator;
  HttpClient client(http_address(emulator));
  CHECK(client.get("/").body == "Hello from http.demo.\n");
  const auto whole = client.get("/bytes/100000");
  CHECK(whole.status == 200);
  CHECK(whole.body == pattern(0, 100'000));
  const auto part = client.get("/bytes/100000", "Range: bytes=300-599\r\n");
  CHECK(part.status == 206);
  CHECK(part.has("Content-Range: bytes 300-599/100000\r\n"));
  CHECK(part.body == pattern(300, 600));
  client.ask("GET", "/chunked/5000");
  CHECK(client.read_until("\r\n\r\n").find("Transfer-Encoding: chunked\r\n") != std::string::npos);
  CHECK(client.read_until("0\r\n\r\n") ==
        "1000\r\n" + pattern(0, 4096) + "\r\n388\r\n" + pattern(4096, 5000) + "\r\n0\r\n\r\n");
  client.ask("HEAD", "/bytes/77");
  CHECK(client.response(true).has("Content-Length: 77\r\n"));
  client.ask("POST", "/echo", "Content-Type: a/b\r\n", "body");
  const auto echoed = client.response();
  CHECK(echoed.body == "body");
  CHECK(echoed.has("Content-Type: a/b\r\n"));
  const auto redirected = client.get("/redirect");
  CHECK(redirected.status == 302);
  CHECK(redirected.has(fmt::format("Location: http://{}/\r\n", client.host())));
  CHECK(client.get("/status/418").status == 418);
}

TEST_CASE("http.demo limits what it takes") {
  EmulatorProcess emulator;
  {
    HttpClient client(http_address(emulator));
    client.ask("POST", "/echo", "Content-Length: 1048577\r\n");
    CHECK(client.response().status == 413);
    CHECK(client.at_end());
  }
  {
    HttpClient client(http_address(emulator));
    client.ask("POST", "/echo", {}, std::string(2'000'000, 'x'));
    CHECK(client.response().status == 413);
  }
  {
    HttpClient client(http_address(emulator));
    client.ask("GET", "/", "Long: " + std::string(17'000, 'x') + "\r\n");
    CHECK(client.response().status == 431);
  }
  HttpClient client(http_address(emulator));
  client.send("nonsense\r\n\r\n");
  CHECK(client.response().status == 400);
  CHECK(client.at_end());
}

TEST_CASE("http.demo turns away whom it has no place for") {
  EmulatorProcess emulator;
  std::vector<std::unique_ptr<HttpClient>> many;
  for (int i = 0; i < 64; ++i) {
    many.push_back(std::make_unique<HttpClient>(http_address(emulator)));
    CHECK(many.back()->get("/").status == 200);
  }
  CHECK(HttpClient(http_address(emulator)).at_end());
  CHECK(many.front()->get("/").status == 200);
}

TEST_CASE("curl trusts https://http.demo by the demo's authority") {
  if (installed("curl").empty()) return;
  EmulatorProcess emulator;
  const auto port = port_of(emulator, "http", "tls_port");
  const auto ca = emulator.ready().at("broker").at("ca").get<std::string>();
  const auto out = curl({"--cacert", ca, "--resolve", fmt::format("http.demo:{}:127.0.0.1", port),
                         fmt::format("https://http.demo:{}/redirect", port), "--location"});
  CHECK(out == "Hello from http.demo.\n");
  CHECK(curl({"--data", "x=1", http_address(emulator) + "/echo"}) == "x=1");
}

TEST_CASE("the services are listed, and can be left out") {
  EmulatorProcess emulator;
  const auto& out = emulator.program().out();
  CHECK_THAT(out, Catch::Contains(fmt::format("\nhttp 127.0.0.1:{}  # http.demo:80 leads there",
                                              port_of(emulator, "http"))));
  CHECK_THAT(out, Catch::Contains(fmt::format("\necho 127.0.0.1:{}  # echo.demo:7 leads there",
                                              port_of(emulator, "echo"))));
  CHECK(port_of(emulator, "time") != 0);
  Session without({"--demo-services", "off"});
  CHECK(without.emulator.ready().at("services").size() == 1);
  CHECK(without.emulator.program().out().find("http") == std::string::npos);
  without.host.command("AT+QIDNSGIP=1,\"time.demo\"");
  without.host.expect("\r\n+QIURC: \"dnsgip\",0,1,600\r\n\r\n+QIURC: \"dnsgip\",\"127.0.0.1\"\r\n");
  const EmulatorProcess off({"--demo-broker", "off"});
  CHECK(off.ready().at("services").empty());
  const EmulatorProcess alone({"--demo-broker", "off", "--demo-services", "on"});
  CHECK(port_of(alone, "http", "tls_port") != 0);
}
