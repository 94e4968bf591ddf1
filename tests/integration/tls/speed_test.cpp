// How long QMTOPEN over TLS and QMTCONN take through the modem's port, against a bare Asio client
// that does the same with the same settings. Run by name only: it measures this machine.
#include "mqtt_backend/link/packet.hpp"
#include "ssl_ctx/tls.hpp"
#include "tests/integration/tls/matrix.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr int rounds = 50;

/// MQTT 3.1.1, clean session, client id "b".
const mqtt_backend::Packet connect_packet{0x10, 13, 0, 4, 'M', 'Q', 'T', 'T',
                                          4,    2,  0, 0, 0,   1,   'b'};
constexpr std::size_t connack_size = 4;

double bare(std::uint16_t port, const std::shared_ptr<const ssl_ctx::TlsRequest>& request) {
  namespace asio = boost::asio;
  const auto begin = Clock::now();
  asio::io_context io;
  auto context = std::get<ssl_ctx::TlsContext>(ssl_ctx::make_tls_context(request, {}));
  asio::ssl::stream<asio::ip::tcp::socket> stream(io, *context);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
  stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
  stream.handshake(asio::ssl::stream_base::client);
  asio::write(stream, asio::buffer(connect_packet));
  std::array<char, connack_size> answer{};
  asio::read(stream, asio::buffer(answer));
  return Milliseconds(Clock::now() - begin).count();
}

double through_modem(support::SerialHost& host, std::uint16_t port) {
  const auto begin = Clock::now();
  host.send(fmt::format("AT+QMTOPEN=0,\"127.0.0.1\",{}\r", port));
  host.read_until("+QMTOPEN: 0,0\r\n");
  host.send("AT+QMTCONN=0,\"m\"\r");
  host.read_until("+QMTCONN: 0,0,0\r\n");
  const double took = Milliseconds(Clock::now() - begin).count();
  host.send("AT+QMTDISC=0\r");
  host.read_until("+QMTDISC: 0,0\r\n");
  return took;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

TEST_CASE("an open over TLS costs little more than TLS itself", "[.speed]") {
  tls::Servers servers({});
  const auto port = servers.port("mosquitto");
  auto request = std::make_shared<ssl_ctx::TlsRequest>();
  request->settings.seclevel = 1;
  std::ostringstream content;
  content << std::ifstream(tls::certificates().path("ca.pem")).rdbuf();
  request->ca = content.str();
  tls::Bench bench;
  bench.configure(0, {"", tls::any, 1, "", {}, tls::good});
  std::vector<double> plain;
  std::vector<double> modem;
  for (int round = 0; round < rounds; ++round) {
    plain.push_back(bare(port, request));
    modem.push_back(through_modem(bench.host(), port));
  }
  const double ratio = median(modem) / median(plain);
  fmt::print("bare {:.2f} ms, modem {:.2f} ms, ratio {:.2f}\n", median(plain), median(modem),
             ratio);
  CHECK(ratio < 1.5);
}
