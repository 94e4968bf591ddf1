// Whether a certificate has to be of the host that was opened: the knob tls-name-check.
#include "tests/integration/tls/matrix.hpp"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

using namespace tls;

namespace {

const Servers::Kinds kinds{{"right name", {}},
                           {"wrong name", {.certificate = "wrong_name.pem"}},
                           {"address", {.certificate = "address.pem"}}};

struct Naming {
  explicit Naming(const std::string& knob) : bench("1", {"--knob", "tls-name-check=" + knob}) {}

  /// What +QMTOPEN says to `name` at `server`; a link that stands is closed.
  int open(int level, const std::string& sni, const std::string& server,
           const std::string& name = "localhost") {
    bench.configure(0, Row{"", any, level, server, {{"sni", sni}}, good});
    return open_as_set(server, name);
  }

  int open_as_set(const std::string& server, const std::string& name) {
    const int got = bench.open(0, servers.port(server), name);
    if (got == good) bench.close(0);
    servers.drain(server);
    return got;
  }

  Servers servers{kinds};
  Bench bench;
};

}  // namespace

TEST_CASE(
    "tls-name-check always: the name counts whatever sni says, from seclevel 1 on [CFG-ssl]") {
  Naming naming("always");
  CHECK(naming.open(0, "0", "wrong name") == good);
  CHECK(naming.open(0, "1", "wrong name") == good);
  for (const int level : {1, 2})
    for (const std::string sni : {"0", "1"}) {
      CAPTURE(level, sni);
      CHECK(naming.open(level, sni, "wrong name") == failed);
      CHECK(naming.open(level, sni, "right name") == good);
    }
}

TEST_CASE("tls-name-check never: the name does not count [CFG-ssl]") {
  Naming naming("never");
  for (const int level : {0, 1, 2})
    for (const std::string sni : {"0", "1"}) {
      CAPTURE(level, sni);
      CHECK(naming.open(level, sni, "wrong name") == good);
    }
}

TEST_CASE("the name that counts is the one that the host opened, wherever a rule leads it") {
  Naming naming("with-sni");
  CHECK(naming.open(1, "1", "right name", "LocalHost") == good);
  CHECK(naming.open(1, "1", "right name", "far.example") == failed);
  CHECK(naming.open(1, "0", "right name", "far.example") == good);
}

TEST_CASE("an address has to be among those of the certificate [CFG-ssl]") {
  Naming naming("with-sni");
  CHECK(naming.open(1, "1", "address", "127.0.0.1") == good);
  CHECK(naming.open(1, "1", "right name", "127.0.0.1") == failed);
  CHECK(naming.open(1, "1", "address", "localhost") == failed);
  CHECK(naming.open(1, "0", "right name", "127.0.0.1") == good);
}

TEST_CASE("resuming a session does not pass by the check of the name [CFG-ssl]") {
  Naming naming("with-sni");
  auto settings = usual();
  settings["sslversion"] = "4";
  settings["seclevel"] = "1";
  settings["session_cache"] = "1";
  auto& program = naming.bench.emulator().program();
  std::string log;
  const auto open_with = [&](const std::string& sni, const std::string& name) {
    settings["sni"] = sni;
    naming.bench.configure(0, settings);
    const auto before = program.err().size();
    const int got = naming.open_as_set("right name", name);
    // The log may come later than the result.
    const std::string told = got == good ? "TLSv1" : "certificate verify failed";
    CHECK(program.wait([&] { return program.err().find(told, before) != std::string::npos; }));
    log += program.err().substr(before);
    return got;
  };
  const auto resumed = [&] { return std::exchange(log, {}).find("resumed") != std::string::npos; };
  CHECK(open_with("0", "far.example") == good);
  CHECK(open_with("0", "far.example") == good);
  CHECK(resumed());
  CHECK(open_with("1", "far.example") == failed);
  CHECK(open_with("1", "localhost") == good);
  CHECK(open_with("1", "127.0.0.1") == failed);
  CHECK(open_with("1", "far.example") == failed);
  CHECK_FALSE(resumed());
  CHECK(open_with("1", "localhost") == good);
  CHECK(resumed());
}
