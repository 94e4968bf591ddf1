// Files over a real port: kept, preloaded, and never seen in trace or log.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
namespace fs = std::filesystem;

namespace {

/// As a key in a file looks; one of its lines begins like a command.
const std::string key =
    "-----BEGIN PRIVATE KEY-----\r\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\r\n"
    "AT5wL1VkZjTq8GmG2tF9oYyXb0Nn4eQmJr3uKp6sWcDfHh7IxRzOaPvLgB1EoUdM\r\n"
    "-----END PRIVATE KEY-----\r\n";
const std::vector<std::string> secrets{"PRIVATE", "MIIEvQIBADAN", "AT5wL1VkZjTq8GmG2tF9oYy",
                                       "ANBgkqhkiG9w0B"};

std::string upload_line(const std::string& name) {
  return fmt::format("AT+QFUPL=\"{}\",{}\r", name, key.size());
}

void check_secret(const std::string& text) {
  for (const auto& secret : secrets) {
    CAPTURE(secret);
    CHECK(text.find(secret) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("files last in the state directory, and another emulator finds them") {
  ScratchDirectory scratch;
  const auto state = scratch.file("state");
  for (const bool first : {true, false}) {
    Session session({"--state-dir", state, "--demo-broker", "off"});
    if (first) {
      session.host.command("AT+QFUPL=\"kept\",3", "\r\nCONNECT\r\n");
      session.host.send("abc");
      session.host.expect("\r\n+QFUPL: 3,262\r\n\r\nOK\r\n");
    } else {
      session.host.command("AT+QFLST", "\r\n+QFLST: \"UFS:kept\",3\r\n\r\nOK\r\n");
    }
    CHECK(session.emulator.program().terminate() == 0);
  }
}

TEST_CASE("without a state directory nothing is written to the disk") {
  ScratchDirectory scratch;
  fs::create_directory(scratch.file("tmp"));
  Program program({"sh", "-c", "TMPDIR=\"$1\" exec \"$2\" --demo-broker off --port \"pty:$3\"",
                   "sh", scratch.file("tmp"), binary(), scratch.file("modem")});
  REQUIRE(program.wait_for_out("ready\n"));
  SerialHost host(scratch.file("modem"));
  host.expect(boot_text);
  host.send("ATE0\r");
  host.expect("ATE0\r\r\nOK\r\n");
  host.command("AT+QFUPL=\"x\",1", "\r\nCONNECT\r\n");
  host.send("a");
  host.expect("\r\n+QFUPL: 1,6100\r\n\r\nOK\r\n");
  CHECK(fs::is_empty(scratch.file("tmp")));
  host.leave();
  CHECK(program.terminate() == 0);
}

TEST_CASE("--file puts a file there, in place of an older one") {
  ScratchDirectory scratch;
  std::ofstream(scratch.file("ca")) << "123456789";
  const auto state = scratch.file("state");
  for (int round = 0; round < 2; ++round) {
    Session session({"--state-dir", state, "--file", "UFS:ca.pem=" + scratch.file("ca")});
    session.host.command("AT+QFDWL=\"ca.pem\"",
                         "\r\nCONNECT\r\n123456789\r\n+QFDWL: 9,3908\r\n\r\nOK\r\n");
  }
}

TEST_CASE("bad --file and --tls-keylog options are one line and exit code 2") {
  ScratchDirectory scratch;
  const auto words = GENERATE(std::vector<std::string>{"--file", "ca.pem"},
                              std::vector<std::string>{"--file", "ca.pem="},
                              std::vector<std::string>{"--file", "=/etc/hostname"},
                              std::vector<std::string>{"--file", "../ca.pem=/etc/hostname"},
                              std::vector<std::string>{"--file", "ca.pem=/nowhere/ca.pem"},
                              std::vector<std::string>{"--file", "ca.pem=/tmp"},
                              std::vector<std::string>{"--tls-keylog", "/nowhere/keys"});
  auto line = words;
  line.insert(line.begin(), binary());
  Program program(line);
  CHECK(program.end() == 2);
  CHECK(program.out().empty());
  CHECK(std::count(program.err().begin(), program.err().end(), '\n') == 1);
}

TEST_CASE("100 KiB go up and come down") {
  Session session;
  std::string content;
  for (std::size_t i = 0; i < 100 * 1024; ++i) content += static_cast<char>(i * 7 + i / 251);
  session.host.command("AT+QFUPL=\"big\",102400", "\r\nCONNECT\r\n");
  session.host.send(content);
  const auto answer = session.host.read_until("OK\r\n");
  CHECK(answer.rfind("\r\n+QFUPL: 102400,", 0) == 0);
  const auto checksum = answer.substr(17, answer.find('\r', 17) - 17);
  session.host.command("AT+QFDWL=\"big\"", "\r\nCONNECT\r\n" + content + "\r\n+QFDWL: 102400," +
                                               checksum + "\r\n\r\nOK\r\n");
}

TEST_CASE("no byte of a key gets into trace or log") {
  ScratchDirectory scratch;
  Session session({"--trace", scratch.file("trace"), "--log-level", "debug"});
  auto& host = session.host;
  const auto uploaded = fmt::format("\r\n+QFUPL: {},", key.size());
  // In one piece with the command, then byte by byte with a surplus.
  host.send(upload_line("a") + key);
  host.expect("\r\nCONNECT\r\n" + uploaded);
  host.read_until("OK\r\n");
  host.send(upload_line("b"));
  host.expect("\r\nCONNECT\r\n");
  for (const char byte : key) host.send(std::string(1, byte));
  host.send(key.substr(29, 40));
  host.expect(uploaded);
  host.read_until("OK\r\n");
  host.send("\rAT\r");
  host.expect("\r\nOK\r\n");
  // Refused, and sent all the same: a line of Base64 may begin with AT.
  host.send(upload_line("a") + key);
  host.expect("\r\n+CME ERROR: 407\r\n\r\nERROR\r\n");
  host.send("AT\r");
  host.expect("\r\nOK\r\n");
  // Down again.
  host.send("AT+QFDWL=\"a\"\r");
  host.expect("\r\nCONNECT\r\n" + key + "\r\n+QFDWL: ");
  host.read_until("OK\r\n");
  host.command("AT+QFOPEN=\"a\"", "\r\n+QFOPEN: 3000\r\n\r\nOK\r\n");
  host.send("AT+QFREAD=3000\r");
  host.expect(fmt::format("\r\nCONNECT {}\r\n{}\r\nOK\r\n", key.size(), key));
  host.send(fmt::format("AT+QFWRITE=3000,{}\r", key.size()));
  host.expect("\r\nCONNECT\r\n");
  host.send(key);
  host.read_until("OK\r\n");
  host.command("AT");
  CHECK(session.emulator.program().terminate() == 0);
  const auto trace = contents(scratch.file("trace"));
  check_secret(trace);
  check_secret(session.emulator.program().err());
  check_secret(session.emulator.program().out());
  CHECK(trace.find(fmt::format("< {} bytes of a file, checksum ", key.size())) !=
        std::string::npos);
  CHECK(trace.find(fmt::format("> {} bytes of a file, checksum ", key.size())) !=
        std::string::npos);
  CHECK(trace.find("AT+QFUPL=") != std::string::npos);
}
