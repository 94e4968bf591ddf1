// Standard error that nobody reads: the modem goes on, and tells what was lost.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

TEST_CASE("the modem answers past a megabyte of log that nobody reads") {
  const ScratchDirectory scratch;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  const auto link = scratch.file("modem");
  // Only bash takes descriptors of two digits there.
  Program program({"bash", "-c", fmt::format("exec \"$@\" 2>&{0} {0}>&-", ends[1]), "bash",
                   binary(), "--log-level", "debug", "--latency", "instant", "--port",
                   "pty:" + link});
  ::close(ends[1]);
  REQUIRE(program.wait_for_out("ready\n"));
  SerialHost host(link);
  host.expect(boot_text);
  host.send("ATE0\r");
  host.expect("ATE0\r\r\nOK\r\n");
  for (int i = 0; i < 3000; ++i) {
    host.command("AT+QMTOPEN=0,\"127.0.0.1\",1");
    host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  }
  host.command("AT");
  SECTION("it ends in spite of it") { CHECK(program.terminate() == 0); }
  SECTION("what is read then tells of the loss") {
    std::string said;
    std::array<char, 65536> buffer{};
    while (said.find("lines lost") == std::string::npos) {
      const auto size = ::read(ends[0], buffer.data(), buffer.size());
      REQUIRE(size > 0);
      said.append(buffer.data(), static_cast<std::size_t>(size));
    }
    CHECK(said.find("log: ") != std::string::npos);
  }
  ::close(ends[0]);
}

TEST_CASE("what is told in the log never ends its line, nor commands a terminal") {
  const ScratchDirectory scratch;
  Program program({binary(), "--demo-broker", "off", "--capture", scratch.file("a\n\x1B[2Jb"),
                   "--power", "at-start", "--", "true"});
  CHECK(program.end() == 0);
  const auto log = program.err();
  CHECK(log.find(R"(a\x0A\x1B[2Jb will hold the keys of every TLS session)") != std::string::npos);
  CHECK(log.find('\x1B') == std::string::npos);
}
