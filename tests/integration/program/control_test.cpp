// The control interface of the real program, with clients that behave and clients that do not; the
// modem answers its host all the while.
#include "tests/support/emulator_process.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/places.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using nlohmann::json;

namespace {

struct Controlled {
  explicit Controlled(EmulatorProcess::Options more = {"--control", "0"})
      : session([&more] {
          more.insert(more.end(), {"--demo-broker", "off"});
          return more;
        }()),
        address(session.emulator.ready().at("control")) {}

  Session session;
  std::string address;
};

std::string token_file(const ScratchDirectory& scratch, const std::string& content) {
  const auto path = scratch.file("token");
  std::ofstream(path) << content;
  return path;
}

void refuses_to_start(const std::vector<std::string>& options, const std::string& why) {
  std::vector<std::string> words{binary(), "--port", "tcp:0", "--demo-broker", "off"};
  words.insert(words.end(), options.begin(), options.end());
  Program program(words);
  CHECK(program.end() == 2);
  CAPTURE(program.err());
  CHECK(program.err().find(why) != std::string::npos);
  CHECK(program.err().find('\n') == program.err().size() - 1);
}

}  // namespace

TEST_CASE("[CTL-1] the address is told on standard output, in the ready file and to the command") {
  EmulatorProcess emulator({"--demo-broker", "off", "--control", "0"});
  const std::string address = emulator.ready().at("control");
  CHECK(address.starts_with("http://127.0.0.1:"));
  const auto line = fmt::format("\npage {0}/\ncontrol {0}\nready\n", address);
  CHECK(emulator.program().wait_for_out(line));
  Program with_command({binary(), "--demo-broker", "off", "--control", "0", "--", "sh", "-c",
                        "echo MODEM_CONTROL=$MODEM_CONTROL"});
  CHECK(with_command.end() == 0);
  CHECK(with_command.out().starts_with("MODEM_CONTROL=http://127.0.0.1:"));
  EmulatorProcess without({"--demo-broker", "off"});
  CHECK_FALSE(without.ready().contains("control"));
}

TEST_CASE("[CTL-3] [CTL-4] health, modems and the OpenAPI document") {
  Controlled modem;
  const auto health = fetch(modem.address, "/v1/health");
  CHECK(health.status == 200);
  CHECK(json::parse(health.body) == json{{"ready", true}});
  HttpClient client(modem.address);
  const auto modems = json::parse(client.get("/v1/modems").body);
  modem.session.host.send("AT+CGSN\r");
  const auto serial = modem.session.host.read_until("OK\r\n");
  REQUIRE(modems.at("modems").size() == 1);
  CHECK(modems.at("modems").at(0).at("name") == "modem0");
  CHECK(modems.at("modems").at(0).at("model") == "EG916Q");
  CHECK(serial.find(modems.at("modems").at(0).at("imei").get<std::string>()) != std::string::npos);
  const auto document = json::parse(client.get("/v1/openapi.json").body);
  CHECK(document.at("openapi") == "3.1.0");
  CHECK(document.at("paths").contains("/v1/modems"));
}

TEST_CASE("[CTL-3] HTTP as it is written: keep-alive, pipelines, HEAD, 404, 405, 1.0, Expect") {
  Controlled modem;
  HttpClient client(modem.address);
  client.ask("GET", "/v1/health");
  client.ask("GET", "/v1/nothing");
  client.ask("DELETE", "/v1/health");
  client.ask("HEAD", "/v1/health");
  client.ask("GET", "/v1/health?deep=1");
  CHECK(client.response().status == 200);
  const auto nothing = client.response();
  CHECK(nothing.status == 404);
  CHECK(nothing.has("Content-Type: application/problem+json"));
  const auto method = client.response();
  CHECK(method.status == 405);
  CHECK(method.has("Allow: GET, HEAD"));
  CHECK(client.response(true).has("Content-Length: 14"));
  CHECK(json::parse(client.response().body).at("field") == "deep");
  client.send(fmt::format("GET http://{0}/v1/health HTTP/1.1\r\nHost: {0}\r\n\r\n", client.host()));
  CHECK(client.response().status == 200);
  client.ask("GET", "/v1/health", "Expect: 100-continue\r\nContent-Length: 2\r\n");
  CHECK(client.response(true).status == 100);
  client.send("{}");
  CHECK(client.response().status == 200);
  for (const auto* coding : {"identity", "gzip", "chunked, identity", "gzip, chunked"}) {
    HttpClient other(modem.address);
    other.ask("GET", "/v1/health", fmt::format("Transfer-Encoding: {}\r\n", coding));
    CHECK(other.response().status == 501);
    CHECK(other.at_end());
  }
  client.ask("GET", "/v1/health", "Expect: wonders\r\n");
  CHECK(client.response().status == 417);
  CHECK(client.at_end());
  HttpClient old(modem.address);
  old.send(fmt::format("GET /v1/health HTTP/1.0\r\nHost: {}\r\n\r\n", old.host()));
  CHECK(old.response().body == R"({"ready":true})");
  CHECK(old.at_end());
}

TEST_CASE("[CTL-2] another Host or Origin is 403") {
  Controlled modem;
  const auto port = modem.address.substr(modem.address.rfind(':'));
  const auto with = [&](const std::string& head) {
    HttpClient client(modem.address);
    client.send("GET /v1/health HTTP/1.1\r\n" + head + "\r\n");
    return client.response().status;
  };
  CHECK(with("Host: 127.0.0.1" + port + "\r\n") == 200);
  CHECK(with("Host: LocalHost" + port + "\r\n") == 200);
  CHECK(with("Host: localhost" + port + "\r\nOrigin: http://localhost" + port + "\r\n") == 200);
  CHECK(with("Host: localhost\r\n") == 403);
  CHECK(with("Host: evil.example" + port + "\r\n") == 403);
  CHECK(with("Host: evil.example\r\n") == 403);
  CHECK(with("Host: localhost" + port + "\r\nOrigin: https://localhost" + port + "\r\n") == 403);
  CHECK(with("Host: localhost" + port + "\r\nOrigin: http://evil.example\r\n") == 403);
  CHECK(with("Host: localhost" + port + "\r\nOrigin: null\r\n") == 403);
  CHECK(with("") == 400);
  CHECK(with("Host: localhost" + port + "\r\nHost: evil.example\r\n") == 400);
  modem.session.host.command("AT");
}

TEST_CASE("[CTL-2] with a token every request needs it, and any Host is right") {
  ScratchDirectory scratch;
  Controlled modem({"--control", "0", "--control-token", token_file(scratch, "s3cret \nmore\n")});
  const auto with = [&](const std::string& fields) {
    return fetch(modem.address, "/v1/health", fields);
  };
  const auto missing = with("");
  CHECK(missing.status == 401);
  CHECK(missing.has("WWW-Authenticate: Bearer"));
  CHECK(with("Authorization: Bearer s3creT\r\n").status == 401);
  CHECK(with("Authorization: Bearer s3cret2\r\n").status == 401);
  CHECK(with("Authorization: Basic s3cret\r\n").status == 401);
  CHECK(with("Authorization: bearer s3cret\r\n").status == 200);
  CHECK(with("Authorization: Bearer s3cret\r\nOrigin: http://evil.example\r\n").status == 403);
  HttpClient client(modem.address);
  client.send("GET /v1/health HTTP/1.1\r\nHost: lab\r\nAuthorization: Bearer s3cret\r\n\r\n");
  CHECK(client.response().status == 200);
}

TEST_CASE("[CTL-2] what cannot be served safely, or at all, is one line and exit code 2") {
  ScratchDirectory scratch;
  refuses_to_start({"--control", "0.0.0.0:0"}, "--control-token");
  refuses_to_start({"--control", "[::]:0"}, "--control-token");
  refuses_to_start({"--control", "0", "--control-token", token_file(scratch, "\n")}, "first line");
  refuses_to_start({"--control", "0", "--control-token", scratch.file("none")}, "first line");
  refuses_to_start({"--control-token", token_file(scratch, "x")}, "no --control");
  refuses_to_start({"--control", "nowhere"}, "[HOST:]PORT");
  refuses_to_start({"--control", "unix:" + scratch.file("no/such")}, "No such file");
  EmulatorProcess first({"--demo-broker", "off", "--control", "0"});
  const std::string address = first.ready().at("control");
  refuses_to_start({"--control", address.substr(std::string_view("http://").size())}, "in use");
}

TEST_CASE("[CTL-1] a local socket: its owner's only, replaced when dead, refused when live") {
  ScratchDirectory scratch;
  const auto path = scratch.file("control");
  {
    Controlled modem({"--control", "unix:" + path});
    CHECK(modem.address == "unix:" + path);
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0600);
    CHECK(fetch(modem.address, "/v1/health").status == 200);
    HttpClient client(modem.address);
    client.send("GET /v1/health HTTP/1.1\r\nHost: whatever\r\n\r\n");
    CHECK(client.response().status == 200);
    CHECK(fetch(modem.address, "/v1/health", "Origin: http://evil.example\r\n").status == 403);
    refuses_to_start({"--control", "unix:" + path}, "already in use");
    CHECK(fetch(modem.address, "/v1/health").status == 200);
    modem.session.emulator.kill();
  }
  CHECK(::access(path.c_str(), F_OK) == 0);
  {
    Controlled modem({"--control", "unix:" + path});
    CHECK(fetch(modem.address, "/v1/health").status == 200);
    CHECK(modem.session.emulator.program().terminate() == 0);
  }
  CHECK(::access(path.c_str(), F_OK) != 0);
  std::ofstream(path) << "precious";
  refuses_to_start({"--control", "unix:" + path}, "no socket");
  CHECK(contents(path) == "precious");
}

TEST_CASE("[CTL-2] two megabytes are refused with 413, announced or not") {
  Controlled modem;
  HttpClient announced(modem.address);
  announced.ask("POST", "/v1/modems", "", std::string(2 * 1024 * 1024, 'x'));
  const auto refused = announced.response();
  CHECK(refused.status == 413);
  CHECK(json::parse(refused.body).at("title") == "Payload Too Large");
  HttpClient chunked(modem.address);
  chunked.ask("POST", "/v1/modems", "Transfer-Encoding: chunked\r\n");
  const auto piece = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 32; ++i) chunked.send(piece);
  CHECK(chunked.response().status == 413);
  HttpClient header(modem.address);
  header.ask("GET", "/v1/health", "X-Long: " + std::string(17 * 1024, 'x') + "\r\n");
  CHECK(header.response().status == 431);
  modem.session.host.command("AT");
}

TEST_CASE("[CTL-2] garbage, halves and floods end their own connection and nothing else") {
  Controlled modem;
  for (const auto* garbage :
       {"\x16\x03\x01\x02garbage\r\n\r\n", "GET\r\n\r\n", "\r\n\r\nnot http\r\n",
        "GET /v1/health HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nbad\r\n\r\n"}) {
    HttpClient client(modem.address);
    client.send(garbage);
    CHECK(client.response().status == 400);
    CHECK(client.at_end());
  }
  HttpClient half(modem.address);
  half.send("GET /v1/health HTTP/1.1\r\nHost");
  HttpClient silent(modem.address);
  modem.session.host.command("AT");
  CHECK(fetch(modem.address, "/v1/health").status == 200);
  HttpClient flood(modem.address);
  const auto request =
      fmt::format("GET /v1/openapi.json HTTP/1.1\r\nHost: {}\r\n\r\n", flood.host());
  for (int i = 0; i < 100; ++i) flood.send(request);
  for (int i = 0; i < 100; ++i) {
    modem.session.host.command("AT");
    CHECK(flood.response().status == 200);
  }
}

TEST_CASE("[CTL-2] of a thousand connections 64 are served, and later ones again") {
  Controlled modem;
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.push_back(std::make_unique<HttpClient>(modem.address));
    if (i % 50 == 0) modem.session.host.command("AT");
  }
  for (std::size_t i = 0; i < 64; ++i) CHECK(clients[i]->get("/v1/health").status == 200);
  for (std::size_t i = 64; i < clients.size(); ++i) {
    const auto refused = clients[i]->response();
    CHECK(refused.status == 503);
    const auto problem = nlohmann::json::parse(refused.body, nullptr, false);
    CHECK(problem.at("detail") == "there are 64 connections already; close one");
  }
  modem.session.host.command("AT");
  for (std::size_t i = 0; i < 64; ++i) {
    clients[i]->ask("GET", "/v1/health", "Connection: close\r\n");
    CHECK(clients[i]->response().status == 200);
    CHECK(clients[i]->at_end());
    clients[i].reset();
  }
  // The server learns of each end in its own time.
  const auto start = std::chrono::steady_clock::now();
  int status = 503;
  while (status == 503 && ms_since(start) < 10'000)
    status = fetch(modem.address, "/v1/health").status;
  CHECK(status == 200);
}

TEST_CASE("[CTL-14] an expectation is answered when its event comes, not with what comes later") {
  Controlled controlled;
  HttpClient waiting(controlled.address);
  CHECK(waiting.get("/v1/health").status == 200);
  waiting.ask("POST", "/v1/modems/default/expect", {},
              R"({"within":600,"all":[{"kind":"command","line":"CSQ"}]})");
  CHECK(fetch(controlled.address, "/v1/health").status == 200);
  controlled.session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  CHECK(waiting.response().status == 200);
}
