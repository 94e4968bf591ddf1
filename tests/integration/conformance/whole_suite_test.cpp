// The whole suite against the emulator, over each kind of port: as it starts without options over a
// pseudo-terminal, over TCP in a quick run, and over a serial line (a pair of pseudo-terminals
// joined by socat).
#include "tests/integration/conformance/suite_run.hpp"
#include "tests/support/skip.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include <catch2/catch.hpp>

using namespace support;

namespace {

void check(const SuiteRun& run) {
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.out.find(" 0 fail, 0 inconclusive") != std::string::npos);
  std::cout << run.out << std::flush;
}

}  // namespace

TEST_CASE("the suite is green over a pseudo-terminal, with the latency of a network") {
  const EmulatorProcess emulator({"--demo-broker", "off", "--latency", "typical"});
  check(run_suite({"--port", unit_port(emulator), "--timeout-scale", "3"}));
}

TEST_CASE("the suite is green over TCP") {
  const EmulatorProcess emulator({"--demo-broker", "off", "--port", "tcp:0"});
  check(run_suite({"--port", unit_port(emulator), "--profile", instant_profile, "--timeout-scale",
                   "3", "--shuffle", "1", "--quick"}));
}

TEST_CASE("the suite is green over a serial line") {
  if (lacks("socat")) return;
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  const auto line = scratch.file("line");
  Program socat({"socat", "PTY,link=" + line + ",rawer", "FILE:" + emulator.port() + ",rawer"});
  REQUIRE(socat.wait([&] { return std::filesystem::exists(line); }));
  // Here the two minutes of a black hole are waited for as well.
  std::ofstream(scratch.file("slow.toml")) << contents(instant_profile) << "slow = \"yes\"\n";
  // socat would end when the suite closes the line for a moment.
  const int held = ::open(line.c_str(), O_RDWR | O_NOCTTY);
  check(run_suite({"--port", line + ":115200", "--profile", scratch.file("slow.toml"),
                   "--timeout-scale", "3", "--shuffle", "2"}));
  ::close(held);
}
