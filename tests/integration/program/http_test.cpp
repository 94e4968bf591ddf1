// HTTP(S) of the module to a real server, with what the server has seen of it as the judge.
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"
#include "tests/support/web_server.hpp"

#include <poll.h>

#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

std::string every_byte(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>((i + i / 256) % 256);
  return bytes;
}

struct Bench {
  explicit Bench(EmulatorProcess::Options options = {})
      : session([&] {
          options.push_back("--file");
          options.push_back("ca.pem=" + server.certificates().path("ca.pem"));
          return options;
        }()) {
    server.serve("small", "hello, world");
    host.command("AT+CMEE=1;+QIACT=1");
  }
  void url(const std::string& path) {
    absolute(fmt::format("http://127.0.0.1:{}{}", server.port(), path));
  }
  void absolute(const std::string& url) {
    host.command(fmt::format("AT+QHTTPURL={}", url.size()), "\r\nCONNECT\r\n");
    host.send(url);
    host.expect("\r\nOK\r\n");
  }
  void get(const std::string& result) {
    host.command("AT+QHTTPGET=80");
    host.expect(fmt::format("\r\n+QHTTPGET: {}\r\n", result));
  }
  void read(const std::string& body) {
    host.command("AT+QHTTPREAD=80", fmt::format("\r\nCONNECT\r\n{}\r\nOK\r\n", body));
    host.expect("\r\n+QHTTPREAD: 0\r\n");
  }

  WebServer server;
  Session session;
  SerialHost& host = session.host;
};

/// What curl gets from the same place.
std::string curl(const std::string& url) {
  Program program({"curl", "-s", url});
  REQUIRE(program.end() == 0);
  return program.out();
}

}  // namespace

TEST_CASE("a resource is read as it is, like curl gets it [HTTP-55] [HTTP-30]") {
  Bench bench;
  const auto content = every_byte(10'000);
  bench.server.serve("bytes", content);
  bench.url("/bytes");
  bench.get("0,200,10000");
  bench.read(content);
  CHECK(curl(fmt::format("http://127.0.0.1:{}/bytes", bench.server.port())) == content);
  // The same connection serves again [HTTP-52].
  bench.get("0,200,10000");
  bench.read(content);
  bench.url("/none");
  bench.host.command("AT+QHTTPGET=80");
  bench.host.expect("\r\n+QHTTPGET: 0,404,");
  bench.host.read_until("\r\n");
  bench.host.command("AT+QHTTPSTOP");
  CHECK(bench.server.logged("GET /bytes HTTP/1.1|200|QUECTEL_MODULE||1\n"));
  CHECK(bench.server.logged("GET /none HTTP/1.1|404|QUECTEL_MODULE||1\n"));
}

TEST_CASE("chunks come without their lengths; a part has its own [HTTP-53] [HTTP-31] [HTTP-36]") {
  Bench bench;
  const auto content = every_byte(70'000);
  bench.server.serve("chunked/bytes", content);
  bench.url("/chunked/bytes");
  bench.get("0,200");
  bench.read(content);
  bench.server.serve("bytes", content);
  bench.url("/bytes");
  bench.host.command("AT+QHTTPGETEX=80,300,8");
  bench.host.expect("\r\n+QHTTPGET: 0,206,8\r\n");
  bench.read(content.substr(300, 8));
}

TEST_CASE("a large response goes into the flash, and no further than there is room [HTTP-59]") {
  Bench bench;
  const auto content = every_byte(200'000);
  bench.server.serve("ota", content);
  bench.url("/ota");
  bench.get("0,200,200000");
  bench.host.command("AT+QHTTPREADFILE=\"UFS:ota.bin\",79");
  bench.host.expect("\r\n+QHTTPREADFILE: 0\r\n");
  bench.host.command("AT+QFLST=\"ota.bin\"", "\r\n+QFLST: \"UFS:ota.bin\",200000\r\n\r\nOK\r\n");
  bench.host.command("AT+QFDWL=\"ota.bin\"", "\r\nCONNECT\r\n" + content + "\r\n+QFDWL: 200000,");
  bench.host.read_until("\r\nOK\r\n");
  bench.server.serve("ota", every_byte(1'000'000));
  bench.get("0,200,1000000");
  bench.host.command("AT+QHTTPREADFILE=\"UFS:ota.bin\",79");
  bench.host.expect("\r\n+QHTTPREADFILE: 729\r\n");
  bench.host.command("AT+QFLST=\"ota.bin\"", "\r\n+QFLST: \"UFS:ota.bin\",200000\r\n\r\nOK\r\n");
}

TEST_CASE("a body is posted, and its answer read [HTTP-40] [HTTP-50]") {
  Bench bench;
  bench.url("/echo");
  bench.host.command("AT+QHTTPPOST=20,80,80", "\r\nCONNECT\r\n");
  bench.host.send("Message=HelloQuectel");
  bench.host.expect("\r\nOK\r\n");
  bench.host.expect("\r\n+QHTTPPOST: 0,200,20\r\n");
  bench.read("Message=HelloQuectel");
  CHECK(bench.server.logged(
      "POST /echo HTTP/1.1|200|QUECTEL_MODULE|application/x-www-form-urlencoded|"));
}

TEST_CASE("as much as may be posted arrives, every byte of it [HTTP-40] [HTTP-44]") {
  Bench bench({"--knob", "siblings=on"});
  const auto content = every_byte(1'024'000);
  bench.url("/up/big");
  bench.host.command("AT+QHTTPPUT=1024000,80,80", "\r\nCONNECT\r\n");
  bench.host.send(content);
  bench.host.expect("\r\nOK\r\n");
  bench.host.expect("\r\n+QHTTPPUT: 0,201,0\r\n");
  CHECK(bench.server.uploaded("big") == content);
}

TEST_CASE("a raw request is the host's own [HTTP-41]") {
  Bench bench;
  bench.url("/elsewhere");
  bench.host.command("AT+QHTTPCFG=\"requestheader\",1");
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: x\r\nUser-Agent: mine\r\nContent-Length: 2\r\n\r\nhi";
  bench.host.command(fmt::format("AT+QHTTPPOST={}", request.size()), "\r\nCONNECT\r\n");
  bench.host.send(request);
  bench.host.expect("\r\nOK\r\n");
  bench.host.expect("\r\n+QHTTPPOST: 0,200,2\r\n");
  bench.read("hi");
  CHECK(bench.server.logged("POST /echo HTTP/1.1|200|mine||"));
}

TEST_CASE("redirects and a password at a real server [HTTP-37] [HTTP-10]") {
  Bench bench;
  bench.url("/moved");
  bench.get("0,200,12");
  bench.read("hello, world");
  bench.url("/near");
  bench.get("711");
  bench.url("/guarded");
  bench.host.command("AT+QHTTPGET=80");
  bench.host.expect("\r\n+QHTTPGET: 0,401,");
  bench.host.read_until("\r\n");
  bench.host.command("AT+QHTTPCFG=\"auth\",\"user:pass\"");
  bench.get("0,200,12");
  bench.read("hello, world");
}

TEST_CASE("HTTPS by the context that is set, with its check of the server [HTTP-54]") {
  Bench bench;
  bench.host.command("AT+QHTTPCFG=\"sslctxid\",2;+QSSLCFG=\"seclevel\",2,1;+QSSLCFG=\"sni\",2,1");
  bench.host.command("AT+QSSLCFG=\"cacert\",2,\"ca.pem\"");
  bench.absolute(fmt::format("https://localhost:{}/small", bench.server.tls_port()));
  bench.get("0,200,12");
  bench.read("hello, world");
  // The certificate is for another name.
  bench.absolute(fmt::format("https://127.0.0.1:{}/small", bench.server.tls_port()));
  bench.get("716");
  // Not TLS at all.
  bench.absolute(fmt::format("https://localhost:{}/small", bench.server.port()));
  bench.get("716");
}

TEST_CASE("nobody listens, or there is no such name [HTTP-33]") {
  Bench bench;
  std::uint16_t port = 0;
  {
    FarEnd gone;
    port = gone.port();
  }
  bench.absolute(fmt::format("http://127.0.0.1:{}/", port));
  bench.get("716");
  bench.absolute("http://nowhere.invalid/");
  bench.get("716");
}

TEST_CASE("a body that nobody reads stops the server [HTTP-32]") {
  Bench bench;
  FarEnd far;
  bench.absolute(fmt::format("http://127.0.0.1:{}/", far.port()));
  bench.host.command("AT+QHTTPGET=80");
  far.accept();
  static_cast<void>(far.read(20));
  far.write("HTTP/1.1 200 OK\r\n\r\n");
  bench.host.expect("\r\n+QHTTPGET: 0,200\r\n");
  far.socket().non_blocking(true);
  const std::string block(65'536, 'x');
  std::size_t written = 0;
  boost::system::error_code error;
  // The kernels' own buffers take some; then no more.
  for (int i = 0; i < 1000 && !error; ++i)
    written += far.socket().write_some(boost::asio::buffer(block), error);
  CHECK(error == boost::asio::error::would_block);
  far.socket().non_blocking(false);
  far.finish();
  bench.read(std::string(written, 'x'));
}

TEST_CASE("a host that does not read stops the server, and loses nothing [HTTP-55] [HTTP-56]") {
  Bench bench;
  FarEnd far;
  bench.absolute(fmt::format("http://127.0.0.1:{}/", far.port()));
  bench.host.command("AT+QHTTPGET=80");
  far.accept();
  static_cast<void>(far.read(20));
  far.write("HTTP/1.1 200 OK\r\n\r\n");
  bench.host.expect("\r\n+QHTTPGET: 0,200\r\n");
  bench.host.command("AT+QHTTPREAD=80", "\r\nCONNECT\r\n");
  constexpr std::size_t enough = 64'000'000;
  constexpr int long_silence_ms = 1000;
  far.socket().non_blocking(true);
  const std::string block(65'536, 'x');
  std::size_t written = 0;
  for (bool stopped = false; !stopped && written < enough;) {
    boost::system::error_code error;
    written += far.socket().write_some(boost::asio::buffer(block), error);
    pollfd room{far.socket().native_handle(), POLLOUT, 0};
    stopped = ::poll(&room, 1, long_silence_ms) == 0;
  }
  CHECK(written < enough);
  far.socket().non_blocking(false);
  far.finish();
  bench.host.expect(std::string(written, 'x') + "\r\nOK\r\n\r\n+QHTTPREAD: 0\r\n");
}
