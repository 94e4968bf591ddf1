// The capture of a program that runs, as tshark reads it [IP-16].
#include "emulator/capture_routes.hpp"
#include "emulator/control/route_table.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/ip_host.hpp"
#include "tests/support/places.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/skip.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
namespace control = emulator::control;

namespace {

/// A program with a capture, and what tshark makes of it once the program has ended.
struct Captured {
  explicit Captured(EmulatorProcess::Options options = {}) {
    options.insert(options.end(), {"--capture", scratch.file("modem.pcapng")});
    session = std::make_unique<Session>(options);
  }
  /// The fields of the packets that `filter` lets through, one line each.
  std::string read(const std::string& filter, const std::vector<std::string>& fields,
                   const std::vector<std::string>& more = {}) {
    session.reset();
    std::vector<std::string> words{"tshark", "-r",    scratch.file("modem.pcapng"), "-Y", filter,
                                   "-T",     "fields"};
    for (const auto& field : fields) words.insert(words.end(), {"-e", field});
    words.insert(words.end(), more.begin(), more.end());
    const auto ended = run(words);
    INFO(ended.err);
    CHECK(ended.code == 0);
    return ended.out;
  }

  ScratchDirectory scratch;
  std::unique_ptr<Session> session;
};

/// A pcapng block of so many bytes in all, a multiple of four.
std::string block(std::uint32_t size) {
  std::string bytes(size, '\0');
  std::memcpy(bytes.data() + sizeof size, &size, sizeof size);
  return bytes;
}

/// Takes a stream, and says when it has gone out.
struct Taker : control::Exchange {
  struct Taken : control::Stream {
    void write(std::string bytes) override { text += bytes; }
    void on_closed(std::function<void()>) override {}
    void on_drained(std::function<void()> then) override { drained = std::move(then); }
    void close() override { open = false; }
    [[nodiscard]] bool is_open() const override { return open; }

    std::string text;
    std::function<void()> drained;
    bool open = true;
  };

  void answer(control::Reply) override {}
  std::shared_ptr<control::Stream> stream(const std::string&) override { return taken; }
  void on_gone(std::function<void()>) override {}

  std::shared_ptr<Taken> taken = std::make_shared<Taken>();
};

void talk(SerialHost& host, int port) {
  host.command(fmt::format("AT+QMTOPEN=0,\"broker.demo\",{}", port));
  host.expect("\r\n+QMTOPEN: 0,0\r\n");
  host.command("AT+QMTCONN=0,\"thing\"");
  host.expect("\r\n+QMTCONN: 0,0,0\r\n");
  host.command("AT+QMTPUBEX=0,1,1,0,\"captured\",5", "\r\n> ");
  host.send("hello");
  host.expect("\r\nOK\r\n");
  host.expect("\r\n+QMTPUBEX: 0,1,0\r\n");
  host.command("AT+QMTDISC=0");
  host.expect("\r\n+QMTDISC: 0,0\r\n");
}

}  // namespace

TEST_CASE("the control interface gives out what was captured so far, in whole blocks [IP-16]") {
  Captured captured({"--control", "0"});
  const std::string address = captured.session->emulator.ready().at("control");
  talk(captured.session->host, 1883);
  const auto copy = captured.scratch.file("copy.pcapng");
  const auto fetched = run({"curl", "-sS", "-f", "-o", copy, address + "/v1/capture"});
  INFO(fetched.err);
  REQUIRE(fetched.code == 0);
  const auto read =
      run({"tshark", "-r", copy, "-Y", "mqtt.topic", "-T", "fields", "-e", "mqtt.topic"});
  CHECK(read.code == 0);
  CHECK(read.out == "captured\n");
  Session bare({"--control", "0", "--demo-broker", "off"});
  const std::string without = bare.emulator.ready().at("control");
  const auto refused = run({"curl", "-sS", without + "/v1/capture"});
  CHECK(refused.out.find("start the program with --capture FILE") != std::string::npos);
}

TEST_CASE("MQTT is in the capture as TCP shows it, at the port that was asked for [IP-16]") {
  if (lacks("tshark")) return;
  Captured captured;
  talk(captured.session->host, 1883);
  // CONNECT, CONNACK, PUBLISH, PUBACK, DISCONNECT
  CHECK(captured
            .read("mqtt", {"frame.interface_name", "mqtt.msgtype", "tcp.dstport", "mqtt.topic"},
                  {"-E", "separator=|"})
            .starts_with("internet|1|1883|\n"));
  CHECK(captured.read("mqtt.msgtype == 3", {"mqtt.topic", "mqtt.msg", "tcp.dstport"},
                      {"-E", "separator=|"}) == "captured|68656c6c6f|1883\n");
  CHECK(captured
            .read("tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0",
                  {"frame.number"},
                  {"-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"})
            .empty());
  // The connection is ended by both.
  CHECK(captured.read("tcp.flags.fin == 1 && tcp.port == 1883", {"tcp.dstport"}) != "");
}

TEST_CASE("TLS is in the capture with its keys, and read without being told [IP-16]") {
  if (lacks("tshark")) return;
  const auto knob = GENERATE("tls13=off", "tls13=on");
  Captured captured({"--knob", knob});
  auto& host = captured.session->host;
  host.command("AT+QSSLCFG=\"cacert\",0,\"demo_ca.pem\"");
  host.command("AT+QSSLCFG=\"seclevel\",0,1");
  host.command("AT+QSSLCFG=\"sni\",0,1");
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  talk(host, 8883);
  CHECK(captured.read("tls && mqtt.msgtype == 3", {"mqtt.topic", "tcp.dstport"},
                      {"-E", "separator=|"}) == "captured|8883\n");
  CHECK(captured.read("tls.handshake.extensions_server_name",
                      {"tls.handshake.extensions_server_name"}) == "broker.demo\n");
}

TEST_CASE("the lines of a port are in the capture, but no content of a file [IP-16]") {
  if (lacks("tshark")) return;
  Captured captured;
  auto& host = captured.session->host;
  host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  host.command("AT+QFUPL=\"UFS:secret\",6", "\r\nCONNECT\r\n");
  host.send("abcdef");
  host.read_until("OK\r\n");
  const std::string lines = captured.read(
      "eg91xq", {"frame.interface_name", "eg91xq.direction", "eg91xq.text", "frame.comment"},
      {"-E", "separator=|", "-X", "lua_script:" + in_tree("examples/wireshark/eg91xq.lua")});
  INFO(lines);
  CHECK(lines.find("AT+CSQ\\r") != std::string::npos);
  CHECK(lines.find("uart1|") != std::string::npos);
  CHECK(lines.find("\\r\\n+CSQ: 24,99\\r\\n\\r\\nOK\\r\\n") != std::string::npos);
  CHECK(lines.find("abcdef") == std::string::npos);
  CHECK(lines.find("6 bytes of a file, checksum") != std::string::npos);
}

TEST_CASE("packets of a data call are in the capture, and what the module answers [IP-16]") {
  if (lacks("tshark")) return;
  constexpr IpAddress own = 0x0A400C03;
  constexpr IpAddress server = 0x08080808;
  Captured captured;
  auto& host = captured.session->host;
  PppHost ppp([&](const std::string& bytes) { host.send(bytes); });
  host.command("ATD*99#", "\r\nCONNECT 150000000\r\n");
  ppp.begin();
  while (!ppp.is_up()) ppp.hear(host.read_until("\x7E"));
  IpHost ip(own);
  ppp.send_ip(ip.datagram(server, 4000, 53, dns_question("nowhere.demo")));
  while (ppp.packets().empty()) ppp.hear(host.read_until("\x7E"));
  CHECK(captured.read("dns", {"frame.interface_name", "ip.src", "ip.dst", "dns.flags.response"},
                      {"-E", "separator=|"}) ==
        "ppp1|10.64.12.3|8.8.8.8|0\nppp1|8.8.8.8|10.64.12.3|1\n");
}

TEST_CASE("UDP and connections to a listener are in the capture [IP-16] [SOCK-44]") {
  if (lacks("tshark")) return;
  Captured captured;
  auto& host = captured.session->host;
  host.command("AT+QIACT=1");
  host.command("AT+QIOPEN=1,0,\"UDP\",\"echo.demo\",7,0,1");
  host.expect("\r\n+QIOPEN: 0,0\r\n");
  host.command("AT+QISEND=0,4", "\r\n> ");
  host.send("ping");
  host.expect("\r\nSEND OK\r\n");
  host.expect("\r\n+QIURC: \"recv\",0,4\r\nping\r\n");
  CHECK(captured.read("udp", {"udp.dstport", "udp.srcport", "data.data"}, {"-E", "separator=|"})
            .find("7|") != std::string::npos);
}

TEST_CASE("a capture that cannot be written is one line and code 2 [IP-16]") {
  const auto ended = run({binary(), "--capture", "/nowhere/modem.pcapng"});
  CHECK(ended.code == 2);
  CHECK(ended.err.find("/nowhere/modem.pcapng") != std::string::npos);
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
}

TEST_CASE("what is no capture is not continued, nor one that another file is [IP-16]") {
  ScratchDirectory scratch;
  const auto refused = [&](std::vector<std::string> options, const std::string& why) {
    options.insert(options.begin(), binary());
    const auto ended = run(options);
    CAPTURE(ended.err);
    CHECK(ended.code == 2);
    CHECK(ended.err.find(why) != std::string::npos);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  };
  const auto text = scratch.file("notes.txt");
  std::ofstream(text) << "what a user has written\n";
  refused({"--capture", text}, "holds something else than whole pcapng blocks");
  CHECK(contents(text) == "what a user has written\n");
  { Session session({"--capture", scratch.file("cut.pcapng")}); }
  const auto whole = contents(scratch.file("cut.pcapng"));
  std::ofstream(scratch.file("cut.pcapng")) << whole.substr(0, whole.size() - 3);
  refused({"--capture", scratch.file("cut.pcapng")}, "whole pcapng blocks");
  refused({"--capture", scratch.file("a"), "--trace", scratch.file("a")}, "the same file");
  refused({"--capture", ""}, "--capture: a file has a name");
}

TEST_CASE("a handshake that fails is in the capture with what it failed of [IP-16]") {
  if (lacks("tshark")) return;
  Captured captured;
  auto& host = captured.session->host;
  const auto port = captured.session->emulator.ready().at("services").at("http").at("port");
  host.command("AT+QSSLCFG=\"seclevel\",0,0");
  host.command("AT+QMTCFG=\"ssl\",0,1,0");
  host.command(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}", port.get<int>()));
  host.expect("\r\n+QMTOPEN: 0,-1\r\n");
  CHECK(captured.read("frame contains \"HTTP/\" && tcp.srcport != 0", {"frame.interface_name"}) ==
        "internet\n");
}

TEST_CASE("a second run continues a capture as a section of its own [IP-16]") {
  if (lacks("tshark")) return;
  ScratchDirectory scratch;
  for (int i = 0; i < 2; ++i) {
    Session session({"--capture", scratch.file("twice.pcapng")});
    session.host.command("AT+CSQ", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
  }
  const auto ended = run({"tshark", "-r", scratch.file("twice.pcapng"), "-T", "fields", "-e",
                          "frame.interface_name", "-Y", "frame contains \"AT+CSQ\""});
  CHECK(ended.code == 0);
  CHECK(ended.out == "uart1\nuart1\n");
}

TEST_CASE("a capture is given out to its last block wherever its blocks end [IP-16]") {
  ScratchDirectory scratch;
  const auto path = scratch.file("modem.pcapng");
  // What is read at once ends in the head of the longest that there is.
  constexpr std::uint32_t longest = 262'144 + 32;
  const auto whole = GENERATE(block(262'124) + block(longest) + block(16),
                              block(524'268) + block(longest) + block(16), block(524'288),
                              block(longest) + block(longest) + block(longest));
  const std::string half(20, 'x');
  std::ofstream(path, std::ios::binary) << whole << half;
  boost::asio::io_context io;
  control::RouteTable table;
  table.add(emulator::capture_routes(io, path));
  const auto taker = std::make_shared<Taker>();
  table.dispatch({"GET", "/v1/capture"}, control::Responder(taker));
  io.run();
  auto& stream = *taker->taken;
  for (int i = 0; i < 10 && stream.open; ++i) stream.drained();
  CHECK_FALSE(stream.open);
  CHECK(stream.text == whole);
}
