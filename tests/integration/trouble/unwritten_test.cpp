// What cannot be written: a link that broke before CONNECT, and a broker that reads no more.
#include "mqtt_backend/link/packet_stream.hpp"
#include "tests/integration/trouble/trouble.hpp"

#include <poll.h>

#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace support;
using namespace trouble;

namespace {

/// Publishes with qos 0 until the modem takes no more for three bursts on end.
bool fill(Session& session) {
  constexpr int most_bursts = 400;
  int refused = 0;
  std::string burst;
  for (int i = 0; i < 20; ++i)
    burst += "AT+QMTPUBEX=0,0,0,0,\"t\",1500\r" + std::string(1500, 'x') + "\r\n";
  for (int n = 0; n < most_bursts; ++n) {
    session.host.send(burst + "AT+CSQ\r");
    const std::string answers = session.host.read_until("\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
    refused = answers.find('>') == std::string::npos ? refused + 1 : 0;
    if (refused == 3) return true;
  }
  return false;
}

}  // namespace

// With a whole link the pending read always notices a reset before CONNECT can be written, so the
// write is looked at alone: a stream that reads nothing.
TEST_CASE("3: a CONNECT that cannot be written is named as such [CONN-6]") {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket here(io);
  here.connect(acceptor.local_endpoint());
  auto there = acceptor.accept();
  there.set_option(asio::socket_base::linger(true, 0));
  there.close();
  pollfd state{here.native_handle(), POLLIN, 0};
  REQUIRE(::poll(&state, 1, 5000) == 1);
  const auto stream = std::make_shared<mqtt_backend::PacketStream>(
      std::make_unique<net::TcpStream>(std::move(here)), 4096,
      mqtt_backend::PacketStream::Acks::normal);
  stream->hold(true);
  std::optional<PacketType> unsent;
  mqtt_backend::PacketStream::Events events;
  events.packet = [](StoryBroker::Packet) {};
  events.broken = [](const std::string&) {};
  events.written = [](const StoryBroker::Packet&, std::uint64_t) {};
  events.ended = [&](boost::system::error_code, std::optional<PacketType> what) { unsent = what; };
  stream->start(std::move(events));
  CHECK(stream->send({0x10, 2, 0, 0}));
  io.run();
  CHECK(unsent == PacketType::connect);
}

TEST_CASE("6: a broker that reads no more [TIME-3] [DISC-3] [CLOSE-2]") {
  StoryBroker broker("127.0.0.1", StoryBroker::Listening::small_buffer);
  StoryBroker other;
  Session session(scaled("20"));
  for (const int client : {0, 5})
    session.host.command(fmt::format("AT+QMTCFG=\"keepalive\",{},3600", client));
  meet(session, broker);
  other.expect(PacketType::connect).answer(connack());
  session.connect(5, other.port(), "bystander");
  CHECK(broker.outcome() == StoryBroker::as_told);
  const auto start = std::chrono::steady_clock::now();
  REQUIRE(fill(session));
  // The others wait for nothing.
  other.expect(PacketType::publish).answer(puback());
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 0,3\r\n+QMTCONN: 5,3\r\n\r\nOK\r\n");
  publish(session, 5, 1, 1);
  SECTION("given up at the end of the waits") {
    session.host.expect("\r\n+QMTPUBEX: 5,1,0\r\n");
    session.host.expect("\r\n+QMTPUBEX: 0,0,2\r\n\r\n+QMTSTAT: 0,6\r\n");
    CHECK(ms_since(start) >= 749);
  }
  SECTION("closed by the host") {
    session.host.expect("\r\n+QMTPUBEX: 5,1,0\r\n");
    session.host.command("AT+QMTCLOSE=0");
    session.host.expect("\r\n+QMTCLOSE: 0,0\r\n");
  }
  SECTION("disconnected by the host: DISCONNECT cannot be sent within 30 s") {
    session.host.expect("\r\n+QMTPUBEX: 5,1,0\r\n");
    const auto asked = std::chrono::steady_clock::now();
    session.host.command("AT+QMTDISC=0");
    session.host.expect("\r\n+QMTDISC: 0,-1\r\n");
    CHECK(ms_since(asked) >= 1499);
  }
  session.host.command("AT+QMTCONN?", "\r\n+QMTCONN: 5,3\r\n\r\nOK\r\n");
  CHECK(session.host.quiet_for(30ms));
}
