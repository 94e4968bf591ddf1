// The demo broker's TLS ports from a host's point of view, with the files that the module has in
// its flash for it.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mqtt_tools.hpp"
#include "tests/support/places.hpp"

#include <sys/stat.h>

#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

void set_up_tls(SerialHost& host, bool with_certificate) {
  host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  host.command(fmt::format("AT+QSSLCFG=\"seclevel\",0,{}", with_certificate ? 2 : 1));
  host.command("AT+QSSLCFG=\"sni\",0,1");
  if (with_certificate) {
    host.command("AT+QSSLCFG=\"clientcert\",0,\"demo_client.pem\"");
    host.command("AT+QSSLCFG=\"clientkey\",0,\"demo_client.key\"");
  }
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  host.command("AT+QMTCFG=\"recv/mode\",0,0,1");
}

void talk(Session& session, const std::string& broker) {
  auto& host = session.host;
  host.command("AT+QMTOPEN=0," + broker);
  host.expect("\r\n+QMTOPEN: 0,0\r\n");
  host.command("AT+QMTCONN=0,\"thing\"");
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  host.command("AT+QMTSUB=0,1,\"t\",1");
  host.expect("\r\n+QMTSUB: 0,1,0,1\r\n");
  publish(session.emulator.broker_port(), "t", "hello", 1);
  host.expect("\r\n+QMTRECV: 0,1,\"t\",5,\"hello\"\r\n");
  host.command("AT+QMTDISC=0");
  host.expect("\r\n+QMTDISC: 0,0\r\n");
}

bool can_resolve() {
  Program help({binary(), "--help"});
  help.end();
  return help.out().find("--resolve") != std::string::npos;
}

}  // namespace

TEST_CASE("the demo broker speaks TLS at 8883, and demands a certificate at 8884") {
  Session session;
  const auto [port, with_certificate] = GENERATE(table<int, bool>({{8883, false}, {8884, true}}));
  set_up_tls(session.host, with_certificate);
  talk(session, fmt::format("\"broker.demo\",{}", port));
}

TEST_CASE("without a certificate the demo broker's second TLS port is closed") {
  Session session;
  set_up_tls(session.host, false);
  session.host.command("AT+QMTOPEN=0,\"broker.demo\",8884");
  session.host.expect("\r\n+QMTOPEN: 0,-1\r\n");
}

TEST_CASE("a host with a hard-wired cloud name runs unchanged offline") {
  if (!can_resolve()) {
    WARN("this program has no --resolve");
    return;
  }
  const std::string name = "xyz-ats.iot.eu-west-1.amazonaws.com";
  Session session({"--resolve", name + ":8883=broker.demo:8884"});
  set_up_tls(session.host, true);
  talk(session, fmt::format("\"{}\",8883", name));
}

TEST_CASE("the ready file and the command's environment tell of TLS") {
  EmulatorProcess emulator;
  const auto& broker = emulator.ready().at("broker");
  CHECK(broker.at("tls_port").get<int>() > 0);
  CHECK(broker.at("mtls_port").get<int>() > 0);
  CHECK(contents(broker.at("ca").get<std::string>()).rfind("-----BEGIN CERTIFICATE", 0) == 0);
  Program program({binary(), "--", "sh", "-c",
                   "echo | openssl s_client -connect 127.0.0.1:$MODEM_BROKER_TLS_PORT -CAfile "
                   "$MODEM_BROKER_CA -verify_return_error -servername any.example "
                   "-verify_hostname any.example && test -n \"$MODEM_BROKER_MTLS_PORT\""});
  CHECK(program.end() == 0);
  CHECK(program.out().find("Verify return code: 0 (ok)") != std::string::npos);
}

TEST_CASE("a file of the user's is never taken for the demo's; the demo's own is renewed") {
  const ScratchDirectory scratch;
  std::ofstream(scratch.file("mine")) << "my own";
  const auto ca = scratch.file("state/ufs/demo_ca.pem");
  const auto client = scratch.file("state/ufs/demo_client.pem");
  {
    EmulatorProcess emulator(
        {"--state-dir", scratch.file("state"), "--file", "demo_ca.pem=" + scratch.file("mine")});
    CHECK(emulator.program().terminate() == 0);
  }
  CHECK(contents(ca) == "my own");
  const auto before = contents(client);
  CHECK(before.find("-----BEGIN CERTIFICATE") != std::string::npos);
  {
    EmulatorProcess emulator({"--state-dir", scratch.file("state")});
    CHECK(emulator.program().terminate() == 0);
  }
  CHECK(contents(ca) == "my own");
  CHECK(contents(client) != before);
}
