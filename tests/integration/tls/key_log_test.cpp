// --tls-keylog: what Wireshark needs, and nothing without it.
#include "tests/integration/tls/matrix.hpp"

#include <sys/stat.h>

#include <regex>

#include <catch2/catch.hpp>

using namespace tls;

TEST_CASE("the keys of a session are written for Wireshark, to their owner only") {
  support::ScratchDirectory scratch;
  Servers servers({});
  support::Session session({"--tls-keylog", scratch.file("keys")});
  session.host.command("AT+QMTCFG=\"ssl\",0,1,0");
  session.host.command(fmt::format("AT+QMTOPEN=0,\"localhost\",{}", servers.port("mosquitto")));
  session.host.expect("\r\n+QMTOPEN: 0,0\r\n");
  struct stat status {};
  REQUIRE(::stat(scratch.file("keys").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  const auto keys = support::contents(scratch.file("keys"));
  CHECK(std::regex_match(keys, std::regex("CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n")));
  CHECK(session.emulator.program().wait_for_err("will hold the keys of every TLS session"));
}
