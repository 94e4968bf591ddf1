// A host with an IP stack of its own behind a real pseudo-terminal: it dials, pings, resolves and
// talks to servers of this machine through the network in user space.
#include "tests/support/emulator_process.hpp"
#include "tests/support/ended.hpp"
#include "tests/support/ip_host.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mux_host.hpp"
#include "tests/support/places.hpp"
#include "tests/support/ppp_host.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

#include <termios.h>

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr IpAddress own = 0x0A400C03;    // 10.64.12.3
constexpr IpAddress alias = 0x0A400C02;  // this machine
constexpr IpAddress server = 0x08080808;
constexpr IpAddress nobody = 0x0A400C63;  // 10.64.12.99
constexpr IpAddress far_away = 0xC0000201;

/// Dialled in, up, with an address.
struct Dialled {
  explicit Dialled(const EmulatorProcess::Options& options = {},
                   const std::string& dial = "ATD*99#")
      : session(options), ppp([this](const std::string& bytes) { session.host.send(bytes); }) {
    session.host.command(dial, "\r\nCONNECT 150000000\r\n");
    ppp.begin();
    while (!ppp.is_up()) hear();
    CHECK(ppp.address() == "0A 40 0C 03");
  }
  void hear() { ppp.hear(session.host.read_until("\x7E")); }
  /// The next packet of the module.
  ReceivedPacket next() {
    while (waiting.empty()) {
      hear();
      for (auto& packet : ppp.packets()) waiting.push_back(parse_packet(packet));
    }
    const auto first = waiting.front();
    waiting.erase(waiting.begin());
    CHECK(first.is_right);
    CHECK(first.to == own);
    return first;
  }
  std::optional<IpAddress> resolve(const std::string& name, IpAddress at = server) {
    ppp.send_ip(ip.datagram(at, 4000, 53, dns_question(name)));
    const auto answer = next();
    CHECK(answer.from == at);
    REQUIRE(answer.protocol == udp);
    CHECK(take(answer.payload, 0, 2) == 53);
    return dns_address(answer.payload.substr(8));
  }

  Session session;
  PppHost ppp;
  IpHost ip{own};
  std::vector<ReceivedPacket> waiting;
};

bool has_network(EmulatorProcess& emulator) { return emulator.ready().contains("ppp"); }

/// One conversation by TCP.
class Conversation {
 public:
  Conversation(Dialled& line, IpAddress to, unsigned port, unsigned own_port = 5000)
      : line_(line), to_(to), port_(port), own_port_(own_port) {
    send(2);
    const auto answer = next();
    REQUIRE(answer.flags == 0x12);
    sequence_ = 101;
    acknowledged_ = answer.sequence + 1;
    send(16);
  }
  void say(const std::string& data) {
    send(24, data);
    sequence_ += static_cast<std::uint32_t>(data.size());
  }
  /// At least so many bytes, acknowledged.
  std::string hear(std::size_t size) {
    std::string all;
    while (all.size() < size) {
      const auto segment = next();
      if (segment.data.empty() || segment.sequence != acknowledged_) continue;
      acknowledged_ += static_cast<std::uint32_t>(segment.data.size());
      all += segment.data;
      send(16);
    }
    return all;
  }

 private:
  struct Segment {
    std::uint32_t sequence;
    unsigned flags;
    std::string data;
  };
  void send(unsigned flags, const std::string& data = {}) {
    line_.ppp.send_ip(line_.ip.segment(to_, own_port_, port_, sequence_,
                                       flags == 2 ? 0 : acknowledged_, flags, data));
  }
  Segment next() {
    const auto packet = line_.next();
    CHECK(packet.from == to_);
    REQUIRE(packet.protocol == tcp);
    CHECK(take(packet.payload, 0, 2) == port_);
    const auto offset = (take(packet.payload, 12, 1) >> 4U) * 4;
    return {take(packet.payload, 4, 4), take(packet.payload, 13, 1) & 0x3FU,
            packet.payload.substr(offset)};
  }

  Dialled& line_;
  IpAddress to_;
  unsigned port_;
  unsigned own_port_;
  std::uint32_t sequence_ = 100;
  std::uint32_t acknowledged_ = 0;
};

}  // namespace

TEST_CASE(
    "a host pings this machine by its alias, and the names of the demo lead there [IP-2] [IP-3] "
    "[IP-5] [IP-9] [IP-11]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  CHECK(line.session.emulator.ready()["ppp"]["host_alias"] == "10.64.12.2");
  line.ppp.send_ip(line.ip.ping(alias, "hello"));
  const auto reply = line.next();
  CHECK(reply.from == alias);
  CHECK(reply.protocol == icmp);
  CHECK(take(reply.payload, 0, 1) == 0);
  CHECK(reply.payload.substr(8) == "hello");
  CHECK(line.resolve("host.demo") == alias);
  CHECK_FALSE(line.resolve("www.example.com"));
  CHECK_FALSE(line.resolve("no.such.name", 0x08080404));
}

TEST_CASE("UDP and TCP to names of the demo, at their known ports [IP-5] [IP-8]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto echo = line.resolve("echo.demo");
  REQUIRE(echo);
  line.ppp.send_ip(line.ip.datagram(*echo, 4001, 7, "who is there"));
  const auto answer = line.next();
  CHECK(answer.from == *echo);
  CHECK(take(answer.payload, 0, 2) == 7);
  CHECK(answer.payload.substr(8) == "who is there");
  const auto web = line.resolve("HTTP.demo");
  REQUIRE(web);
  CHECK(*web != *echo);
  Conversation conversation(line, *web, 80);
  conversation.say("GET /status/204 HTTP/1.0\r\n\r\n");
  CHECK(conversation.hear(12).starts_with("HTTP/1."));
}

TEST_CASE("a name server is asked by TCP as well, over and over [IP-8]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto with_length = [](const std::string& message) {
    return std::string{'\0', static_cast<char>(message.size())} + message;
  };
  const auto echo = line.resolve("echo.demo");
  Conversation conversation(line, server, 53);
  conversation.say(with_length(dns_question("echo.demo")));
  // Header, question "echo.demo" with type and class, and one record.
  auto answer = conversation.hear(2 + 12 + 15 + 16);
  CHECK(take(answer, 0, 2) == answer.size() - 2);
  CHECK(dns_address(answer.substr(2)) == echo);
  // Length and message in pieces, and a name that nobody has.
  const auto second = with_length(dns_question("www.example.com"));
  conversation.say(second.substr(0, 1));
  conversation.say(second.substr(1, 8));
  conversation.say(second.substr(9));
  answer = conversation.hear(2 + 12 + 21);
  CHECK((take(answer, 4, 2) & 0xFU) == 3);
  // The one of the other address, beside the first.
  Conversation other(line, 0x08080404, 53, 5001);
  other.say(with_length(dns_question("echo.demo")));
  CHECK(dns_address(other.hear(2 + 12 + 15 + 16).substr(2)) == echo);
}

TEST_CASE("MQTT of the host's own stack to the demo broker [IP-5]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto broker = line.resolve("broker.demo");
  REQUIRE(broker);
  Conversation conversation(line, *broker, 1883);
  conversation.say(std::string("\x10\x0F\x00\x04MQTT\x04\x02\x00\x3C\x00\x03ppp", 17));
  CHECK(conversation.hear(4) == std::string("\x20\x02\x00\x00", 4));
  // The broker's own port by the alias, too.
  Conversation second(line, alias, line.session.emulator.broker_port(), 5001);
  second.say(std::string("\x10\x0F\x00\x04MQTT\x04\x02\x00\x3C\x00\x03two", 17));
  CHECK(second.hear(4) == std::string("\x20\x02\x00\x00", 4));
}

TEST_CASE("a rule of --resolve leads packets as it leads services [IP-8]") {
  Mosquitto broker;
  Dialled line({"--resolve", fmt::format("mqtt.example:1883=127.0.0.1:{}", broker.port())});
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto place = line.resolve("mqtt.example");
  REQUIRE(place);
  Conversation conversation(line, *place, 1883);
  conversation.say(std::string("\x10\x0F\x00\x04MQTT\x04\x02\x00\x3C\x00\x03ppp", 17));
  CHECK(conversation.hear(4) == std::string("\x20\x02\x00\x00", 4));
  CHECK(broker.logged("ppp"));
}

TEST_CASE("a rule that --internet loopback refuses leads no packets either [IP-7] [IP-8]") {
  Dialled line({"--internet", "loopback", "--resolve", "out.example:8888=192.0.2.2:40444"});
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto place = line.resolve("out.example");
  REQUIRE(place);
  line.ppp.send_ip(line.ip.datagram(*place, 4000, 8888, "leak"));
  const auto answer = line.next();
  CHECK(answer.protocol == icmp);
  CHECK(take(answer.payload, 0, 1) == 3);
}

TEST_CASE("a port where nobody listens is refused, at once [IP-4]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  line.ppp.send_ip(line.ip.segment(alias, 5000, held_port(), 100, 0, 2));
  const auto answer = line.next();
  CHECK(answer.from == alias);
  CHECK((take(answer.payload, 13, 1) & 4U) != 0);  // RST
}

TEST_CASE("what is not this machine is out of reach [IP-6] [IP-7] [T-24]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  line.ppp.send_ip(line.ip.segment(far_away, 5000, 80, 100, 0, 2));
  const auto answer = line.next();
  CHECK(answer.protocol == icmp);
  CHECK(take(answer.payload, 0, 1) == 3);
  for (const auto to :
       {IpAddress{0x7F000001}, IpAddress{0xFFFFFFFF}, IpAddress{0xE0000001}, nobody})
    line.ppp.send_ip(line.ip.datagram(to, 4000, 9, "x"));
  line.ppp.send_ip(IpHost(nobody).ping(alias, "not me"));
  // The next that comes is the answer to this.
  line.ppp.send_ip(line.ip.ping(alias, "me"));
  for (auto reply = line.next(); take(reply.payload, 0, 1) != 0; reply = line.next())
    CHECK(take(reply.payload, 0, 1) == 3);
}

TEST_CASE(
    "a hundred kilobytes come back whole, through TCP, PPP and the pseudo-terminal [IP-4] "
    "[PPP-40]") {
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto echo = line.resolve("echo.demo");
  REQUIRE(echo);
  Conversation conversation(line, *echo, 7);
  std::string back;
  std::string sent;
  for (int i = 0; i < 80; ++i) {
    std::string piece(1400, static_cast<char>(i));
    conversation.say(piece);
    sent += piece;
    back += conversation.hear(piece.size());
  }
  CHECK(back == sent);
}

TEST_CASE("a call has so many connections and no more, and those go on [IP-2]") {
  constexpr unsigned limit = 512;
  constexpr unsigned first_port = 6000;
  Dialled line;
  if (!has_network(line.session.emulator)) return skip("the program was built without libslirp");
  const auto echo = line.resolve("echo.demo");
  REQUIRE(echo);
  Conversation conversation(line, *echo, 7);
  boost::asio::io_context io;
  boost::asio::ip::udp::socket peer(io,
                                    {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  const auto send = [&](unsigned from) {
    const auto to = peer.local_endpoint().port();
    line.ppp.send_ip(line.ip.datagram(alias, from, to, std::to_string(from)));
  };
  const auto received = [&] {
    std::string bytes(16, '\0');
    bytes.resize(peer.receive(boost::asio::buffer(bytes)));
    return bytes;
  };
  for (unsigned port = first_port; port < first_port + limit - 1; ++port) {
    send(port);
    REQUIRE(received() == std::to_string(port));
  }
  for (unsigned port = 7000; port < 7100; ++port) send(port);
  send(first_port);
  CHECK(received() == std::to_string(first_port));
  conversation.say("still here");
  CHECK(conversation.hear(10) == "still here");
  CHECK(peer.available() == 0);
  auto& program = line.session.emulator.program();
  CHECK(program.terminate() == 0);
  const auto& said = program.err();
  const std::string told = "512 connections of one call are open; what would begin another is lost";
  const auto place = said.find(told);
  REQUIRE(place != said.npos);
  CHECK(said.find(told, place + 1) == said.npos);
}

TEST_CASE("a host that sets the speed to 0 has hung up [PPP-9] [T-19] [T-25]") {
  EmulatorProcess emulator({"--line", "strict"});
  SerialHost host(emulator.port());
  set_speed(emulator.port(), B115200);
  host.send("ATE0\r");
  host.read_until("OK\r\n");
  host.command("ATD*99#", "\r\nCONNECT 150000000\r\n");
  set_speed(emulator.port(), B0);
  // The line is looked at every 20 ms; what is said meanwhile goes at no rate.
  static_cast<void>(host.quiet_for(100ms));
  set_speed(emulator.port(), B115200);
  host.send("AT\r");
  host.read_until("\r\nOK\r\n");
}

TEST_CASE("PPP on one DLCI and commands on another, at a pseudo-terminal [MUX-34] [IP-5]") {
  Session session;
  if (!has_network(session.emulator)) return skip("the program was built without libslirp");
  auto& host = session.host;
  host.command("AT+CMUX=0");
  host.send(hex("F9 03 3F 01 1C F9 F9 07 3F 01 DE F9 F9 0B 3F 01 59 F9"));
  MuxHost mux;
  PppHost ppp([&](const std::string& bytes) { host.send(MuxHost::frame(1, bytes)); });
  const auto hear = [&] {
    mux.hear(host.read_until("\xF9"));
    ppp.hear(mux.said(1));
  };
  host.send(MuxHost::frame(1, "ATE0D*99#\r"));
  std::string text;
  while (text.find("CONNECT 150000000\r\n") == std::string::npos) {
    hear();
    text += ppp.text();
  }
  ppp.begin();
  while (!ppp.is_up()) hear();
  const IpHost ip(own);
  ppp.send_ip(ip.ping(alias, "hello"));
  host.send(MuxHost::frame(2, "ATE0\r"));
  std::string answer;
  std::vector<std::string> packets;
  while (packets.empty() || answer.find("OK\r\n") == std::string::npos) {
    hear();
    answer += mux.said(2);
    for (auto& packet : ppp.packets()) packets.push_back(packet);
  }
  CHECK(parse_packet(packets.front()).from == alias);
  CHECK(answer.ends_with("ATE0\r\r\nOK\r\n"));
}

namespace {

/// Packets that have left by the only interface of the namespace of `pid` but the loopback.
std::string sent_by(pid_t pid) {
  const auto shown =
      run({"nsenter", "-t", std::to_string(pid), "-n", "ip", "-s", "-o", "link", "show", "out"});
  const auto place = shown.out.find("TX:");
  REQUIRE(place != std::string::npos);
  return shown.out.substr(shown.out.find('\\', place));
}

/// An interface that nobody is behind, and the way to everywhere by it.
const std::string way_out =
    "ip link set lo up && ip tuntap add dev out mode tun && ip link set out addrgenmode none && "
    "ip address add 192.168.77.1/24 dev out && ip link set out up && ip route add default dev out";

/// The program where the way to the world is an interface that counts.
struct Enclosed {
  explicit Enclosed(const std::string& options)
      : program({"unshare", "-n", "sh", "-c",
                 fmt::format("{} && exec {} --port pty:{} --latency instant --log-level warning {}",
                             way_out, binary(), scratch.file("modem"), options)}) {
    REQUIRE(program.wait_for_out("ready\n"));
  }

  ScratchDirectory scratch;
  Program program;
};

}  // namespace

TEST_CASE("no packet of the virtual net leaves this machine, unless told [IP-6] [IP-7] [T-24]") {
  for (const auto* tool : {"unshare", "nsenter", "ip"})
    if (lacks(tool)) return;
  if (run({"unshare", "-n", "sh", "-c", way_out}).code != 0)
    return go_without("no network namespace with an interface is to be had");
  for (const bool everywhere : {false, true}) {
    CAPTURE(everywhere);
    Enclosed world(everywhere ? "--internet all" : "");
    SerialHost host(world.scratch.file("modem"));
    host.read_until("PB DONE\r\n");
    host.send("ATE0\r");
    host.read_until("OK\r\n");
    host.command("ATD*99#", "\r\nCONNECT 150000000\r\n");
    PppHost ppp([&](const std::string& bytes) { host.send(bytes); });
    ppp.begin();
    while (!ppp.is_up()) ppp.hear(host.read_until("\x7E"));
    const auto before = sent_by(world.program.pid());
    const IpHost ip(own);
    for (const auto to : {nobody, far_away, IpAddress{0xFFFFFFFF}, IpAddress{0xE0000001},
                          IpAddress{0x0A400CFF}, IpAddress{0xC0A84D02}}) {
      ppp.send_ip(ip.datagram(to, 4000, 9, "x"));
      ppp.send_ip(ip.segment(to, 4000, 9, 1, 0, 2));
    }
    ppp.send_ip(IpHost(nobody).datagram(far_away, 4000, 9, "x"));
    // What was sent before has been judged when this comes back.
    ppp.send_ip(ip.ping(alias, "end"));
    for (bool ended = false; !ended;) {
      ppp.hear(host.read_until("\x7E"));
      for (const auto& packet : ppp.packets())
        ended = ended || parse_packet(packet).payload.ends_with("end");
    }
    CHECK((sent_by(world.program.pid()) == before) == !everywhere);
  }
}
