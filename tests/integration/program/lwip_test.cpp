// A host whose IP stack nobody here wrote: lwIP's PPP client at the modem's pseudo-terminal pings,
// resolves, loads from a real web server and hangs up, alone and inside the multiplexer.
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/web_server.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#ifndef EG91XQ_LWIP_HOST
#define EG91XQ_LWIP_HOST ""
#endif

using namespace support;

namespace {

constexpr auto alias = "10.64.12.2";
constexpr std::size_t mebibyte = std::size_t{1} << 20U;
constexpr std::chrono::seconds longest_run{60};

bool lacks_lwip() {
  if (std::filesystem::exists(EG91XQ_LWIP_HOST)) return false;
  go_without("there is no lwip_host: scripts/setup has not brought the sources of lwIP");
  return true;
}

bool lacks_network(const EmulatorProcess& emulator) {
  if (emulator.ready().contains("ppp")) return false;
  skip("the program was built without libslirp");
  return true;
}

std::string noise(std::size_t size) {
  std::mt19937_64 draw(7);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(draw() & 0xFFU);
  return bytes;
}

struct Ended {
  int code;
  std::string out;
  std::string err;

  [[nodiscard]] bool says(const std::string& line) const {
    return ('\n' + out).find('\n' + line) != std::string::npos;
  }
};

class LwipHost {
 public:
  explicit LwipHost(const EmulatorProcess& emulator, std::vector<std::string> words,
                    std::size_t port = 0)
      : program_([&] {
          words.insert(words.begin(),
                       {EG91XQ_LWIP_HOST, "--seconds", "50", "--port", emulator.port(port)});
          return words;
        }()) {}

  [[nodiscard]] bool says(const std::string& text) { return program_.wait_for_out(text); }
  Ended end() {
    const auto code = program_.end(longest_run);
    return {code.value_or(-1), program_.out(), program_.err()};
  }

 private:
  Program program_;
};

Ended run(const EmulatorProcess& emulator, const std::vector<std::string>& words,
          std::size_t port = 0) {
  return LwipHost(emulator, words, port).end();
}

}  // namespace

TEST_CASE("lwIP dials, pings, resolves, sends UDP and hangs up [IP-2] [IP-3] [IP-5]") {
  if (lacks_lwip()) return;
  EmulatorProcess emulator;
  if (lacks_network(emulator)) return;
  // Twice: the call before leaves nothing behind.
  for (int i = 0; i < 2; ++i) {
    const auto host = run(emulator, {"--ping", alias, "--resolve", "host.demo", "--ping",
                                     "host.demo", "--udp-echo", "echo.demo:7", "who is there"});
    CAPTURE(host.out, host.err);
    CHECK(host.code == 0);
    CHECK(host.says("address 10.64.12.3\ndns 8.8.8.8\ndns 8.8.4.4\n"));
    CHECK(host.says("ping 10.64.12.2 ok "));
    CHECK(host.says("resolved host.demo 10.64.12.2\n"));
    CHECK(host.says("ping host.demo ok "));
    CHECK(host.says("udp-echo echo.demo:7 ok 12 bytes\n"));
    CHECK(host.says("no carrier\n"));
    CHECK(host.err.empty());
  }
}

TEST_CASE("lwIP loads megabytes from a real web server, by a rule's name and by the alias [IP-8]") {
  if (lacks_lwip() || lacks("nginx")) return;
  WebServer server;
  const auto body = noise(8 * mebibyte);
  server.serve("big", body);
  EmulatorProcess emulator(
      {"--resolve", fmt::format("web.example:80=127.0.0.1:{}", server.port())});
  if (lacks_network(emulator)) return;
  ScratchDirectory scratch;
  const auto host = run(emulator, {"--output", scratch.file("named"), "--get",
                                   "http://web.example/big", "--output", scratch.file("alias"),
                                   "--get", fmt::format("http://{}:{}/big", alias, server.port())});
  CAPTURE(host.out, host.err);
  CHECK(host.code == 0);
  CHECK(host.says(fmt::format("get 200 {} bytes", body.size())));
  CHECK(host.says("no carrier\n"));
  CHECK((contents(scratch.file("named")) == body));
  CHECK((contents(scratch.file("alias")) == body));
  CHECK(server.logged("GET /big HTTP/1.1|200|lwIP/"));
}

TEST_CASE("lwIP logs in by CHAP, by PAP, or not at all [PPP-24] [PPP-25]") {
  if (lacks_lwip()) return;
  for (const auto* wanted : {"chap", "pap", "none"}) {
    EmulatorProcess emulator({"--knob", fmt::format("ppp-auth={}", wanted)});
    if (lacks_network(emulator)) return;
    for (const auto* offered : {"chap", "pap", "none"}) {
      const auto host = run(emulator, {"--auth", offered, "--user", "someone", "--password",
                                       "any thing", "--ping", alias});
      CAPTURE(wanted, offered, host.out, host.err);
      CHECK(host.code == 0);
      CHECK(host.says("ping 10.64.12.2 ok "));
    }
  }
}

TEST_CASE("lwIP is told that its login is refused [PPP-24]") {
  if (lacks_lwip()) return;
  ScratchDirectory scratch;
  std::ofstream(scratch.file("scenario")) << R"({"ppp": {"refuse_login": true}})";
  EmulatorProcess emulator({"--scenario", scratch.file("scenario")});
  for (const auto* login : {"chap", "pap"}) {
    const auto host = run(emulator, {"--auth", login, "--ping", alias});
    CAPTURE(login, host.out);
    CHECK(host.code == 1);
    CHECK(host.err == "lwip_host: PPP: the link has ended: login refused\n");
    CHECK_FALSE(host.says("address"));
  }
}

TEST_CASE("lwIP on one DLCI loads megabytes, with commands on another meanwhile [MUX-34] [IP-5]") {
  if (lacks_lwip() || lacks("nginx")) return;
  WebServer server;
  // The more, the more often the port is full on the way.
  const auto body = noise(16 * mebibyte);
  server.serve("big", body);
  EmulatorProcess emulator;
  if (lacks_network(emulator)) return;
  ScratchDirectory scratch;
  const auto host = run(emulator, {"--mux", "--ping", alias, "--output", scratch.file("body"),
                                   "--get", fmt::format("http://host.demo:{}/big", server.port())});
  CAPTURE(host.out, host.err);
  CHECK(host.code == 0);
  CHECK(host.says("at on dlci 2 ok\n"));
  CHECK(host.says("ping 10.64.12.2 ok "));
  CHECK(host.says(fmt::format("get 200 {} bytes", body.size())));
  CHECK(host.says("no carrier\nmux closed\n"));
  CHECK((contents(scratch.file("body")) == body));
  // The port is as it was.
  CHECK(run(emulator, {"--ping", alias}).code == 0);
}

TEST_CASE("lwIP hears of a server that goes in mid-download, and the call goes on [IP-4]") {
  if (lacks_lwip()) return;
  EmulatorProcess emulator;
  if (lacks_network(emulator)) return;
  const bool by_reset = GENERATE(true, false);
  FarEnd server;
  LwipHost host(emulator, {"--get", fmt::format("http://{}:{}/big", alias, server.port())});
  REQUIRE(host.says("address"));
  server.accept();
  const std::string request = "GET /big HTTP/1.1\r\n";
  CHECK(server.read(request.size()) == request);
  server.write("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + noise(mebibyte));
  if (by_reset)
    server.reset();
  else
    server.finish();
  const auto ended = host.end();
  CAPTURE(by_reset, ended.out, ended.err);
  CHECK(ended.code == 1);
  // reading: a reset may reach the host as an end, behind less than all that came before it
  CHECK(
      (ended.err.find("the connection has ended before the body after ") != std::string::npos ||
       (by_reset && ended.err.find("the server has closed the connection") != std::string::npos)));
  CHECK(ended.says("no carrier\n"));
}

TEST_CASE("lwIP finds nobody at a port where nobody listens, and no name that nobody has [IP-4]") {
  if (lacks_lwip()) return;
  EmulatorProcess emulator;
  if (lacks_network(emulator)) return;
  const auto refused = run(emulator, {"--get", fmt::format("http://{}:{}/", alias, held_port())});
  CHECK(refused.code == 1);
  CHECK(refused.err.find("closed the connection after 0 bytes") != std::string::npos);
  const auto nobody = run(emulator, {"--resolve", "no.such.name"});
  CHECK(nobody.code == 1);
  CHECK(nobody.err == "lwip_host: resolve no.such.name: there is no such name\n");
}

TEST_CASE("lwIP at a second port, with commands at the first meanwhile [IP-5]") {
  if (lacks_lwip()) return;
  Session session({"--port", "pty", "--port", "pty"});
  if (lacks_network(session.emulator)) return;
  FarEnd server;
  LwipHost host(session.emulator, {"--get", fmt::format("http://{}:{}/x", alias, server.port())},
                1);
  REQUIRE(host.says("address"));
  server.accept();
  session.host.command("AT+CGPADDR=1", "\r\n+CGPADDR: 1,\"10.64.12.3\"\r\n\r\nOK\r\n");
  server.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  server.finish();
  const auto ended = host.end();
  CAPTURE(ended.out, ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.says("get 200 5 bytes"));
  CHECK(ended.says("no carrier\n"));
}

TEST_CASE("lwIP loses its link with the context, and dials again [IP-5]") {
  if (lacks_lwip()) return;
  Session session({"--port", "pty", "--port", "pty"});
  if (lacks_network(session.emulator)) return;
  FarEnd server;
  LwipHost host(session.emulator, {"--get", fmt::format("http://{}:{}/x", alias, server.port())},
                1);
  REQUIRE(host.says("address"));
  server.accept();
  session.host.command("AT+CGACT=0,1");
  const auto ended = host.end();
  CAPTURE(ended.out);
  CHECK(ended.code == 1);
  CHECK(ended.err.find(": the link has ended: ") != std::string::npos);
  CHECK(run(session.emulator, {"--ping", alias}, 1).code == 0);
}
