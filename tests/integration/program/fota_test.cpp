// Firmware updates with real servers, and the program that makes packages.
#include "tests/support/certificates.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"
#include "tests/support/ftp_server.hpp"
#include "tests/support/places.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/web_server.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using Catch::Contains;

namespace {

const std::string revision = "EG916QGLLGR01A06M01";

struct Made {
  int code;
  std::string out;
  std::string err;
};

Made make(std::vector<std::string> options) {
  options.insert(options.begin(), {binary(), "fota-package"});
  Program program(options);
  const int code = program.end().value_or(-1);
  return {code, program.out(), program.err()};
}

std::string package_of(const std::string& new_revision, const std::string& size = "200000") {
  ScratchDirectory scratch;
  const auto made =
      make({"--revision", new_revision, "--output", scratch.file("p"), "--size", size});
  REQUIRE(made.code == 0);
  return contents(scratch.file("p"));
}

/// Its updates take a tenth of a second.
struct Bench {
  explicit Bench(EmulatorProcess::Options options = {})
      : scenario([this] {
          std::ofstream(scratch.file("scenario"))
              << R"({"fota":{"check_ms":20,"reset_ms":20,"start_ms":20,"update_ms":100}})";
          return scratch.file("scenario");
        }()),
        session([&] {
          options.insert(options.end(), {"--scenario", scenario, "--file",
                                         "ca.pem=" + certificates.path("ca.pem")});
          return options;
        }()) {
    host.command("AT+CMEE=1");
  }
  void update(const std::string& arguments, const std::string& beginning,
              const std::string& ending) {
    host.command("AT+QFOTADL=" + arguments);
    host.expect("\r\n+QIND: \"FOTA\",\"" + beginning + "\"\r\n");
    host.expect("\r\n+QIND: \"FOTA\",\"" + ending + "\r\n");
  }
  void played() {
    host.expect("\r\nRDY\r\n");
    host.expect("\r\n+QIND: \"FOTA\",\"START\"\r\n");
    for (const int percent : {7, 20, 33, 46, 59, 71, 84, 96})
      host.expect(fmt::format("\r\n+QIND: \"FOTA\",\"UPDATING\",{}\r\n", percent));
    host.expect("\r\n+QIND: \"FOTA\",\"END\",0\r\n");
    host.expect(boot_text);
    host.command("ATE0", "ATE0\r\r\nOK\r\n");
    runs(revision);
  }
  void runs(const std::string& what) {
    host.command("AT+QGMR", fmt::format("\r\n{}_A0.001.A0.001\r\n\r\nOK\r\n", what));
  }

  Certificates certificates;
  ScratchDirectory scratch;
  std::string scenario;
  Session session;
  SerialHost& host = session.host;
};

}  // namespace

TEST_CASE("an update from a web server, plain and by TLS [FOTA-1] [FOTA-2]") {
  WebServer server;
  server.serve("p", package_of(revision));
  Bench bench;
  const auto* const scheme = GENERATE("http", "https", "http-moved");
  const std::string word = scheme;
  const auto port = word == "https" ? server.tls_port() : server.port();
  if (word == "http-moved") {
    server.serve("small", package_of(revision));
    bench.update(fmt::format("\"http://127.0.0.1:{}/moved\"", port), "HTTPSTART", "HTTPEND\",0");
  } else {
    bench.update(fmt::format("\"{}://127.0.0.1:{}/p\",1,50", word, port), "HTTPSTART",
                 "HTTPEND\",0");
  }
  bench.played();
}

TEST_CASE("HTTPS of an update checks the certificate as AT+QSSLCFG says [FOTA-1] [FOTA-3]") {
  WebServer server;
  server.serve("p", package_of(revision));
  Bench bench({"--file", "other.pem=" + server.certificates().path("other_ca.pem"), "--file",
               "right.pem=" + server.certificates().path("ca.pem")});
  auto& host = bench.host;
  host.command("AT+QHTTPCFG=\"sslctxid\",2");
  host.command("AT+QSSLCFG=\"seclevel\",2,1");
  host.command("AT+QSSLCFG=\"cacert\",2,\"other.pem\"");
  const auto arguments = fmt::format("\"https://localhost:{}/p\",1,50,1,1", server.tls_port());
  bench.update(arguments, "HTTPSTART", "HTTPEND\",701");
  host.command("AT+QSSLCFG=\"cacert\",2,\"right.pem\"");
  bench.update(arguments, "HTTPSTART", "HTTPEND\",0");
  bench.played();
}

TEST_CASE("an update from an FTP server, plain and by TLS [FOTA-1] [FOTA-2] [FOTA-3]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  Certificates certificates;
  const std::string kind = GENERATE("plain", "explicit", "implicit");
  FtpServer server(kind, kind == "plain"
                             ? std::vector<std::string>{}
                             : std::vector<std::string>{certificates.path("server.pem"),
                                                        certificates.path("server.key")});
  server.put("p", package_of(revision));
  Bench bench;
  if (kind == "explicit") bench.host.command("AT+QFTPCFG=\"ssltype\",2");
  const auto* const scheme = kind == "plain" ? "ftp" : "ftps";
  const auto url = [&](const std::string& password, const std::string& file) {
    return fmt::format("\"{}://user:{}@127.0.0.1:{}/{}\"", scheme, password, server.port(), file);
  };
  bench.update(url("wrong", "p"), "FTPSTART", "FTPEND\",601");
  bench.update(url("secret", "none"), "FTPSTART", "FTPEND\",601");
  bench.update(url("secret", "p"), "FTPSTART", "FTPEND\",0");
  bench.played();
}

TEST_CASE("a new revision outlasts the program with its state directory [FOTA-2] [FOTA-5]") {
  ScratchDirectory scratch;
  {
    std::ofstream(scratch.file("p"), std::ios::binary) << package_of(revision);
    Bench bench({"--state-dir", scratch.file("state"), "--file", "p=" + scratch.file("p")});
    bench.host.command("AT+QFOTADL=\"/usrdata/cache/ufs/p\"");
    bench.played();
  }
  Bench again({"--state-dir", scratch.file("state")});
  again.runs(revision);
  again.host.command("AT&F");
  again.host.command("ATE0", "ATE0\r\r\nOK\r\n");
  again.runs(revision);
}

TEST_CASE("a download meets what can go wrong with a server [FOTA-3] [FOTA-4]") {
  WebServer server;
  auto cut = package_of(revision);
  cut.pop_back();
  server.serve("cut", cut);
  server.serve("other", package_of("EG915QNALGR01A05M01"));
  Bench bench;
  bench.update(fmt::format("\"http://127.0.0.1:{}/none\"", server.port()), "HTTPSTART",
               "HTTPEND\",701");
  bench.update("\"http://127.0.0.1:1/p\",1,50,1,1", "HTTPSTART", "HTTPEND\",701");
  bench.update("\"http://nowhere.invalid/p\",1,50,1,1", "HTTPSTART", "HTTPEND\",701");
  bench.update(fmt::format("\"http://127.0.0.1:{}/cut\"", server.port()), "HTTPSTART",
               "HTTPEND\",0");
  bench.host.expect("\r\n+QIND: \"FOTA\",\"END\",505\r\n");
  bench.update(fmt::format("\"http://127.0.0.1:{}/other\"", server.port()), "HTTPSTART",
               "HTTPEND\",0");
  bench.host.expect("\r\n+QIND: \"FOTA\",\"END\",552\r\n");
  bench.runs("EG916QGLLGR01A05M04");
}

TEST_CASE("a server that resets in the middle is asked again [FOTA-4]") {
  FarEnd server;
  Bench bench;
  const auto package = package_of(revision, "20000");
  const auto head = fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", package.size());
  bench.host.command(fmt::format("AT+QFOTADL=\"http://127.0.0.1:{}/p\",1,50,1,1", server.port()));
  bench.host.expect("\r\n+QIND: \"FOTA\",\"HTTPSTART\"\r\n");
  server.accept();
  CHECK(server.read(11) == "GET /p HTTP");
  server.write(head + package.substr(0, 5000));
  server.reset();
  server.accept();
  CHECK(server.read(11) == "GET /p HTTP");
  server.write(head + package);
  bench.host.expect("\r\n+QIND: \"FOTA\",\"HTTPEND\",0\r\n");
  bench.played();
}

TEST_CASE("names and faults act on a download as on any connection [FOTA-1] [FOTA-4]") {
  WebServer server;
  server.serve("p", package_of(revision));
  ScratchDirectory scratch;
  std::ofstream(scratch.file("faults"))
      << R"([{"name":"n","type":"dns","count":1,"params":{"mode":"none"}},)"
         R"({"name":"c","type":"connect","count":1,"params":{"mode":"reset"}}])";
  Bench bench({"--faults", scratch.file("faults"), "--resolve",
               fmt::format("updates.example.com:80=127.0.0.1:{}", server.port())});
  bench.update("\"http://updates.example.com/p\",1,50,3,1", "HTTPSTART", "HTTPEND\",0");
  bench.played();
}

TEST_CASE("a module that is reset in mid-download has its old revision [FOTA-1]") {
  FarEnd server;
  Bench bench;
  bench.host.command(fmt::format("AT+QFOTADL=\"http://127.0.0.1:{}/p\"", server.port()));
  bench.host.expect("\r\n+QIND: \"FOTA\",\"HTTPSTART\"\r\n");
  server.accept();
  server.write("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nEG91XQ");
  bench.host.command("AT+CFUN=1,1");
  bench.host.expect(boot_text);
  bench.host.command("ATE0", "ATE0\r\r\nOK\r\n");
  bench.runs("EG916QGLLGR01A05M04");
}

TEST_CASE("eg91xq fota-package makes packages [FOTA-3]") {
  ScratchDirectory scratch;
  const auto file = scratch.file("p");
  auto made = make({"--revision", revision, "--output", file, "--build", "B2", "--from",
                    "EG916QGLLGR01A05M04", "--baseline", "EG916QGLLGR01A05", "--size", "10"});
  CHECK(made.code == 0);
  CHECK(made.out.empty());
  CHECK(made.err.empty());
  const auto package = contents(file);
  CHECK(
      package.starts_with("EG91XQ-FIRMWARE 1\nproject: EG916Q\nrevision: EG916QGLLGR01A06M01\n"
                          "build: B2\nbaseline: EG916QGLLGR01A05\nfrom: EG916QGLLGR01A05M04\n"
                          "size: 10\n\n"));
  Program sum(
      {"sh", "-c",
       fmt::format("[ \"$(head -c -32 {0} | openssl dgst -sha256 -binary | od -An -tx1)\" = "
                   "\"$(tail -c 32 {0} | od -An -tx1)\" ]",
                   file)});
  CHECK(sum.end() == 0);
  CHECK_THAT(make({"--help"}).out, Contains("--baseline") && Contains("Exit code"));
}

TEST_CASE("what eg91xq fota-package refuses is one line [FOTA-3]") {
  ScratchDirectory scratch;
  const auto file = scratch.file("p");
  const auto refused = [&](const std::vector<std::string>& options, int code,
                           const std::string& why) {
    const auto made = make(options);
    INFO(made.err);
    CHECK(made.code == code);
    CHECK(made.out.empty());
    CHECK(made.err.starts_with("eg91xq fota-package: "));
    CHECK(made.err.find('\n') == made.err.size() - 1);
    CHECK_THAT(made.err, Contains(why));
  };
  refused({}, 2, "--");
  refused({"--output", file}, 2, "--revision");
  refused({"--revision", revision}, 2, "--output");
  refused({"--revision", revision, "--output", ""}, 2, "--output");
  refused({"--revision", "a b", "--output", file}, 2, "--revision");
  refused({"--revision", std::string(65, 'x'), "--output", file}, 2, "--revision");
  refused({"--revision", "R1", "--output", file}, 2, "--model");
  refused({"--revision", revision, "--output", file, "--size", "4194305"}, 2, "--size");
  refused({"--revision", revision, "--output", file, "--size", "x"}, 2, "--size");
  refused({"--revision", revision, "--output", file, "--sise", "1"}, 2, "--size?");
  refused({"--revision", revision, "--output", file, "more"}, 2, "more");
  CHECK(contents(file).empty());
  refused({"--revision", revision, "--output", scratch.file("none/p")}, 1, "none/p");
  refused({"--revision", revision, "--output", "/dev/full"}, 1, "/dev/full");
}
