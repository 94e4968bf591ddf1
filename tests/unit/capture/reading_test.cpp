// What tshark reads in a capture: it is the judge of blocks, packets and connections.
#include "capture/at_record.hpp"
#include "capture/pcapng.hpp"
#include "capture/tcp_flow.hpp"
#include "tests/support/places.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"
#include "tests/unit/capture/tls_talk.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace capture;
using Words = std::vector<std::string>;

namespace {

constexpr std::uint32_t network = 0;
constexpr std::uint32_t uart = 1;
constexpr std::uint16_t own_port = 0xC001;

Endpoint v4(std::uint8_t last, std::uint16_t port) { return Endpoint::v4({10, 0, 0, last}, port); }

Endpoint v6(std::uint8_t last, std::uint16_t port) {
  return Endpoint::v6({0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}, port);
}

std::string numbered_lines(std::size_t size) {
  std::string text;
  for (int line = 0; text.size() < size; ++line) text += fmt::format("line {}\n", line);
  return text;
}

/// A capture of two interfaces that grows packet by packet, and what tshark says about it.
class Capture {
 public:
  explicit Capture(const std::string& key_log = {}) : bytes_(section_header("eg91xq")) {
    if (!key_log.empty()) bytes_ += tls_secrets(key_log);
    bytes_ += interface_description({.link_type = LinkType::raw_ip, .name = "net"});
    bytes_ += interface_description(
        {.link_type = LinkType::user0, .name = "uart1", .description = "the main port"});
  }

  void add(std::uint32_t interface, Direction direction, std::string_view bytes,
           std::string_view comment = {}) {
    time_ += std::chrono::microseconds(1);
    bytes_ += enhanced_packet({.interface = interface,
                               .time = time_,
                               .direction = direction,
                               .bytes = bytes,
                               .comment = comment});
  }

  TcpFlow flow(const TcpFlow::Ends& ends) {
    return TcpFlow(ends, [this](Direction direction, const std::string& packet) {
      add(network, direction, packet);
    });
  }

  /// A connection with much data both ways, and more than can happen behind an ending.
  void tell(const TcpFlow::Ends& ends, Ending ending) {
    auto told = flow(ends);
    for (const auto direction : {Direction::sent, Direction::received, Direction::sent})
      told.passed(direction, numbered_lines(70'000));
    told.ended(ending);
    told.passed(Direction::sent, "after an end");
    told.passed(Direction::received, "after an end");
    told.ended(Ending::finished_by_near);
    told.ended(Ending::finished_by_far);
  }

  /// What tshark prints; it must have nothing to complain about.
  std::string read(const Words& options) {
    const auto file = scratch_.file("capture.pcapng");
    std::ofstream(file, std::ios::binary) << bytes_;
    Words words{"tshark", "-r", file, "-n"};
    words.insert(words.end(), options.begin(), options.end());
    support::Program tshark(words, {{"WIRESHARK_CONFIG_DIR", scratch_.file("config")}});
    CHECK(tshark.end() == 0);
    std::istringstream complaints(tshark.err());
    for (std::string line; std::getline(complaints, line);)
      if (line.find("Running as user") == line.npos) CHECK(line.empty());
    return tshark.out();
  }

  /// The packets that a display filter picks.
  std::string picked(const std::string& filter) {
    return read({"-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o",
                 "udp.check_checksum:TRUE", "-Y", filter});
  }

  /// The fields of all packets, a line each.
  std::string fields(const Words& names) {
    Words words{"-T", "fields"};
    for (const auto& name : names) words.insert(words.end(), {"-e", name});
    return read(words);
  }

  /// The bytes of a stream, as tshark puts them together.
  std::string followed(const std::string& kind) {
    std::istringstream lines(read({"-q", "-z", "follow," + kind + ",raw,0"}));
    std::string bytes;
    for (std::string line; std::getline(lines, line);) {
      line.erase(0, line.find_first_not_of('\t'));
      if (line.find_first_not_of("0123456789abcdef") != line.npos) continue;
      for (std::size_t at = 0; at + 1 < line.size(); at += 2)
        bytes += static_cast<char>(std::stoi(line.substr(at, 2), nullptr, 16));
    }
    return bytes;
  }

 private:
  support::ScratchDirectory scratch_;
  std::string bytes_;
  std::chrono::nanoseconds time_{1'700'000'000'123'456'789};
};

const std::string good_checksums =
    "(ip.checksum.status == \"Good\" || ipv6) && "
    "(tcp.checksum.status == \"Good\" || udp.checksum.status == \"Good\")";

}  // namespace

TEST_CASE("tshark reads interfaces, times, directions and comments", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  capture.add(uart, Direction::received, at_record(Direction::received, "AT\r"));
  capture.add(network, Direction::sent, udp_packet(v4(2, own_port), v4(1, 9), ""),
              "lost on purpose");
  CHECK(capture.fields({"frame.interface_name", "frame.interface_description", "frame.time_epoch",
                        "frame.packet_flags_direction", "frame.comment", "frame.len"}) ==
        "uart1\tthe main port\t1700000000.123457789\t0x00000001\t\t4\n"
        "net\t\t1700000000.123458789\t0x00000002\tlost on purpose\t28\n");
}

TEST_CASE("tshark finds every checksum good", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  std::size_t packets = 0;
  for (const std::string_view data : {"", "odd", "even"}) {
    capture.add(network, Direction::sent, udp_packet(v4(2, own_port), v4(1, 9), data));
    capture.add(network, Direction::sent, udp_packet(v6(2, own_port), v6(1, 9), data));
    const auto port = static_cast<std::uint16_t>(own_port + data.size());
    capture.flow({.near = v4(2, port), .far = v4(1, 7)}).passed(Direction::sent, data);
    capture.flow({.near = v6(2, port), .far = v6(1, 7)}).passed(Direction::sent, data);
    packets += 2 + 2 * (data.empty() ? 3 : 5);
  }
  const auto good = capture.picked(good_checksums);
  CHECK(std::count(good.begin(), good.end(), '\n') == static_cast<std::ptrdiff_t>(packets));
  CHECK(capture.picked("_ws.malformed || !(" + good_checksums + ")").empty());
}

TEST_CASE("tshark has nothing to say against connections of any kind", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  std::uint16_t port = own_port;
  for (const auto ending : {Ending::finished_by_near, Ending::finished_by_far,
                            Ending::reset_by_near, Ending::reset_by_far})
    for (const auto opener : {Side::near, Side::far}) {
      // One of each pair goes round within the data.
      capture.tell({.near = v4(2, ++port), .far = v4(1, 7), .opener = opener}, ending);
      capture.tell({.near = v6(2, port),
                    .far = v6(1, 7),
                    .opener = opener,
                    .near_start = 0xFFFF8000,
                    .far_start = 0xFFFFF000},
                   ending);
    }
  CHECK(capture
            .picked("tcp.analysis.flags || _ws.malformed || tcp.stream >= 16 || "
                    "(_ws.expert.severity >= warning && tcp.flags.reset == 0)")
            .empty());
  const auto first = capture.picked("tcp.seq == 1 && tcp.ack == 1 && tcp.len == 16384");
  CHECK(std::count(first.begin(), first.end(), '\n') == 16);
}

TEST_CASE("tshark follows a megabyte in one direction, and no window is full", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  const auto bytes = numbered_lines(1'000'000);
  auto flow = capture.flow({.near = v4(2, own_port), .far = v4(1, 7)});
  flow.passed(Direction::received, bytes);
  flow.ended(Ending::finished_by_far);
  flow.passed(Direction::sent, "thank you");
  flow.ended(Ending::finished_by_near);
  CHECK(capture.picked("tcp.analysis.flags").empty());
  const bool is_same = capture.followed("tcp") == bytes + "thank you";
  CHECK(is_same);
}

TEST_CASE("tshark tells a later connection between the same ends from the first", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  const TcpFlow::Ends ends{.near = v4(2, own_port), .far = v4(1, 7)};
  auto first = capture.flow(ends);
  first.ended(Ending::finished_by_near);
  first.ended(Ending::finished_by_far);
  auto later_ends = ends;
  later_ends.near_start += 0x100000;
  later_ends.far_start += 0x100000;
  auto later = capture.flow(later_ends);
  later.passed(Direction::sent, "second");
  CHECK(capture.picked("tcp.stream == 1 && tcp.len == 6 && tcp.seq == 1") != "");
  CHECK(capture.picked("tcp.analysis.flags && !tcp.analysis.reused_ports").empty());
}

TEST_CASE("tshark reads TLS with the secrets of the capture", "[long]") {
  if (support::lacks("tshark")) return;
  const bool has_secrets = GENERATE(true, false);
  const std::string words = "GET /secret HTTP/1.1\r\nHost: example.com\r\n\r\n";
  const capture_test::TlsTalk talk(words);
  Capture capture(has_secrets ? talk.key_log() : "");
  auto flow = capture.flow({.near = v4(2, own_port), .far = v4(1, 443)});
  for (const auto& [direction, bytes] : talk.flights()) flow.passed(direction, bytes);
  CHECK(capture.followed("tls") == (has_secrets ? words : ""));
}

TEST_CASE("tshark shows AT ports by the dissector of the examples", "[long]") {
  if (support::lacks("tshark")) return;
  Capture capture;
  capture.add(uart, Direction::received,
              at_record(Direction::received, "AT+QMTOPEN=0,\"host\",1883\r"));
  capture.add(uart, Direction::sent, at_record(Direction::sent, "\r\nOK\r\n\r\n+QMTOPEN: 0,0\r\n"));
  capture.add(uart, Direction::sent,
              at_record(Direction::sent, std::string_view("\\\0\x1A\xFF", 4)));
  capture.add(uart, Direction::received, at_record(Direction::received, ""));
  capture.add(uart, Direction::received, "no record");
  const std::string script = "lua_script:" + support::in_tree("examples/wireshark/eg91xq.lua");
  support::Program version({"tshark", "--version"});
  version.end();
  if (version.out().find("with Lua") == std::string::npos)
    return support::skip("this tshark is built without Lua");
  CHECK(capture.read({"-X", script, "-T", "fields", "-e", "_ws.col.Protocol", "-e", "_ws.col.Info",
                      "-e", "eg91xq.direction", "-e", "eg91xq.text", "-Y", "eg91xq"}) ==
        "AT\tuart1 > AT+QMTOPEN=0,\"host\",1883\t>\tAT+QMTOPEN=0,\"host\",1883\\r\n"
        "AT\tuart1 < OK\\r\\n\\r\\n+QMTOPEN: 0,0\t<\t\\r\\nOK\\r\\n\\r\\n+QMTOPEN: 0,0\\r\\n\n"
        "AT\tuart1 < \\\\\\x00\\x1A\\xFF\t<\t\\\\\\x00\\x1A\\xFF\n"
        "AT\tuart1 > \t>\t\n");
}
