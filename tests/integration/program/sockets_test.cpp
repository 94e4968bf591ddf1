// Sockets of the module to real peers: every byte value, ends of both sides, back-pressure.
#include "conformance/run/held_port.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/far_end.hpp"

#include <string>

#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

constexpr std::size_t longest = 1460;

std::string every_byte(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i % 256);
  return bytes;
}

struct Connected {
  explicit Connected(int mode = 0) {
    session.host.command("AT+QIACT=1");
    session.host.command(
        fmt::format("AT+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",{},0,{}", far.port(), mode));
    session.host.expect("\r\n+QIOPEN: 0,0\r\n");
    far.accept();
  }
  void send(const std::string& payload) {
    session.host.command(fmt::format("AT+QISEND=0,{}", payload.size()), "\r\n> ");
    session.host.send(payload);
    session.host.expect("\r\nSEND OK\r\n");
  }

  Session session;
  FarEnd far;
};

}  // namespace

TEST_CASE("a TCP socket carries every byte value, both ways [SOCK-41] [SOCK-71] [SOCK-47]") {
  Connected to;
  const auto payload = every_byte(longest);
  to.send(payload);
  CHECK(to.far.read(longest) == payload);
  to.far.write(payload);
  to.session.host.expect("\r\n+QIURC: \"recv\",0\r\n");
  to.session.host.command("AT+QIRD=0,1500",
                          fmt::format("\r\n+QIRD: {}\r\n{}\r\n\r\nOK\r\n", longest, payload));
  to.session.host.command("AT+QISEND=0,0", "\r\n+QISEND: 1460,1460,0\r\n\r\nOK\r\n");
  to.session.host.command("AT+QICLOSE=0");
  CHECK(to.far.sees_end());
}

TEST_CASE("pushed data are the bytes that the peer sent [SURC-3]") {
  Connected to(1);
  const auto payload = every_byte(1000);
  to.far.write(payload);
  to.session.host.expect(fmt::format("\r\n+QIURC: \"recv\",0,1000\r\n{}\r\n", payload));
  to.far.finish();
  to.session.host.expect("\r\n+QIURC: \"closed\",0\r\n");
  to.send("still");
  CHECK(to.far.read(5) == "still");
}

TEST_CASE("a peer that resets closes the socket [SURC-4] [SOCK-45]") {
  Connected to;
  to.far.reset();
  to.session.host.expect("\r\n+QIURC: \"closed\",0\r\n");
  to.session.host.command("AT+QISEND=0,1", "\r\nERROR\r\n");
  to.session.host.command("AT+QIGETERROR", "\r\n+QIGETERROR: 567,connection reset\r\n\r\nOK\r\n");
  to.session.host.command("AT+QICLOSE=0");
}

TEST_CASE("a peer that resets behind its end is gone at once [CFGI-9] [SOCK-45] [SOCK-22]") {
  Connected to;
  auto& host = to.session.host;
  to.far.finish();
  host.expect("\r\n+QIURC: \"closed\",0\r\n");
  to.send("still");
  SECTION("on its own") { to.far.reset(); }
  SECTION("on what is sent to it") {
    CHECK(to.far.read(5) == "still");
    to.far.socket().close();
    to.send("lost");
  }
  SECTION("on what it has not read") { to.far.socket().close(); }
  std::string answer;
  do {
    host.send("AT+QISENDEX=0,\"78\"\r");
    host.expect("\r\n");
    answer = host.read_until("\r\n");
  } while (answer == "SEND OK\r\n");
  CHECK(answer == "ERROR\r\n");
  host.command("AT+QIGETERROR", "\r\n+QIGETERROR: 567,connection reset\r\n\r\nOK\r\n");
  // Longer than a host of this test waits.
  host.command("AT+QICLOSE=0,600");
}

TEST_CASE("nobody listens [SOCK-11]") {
  Session session;
  std::uint16_t port = 0;
  {
    FarEnd gone;
    port = gone.port();
  }
  session.host.command("AT+QIACT=1");
  session.host.command(fmt::format("AT+QIOPEN=1,0,\"TCP\",\"127.0.0.1\",{}", port));
  session.host.expect("\r\n+QIOPEN: 0,566\r\n");
}

TEST_CASE("who does not read stops the peer, and loses nothing [SOCK-78]") {
  Connected to;
  to.far.socket().non_blocking(true);
  const std::string block(65'536, 'x');
  std::size_t written = 0;
  boost::system::error_code error;
  // The kernels' own buffers take some; then no more.
  for (int i = 0; i < 1000 && !error; ++i)
    written += to.far.socket().write_some(boost::asio::buffer(block), error);
  CHECK(error == boost::asio::error::would_block);
  to.far.socket().non_blocking(false);
  to.far.finish();
  to.session.host.expect("\r\n+QIURC: \"recv\",0\r\n");
  to.session.host.command("AT+QICFG=\"recvind\",0");
  std::size_t read = 0;
  while (read < written) {
    to.session.host.command("AT+QIRD=0,1500", "");
    const auto line = to.session.host.read_until("\r\n\r\nOK\r\n");
    const auto header = line.find("+QIRD: ");
    REQUIRE(header != std::string::npos);
    const auto size = std::stoul(line.substr(header + 7));
    CHECK(size <= 1500);
    read += size;
  }
  CHECK(read == written);
}

TEST_CASE("datagrams to one peer and back [SOCK-14] [SOCK-52]") {
  Session session;
  boost::asio::io_context io;
  using boost::asio::ip::udp;
  udp::socket far(io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  session.host.command("AT+QIACT=1");
  session.host.command(
      fmt::format("AT+QIOPEN=1,0,\"UDP\",\"127.0.0.1\",{}", far.local_endpoint().port()));
  session.host.expect("\r\n+QIOPEN: 0,0\r\n");
  const auto payload = every_byte(longest);
  session.host.command(fmt::format("AT+QISEND=0,{}", longest), "\r\n> ");
  session.host.send(payload);
  session.host.expect("\r\nSEND OK\r\n");
  std::string got(2000, '\0');
  udp::endpoint from;
  got.resize(far.receive_from(boost::asio::buffer(got), from));
  CHECK(got == payload);
  // From another address: not for this socket.
  udp::socket stranger(io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  stranger.send_to(boost::asio::buffer(std::string("stranger")), from);
  far.send_to(boost::asio::buffer(std::string("answer")), from);
  session.host.expect("\r\n+QIURC: \"recv\",0\r\n");
  session.host.command("AT+QIRD=0", "\r\n+QIRD: 6\r\nanswer\r\n\r\nOK\r\n");
  session.host.command("AT+QICLOSE=0");
}

TEST_CASE("a UDP service answers whoever asks [SOCK-42]") {
  Session session;
  boost::asio::io_context io;
  using boost::asio::ip::udp;
  udp::socket far(io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  const auto port = conformance::held_port();
  session.host.command("AT+QIACT=1");
  session.host.command(fmt::format("AT+QIOPEN=1,2,\"UDP SERVICE\",\"127.0.0.1\",0,{},1", port));
  session.host.expect("\r\n+QIOPEN: 2,0\r\n");
  far.send_to(boost::asio::buffer(std::string("question")),
              {boost::asio::ip::address_v4::loopback(), port});
  session.host.expect(fmt::format("\r\n+QIURC: \"recv\",2,8,\"127.0.0.1\",{}\r\nquestion\r\n",
                                  far.local_endpoint().port()));
  session.host.command(fmt::format("AT+QISEND=2,6,\"127.0.0.1\",{}", far.local_endpoint().port()),
                       "\r\n> ");
  session.host.send("answer");
  session.host.expect("\r\nSEND OK\r\n");
  std::string got(100, '\0');
  got.resize(far.receive(boost::asio::buffer(got)));
  CHECK(got == "answer");
}

TEST_CASE("a datagram goes to all of a network [SOCK-41]") {
  Session session;
  boost::asio::io_context io;
  using boost::asio::ip::udp;
  udp::socket far(io, {boost::asio::ip::address_v4::any(), std::uint16_t{0}});
  session.host.command("AT+QIACT=1");
  session.host.command(
      fmt::format("AT+QIOPEN=1,0,\"UDP\",\"127.255.255.255\",{}", far.local_endpoint().port()));
  session.host.expect("\r\n+QIOPEN: 0,0\r\n");
  session.host.command("AT+QISEND=0,3", "\r\n> ");
  session.host.send("all");
  session.host.expect("\r\nSEND OK\r\n");
  std::string got(100, '\0');
  got.resize(far.receive(boost::asio::buffer(got)));
  CHECK(got == "all");
}
