// A session of a host is recorded as a case that holds when it is played again; two units are
// compared.
#include "tests/integration/conformance/suite_run.hpp"
#include "tests/support/places.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace support;

namespace {

/// Records what `host` does with the emulator.
template <class Host>
void record(const EmulatorProcess& emulator, const std::string& file, Host host) {
  const ScratchDirectory scratch;
  const auto link = scratch.file("host");
  Program recorder({EG91XQ_CONFORMANCE, "--port", unit_port(emulator), "--record", file,
                    "--through", "pty:" + link});
  REQUIRE(recorder.wait_for_out("port " + link));
  SerialHost side(link);
  side.expect(boot_text);
  host(side);
  recorder.signal(SIGINT);
  REQUIRE(recorder.end() == 0);
  CHECK(recorder.out().find("recorded " + file) != std::string::npos);
}

void some_session(SerialHost& host) {
  host.send("ATE0\r");
  host.read_until("\r\nOK\r\n");
  host.command("AT+QMTCFG=\"timeout\",0,9,2,1");
  host.command("AT+QMTCFG=\"timeout\",0", "\r\n+QMTCFG: \"timeout\",9,2,1\r\n\r\nOK\r\n");
  host.command("AT+QMTCFG=\"keepalive\",0,0", "\r\nERROR\r\n");
  host.command("AT+QMTCFG=\"willex\",0,1,0,0,\"t\",3", "\r\n> ");
  host.send("\x01$z");
  host.expect("\r\nOK\r\n");
}

}  // namespace

TEST_CASE("a recorded session holds when it is played again, and shows what another unit does") {
  const EmulatorProcess emulator({"--demo-broker", "off"});
  const ScratchDirectory scratch;
  std::filesystem::create_directory(scratch.file("cases"));
  const auto file = scratch.file("cases/session.at");
  record(emulator, file, some_session);
  for (const auto* name : {"statements.csv", "limits.csv"})
    std::filesystem::copy(in_tree("conformance/") + name, scratch.file(name));
  CAPTURE(contents(file));
  const auto again = run_suite(
      {"--port", unit_port(emulator), "--profile", instant_profile, "--data", scratch.file("")});
  CAPTURE(again.out, again.err);
  CHECK(again.code == 0);
  const EmulatorProcess other({"--demo-broker", "off", "--knob", "keepalive-zero=off"});
  const auto wrong = run_suite(
      {"--port", unit_port(other), "--profile", instant_profile, "--data", scratch.file("")});
  CAPTURE(wrong.out);
  CHECK(wrong.code == 1);
  CHECK(wrong.out.find("expected \\r\\nERROR\\r\\n, got \\r\\nOK\\r\\n") != std::string::npos);
}

TEST_CASE(
    "two units of a kind are alike; the first difference of others is shown, with its statement") {
  const EmulatorProcess one({"--demo-broker", "off"});
  const EmulatorProcess same({"--demo-broker", "off", "--port", "tcp:0"});
  const EmulatorProcess other({"--demo-broker", "off", "--knob", "uns-value=none"});
  const auto cases = in_tree("conformance/cases/3_3_7_qmtuns.at");
  const auto alike = run_suite({"--port", unit_port(one), "--other", unit_port(same), "--profile",
                                instant_profile, "--diff", cases});
  CAPTURE(alike.out, alike.err);
  CHECK(alike.code == 0);
  CHECK(alike.out.find("\n0 of ") != std::string::npos);
  const auto apart = run_suite({"--port", unit_port(one), "--other", unit_port(other), "--profile",
                                instant_profile, "--diff", cases});
  CAPTURE(apart.out, apart.err);
  CHECK(apart.code == 1);
  CHECK(apart.out.find("in bytes: host AT+QMTUNS=0,") != std::string::npos);
  const auto differing = apart.out.find("; differ: ");
  REQUIRE(differing != std::string::npos);
  CHECK(apart.out.find("UNS-2", differing) != std::string::npos);
}
