// Where the module's own servers are on this machine: --listen-address and --listen-port-offset.
#include "conformance/run/mosquitto.hpp"
#include "tests/support/emulator_process.hpp"
#include "tests/support/ftp_server.hpp"
#include "tests/support/skip.hpp"

#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;
using boost::asio::ip::tcp;
using boost::asio::ip::udp;

namespace {

const auto other_loopback = boost::asio::ip::make_address_v4("127.0.0.2");

}  // namespace

TEST_CASE("a server at port 80 is where the command line says [XPLAY-7] [SURC-5]") {
  const auto port = conformance::held_port();
  Session session(
      {"--listen-address", "127.0.0.2", "--listen-port-offset", std::to_string(port - 80)});
  session.host.command("AT+QIACT=1");
  session.host.command("AT+QIOPEN=1,0,\"TCP LISTENER\",\"127.0.0.1\",0,80,1");
  session.host.expect("\r\n+QIOPEN: 0,0\r\n");
  boost::asio::io_context io;
  tcp::socket peer(io);
  peer.connect({other_loopback, port});
  session.host.expect(fmt::format("\r\n+QIURC: \"incoming\",11,0,\"127.0.0.1\",{}\r\n",
                                  peer.local_endpoint().port()));
  boost::asio::write(peer, boost::asio::buffer(std::string("GET")));
  session.host.expect("\r\n+QIURC: \"recv\",11,3\r\nGET\r\n");
  // What the module says stays its own port.
  session.host.send("AT+QISTATE=1,0\r");
  session.host.expect("\r\n+QISTATE: 0,\"TCP LISTENER\",\"10.64.12.3\",0,80,3,1,0,1,\"uart1\"\r\n");
  session.host.expect("\r\nOK\r\n");
  boost::system::error_code refused;
  tcp::socket elsewhere(io);
  elsewhere.connect({boost::asio::ip::address_v4::loopback(), port}, refused);
  CHECK(refused == boost::asio::error::connection_refused);
}

TEST_CASE("a service for datagrams is there too, and answers from there [XPLAY-7]") {
  const auto port = conformance::held_port();
  Session session(
      {"--listen-address", "127.0.0.2", "--listen-port-offset", std::to_string(port - 53)});
  session.host.command("AT+QIACT=1");
  session.host.command("AT+QIOPEN=1,2,\"UDP SERVICE\",\"127.0.0.1\",0,53,1");
  session.host.expect("\r\n+QIOPEN: 2,0\r\n");
  boost::asio::io_context io;
  udp::socket peer(io, {boost::asio::ip::address_v4::loopback(), std::uint16_t{0}});
  const auto here = peer.local_endpoint().port();
  peer.send_to(boost::asio::buffer(std::string("who")), {other_loopback, port});
  session.host.expect(fmt::format("\r\n+QIURC: \"recv\",2,3,\"127.0.0.1\",{}\r\nwho\r\n", here));
  session.host.command(fmt::format("AT+QISEND=2,2,\"127.0.0.1\",{}", here), "\r\n> ");
  session.host.send("me");
  session.host.expect("\r\nSEND OK\r\n");
  std::string got(100, '\0');
  udp::endpoint from;
  got.resize(peer.receive_from(boost::asio::buffer(got), from));
  CHECK(got == "me");
  CHECK(from == udp::endpoint(other_loopback, port));
}

TEST_CASE("a port that the offset leads beyond 65535 cannot be listened at [XPLAY-7]") {
  Session session({"--listen-port-offset", "20000"});
  session.host.command("AT+QIACT=1");
  session.host.command("AT+QIOPEN=1,0,\"TCP LISTENER\",\"127.0.0.1\",0,50000,1");
  session.host.expect("\r\n+QIOPEN: 0,557\r\n");
  session.host.command("AT+QIOPEN=1,1,\"UDP SERVICE\",\"127.0.0.1\",0,50000,1");
  session.host.expect("\r\n+QIOPEN: 1,556\r\n");
}

TEST_CASE("an FTP server finds the module that listens everywhere [XPLAY-7] [FTP-2]") {
  if (!FtpServer::is_installed()) return skip("there is no pyftpdlib");
  FtpServer server("plain");
  server.put("a", "content");
  Session session({"--listen-address", "0.0.0.0"});
  session.host.command("AT+QIACT=1");
  session.host.command("AT+QFTPCFG=\"account\",\"user\",\"secret\"");
  session.host.command("AT+QFTPCFG=\"transmode\",0");
  session.host.command(fmt::format("AT+QFTPOPEN=\"localhost\",{}", server.port()));
  session.host.expect("\r\n+QFTPOPEN: 0,0\r\n");
  session.host.command("AT+QFTPGET=\"a\",\"COM:\"", "\r\nCONNECT\r\n");
  session.host.expect("content\r\nOK\r\n\r\n+QFTPGET: 0,7\r\n");
}
