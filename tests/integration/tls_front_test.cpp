// TLS in front of the demo broker: the certificate goes by the name asked for, bytes pass both ways
// whatever their number, and the second port demands a certificate.
#include "emulator/demo_tls/tls_front.hpp"

#include "tests/unit/pty/host.hpp"

#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

using namespace emulator;
using namespace pty_test;
using boost::asio::ip::tcp;
using boost::system::error_code;
namespace ssl = boost::asio::ssl;

namespace {

/// What stands behind: takes one connection.
struct Behind {
  explicit Behind(boost::asio::io_context& io)
      : acceptor(io, {boost::asio::ip::address_v4::loopback(), 0}), socket(io) {
    acceptor.async_accept(socket, [this](error_code error) { accepted = !error; });
  }
  tcp::acceptor acceptor;
  tcp::socket socket;
  bool accepted = false;
};

struct Bench {
  Bench() {
    std::optional<std::optional<std::string>> wrong;
    front.start([&](const auto& told) { wrong = told; });
    REQUIRE(run_until(io, [&] { return wrong.has_value(); }));
    REQUIRE(*wrong == std::nullopt);
    front.lead_to(behind.acceptor.local_endpoint().port());
    context.add_certificate_authority(boost::asio::buffer(front.pem().authority));
    context.set_verify_mode(ssl::verify_peer);
  }
  void bring_certificate() {
    context.use_certificate(boost::asio::buffer(front.pem().client), ssl::context::pem);
    context.use_private_key(boost::asio::buffer(front.pem().client_key), ssl::context::pem);
  }
  /// Whether a handshake with a client that checks for `name` succeeds, at TLS 1.2 as modems do it.
  bool shakes_hands(std::uint16_t port, const std::string& name, bool ask = true) {
    client = std::make_unique<ssl::stream<tcp::socket>>(io, context);
    client->next_layer().connect({boost::asio::ip::address_v4::loopback(), port});
    SSL_set_max_proto_version(client->native_handle(), TLS1_2_VERSION);
    if (ask) SSL_set_tlsext_host_name(client->native_handle(), name.c_str());
    SSL_set1_host(client->native_handle(), name.c_str());
    std::optional<error_code> result;
    client->async_handshake(ssl::stream_base::client, [&](error_code error) { result = error; });
    REQUIRE(run_until(io, [&] { return result.has_value(); }));
    return !*result;
  }

  boost::asio::io_context io;
  Behind behind{io};
  TlsFront front{io};
  ssl::context context{ssl::context::tls_client};
  std::unique_ptr<ssl::stream<tcp::socket>> client;
};

}  // namespace

TEST_CASE("a name that is asked for is in the certificate") {
  Bench bench;
  const std::string name =
      GENERATE("broker.demo", "a1b2c3-ats.iot.eu-west-1.amazonaws.com", "localhost");
  CHECK(bench.shakes_hands(bench.front.port(), name));
}

TEST_CASE("a client that asks for no name, or for none that can be, gets that of the demo") {
  Bench bench;
  CHECK(bench.shakes_hands(bench.front.port(), "broker.demo", false));
  CHECK_FALSE(bench.shakes_hands(bench.front.port(), "other.example", false));
  CHECK_FALSE(bench.shakes_hands(bench.front.port(), "a,IP:1.2.3.4"));
}

TEST_CASE("more names than are kept still get their certificates") {
  const auto authority = DemoAuthority::make();
  REQUIRE(authority);
  for (std::size_t i = 0; i < 3 * DemoAuthority::max_names; ++i)
    CHECK(authority->server_certificate("host" + std::to_string(i)) != nullptr);
  CHECK(authority->server_certificate("") == nullptr);
  CHECK(authority->server_certificate(std::string(300, 'a')) == nullptr);
}

TEST_CASE("an authority lasts as text, and other text is none") {
  const auto made = DemoAuthority::make();
  REQUIRE(made);
  const auto text = made->pem();
  const auto read = DemoAuthority::read(text);
  REQUIRE(read);
  CHECK(read->pem() == text);
  CHECK(read->server_certificate("broker.demo") != nullptr);
  const auto pem = DemoAuthority::split(text);
  REQUIRE(pem);
  CHECK(pem->whole == text);
  CHECK_THAT(pem->authority, Catch::StartsWith("-----BEGIN CERTIFICATE-----\n") &&
                                 Catch::EndsWith("-----END CERTIFICATE-----\n"));
  CHECK_THAT(pem->client_key, Catch::StartsWith("-----BEGIN PRIVATE KEY-----\n") &&
                                  Catch::EndsWith("-----END PRIVATE KEY-----\n"));
  for (const auto& other : {std::string(), std::string("x"), text.substr(0, text.size() / 2)}) {
    CHECK_FALSE(DemoAuthority::read(other));
  }
  CHECK_FALSE(DemoAuthority::split("x"));
}

TEST_CASE("the second port is for clients with a certificate") {
  Bench bench;
  CHECK_FALSE(bench.shakes_hands(bench.front.mutual_port(), "broker.demo"));
  bench.bring_certificate();
  CHECK(bench.shakes_hands(bench.front.mutual_port(), "broker.demo"));
}

TEST_CASE("megabytes pass both ways, and the end of one side is the end of the other") {
  Bench bench;
  REQUIRE(bench.shakes_hands(bench.front.port(), "broker.demo"));
  REQUIRE(run_until(bench.io, [&] { return bench.behind.accepted; }));
  std::string sent;
  for (int i = 0; sent.size() < 3'000'000; ++i) sent += std::to_string(i) + ' ';
  std::string up(sent.size(), '\0');
  std::string down(sent.size(), '\0');
  bool up_done = false;
  bool down_done = false;
  boost::asio::async_write(*bench.client, boost::asio::buffer(sent),
                           [](error_code, std::size_t) {});
  boost::asio::async_write(bench.behind.socket, boost::asio::buffer(sent),
                           [](error_code, std::size_t) {});
  boost::asio::async_read(bench.behind.socket, boost::asio::buffer(up),
                          [&](error_code error, std::size_t) { up_done = !error; });
  boost::asio::async_read(*bench.client, boost::asio::buffer(down),
                          [&](error_code error, std::size_t) { down_done = !error; });
  REQUIRE(run_until(bench.io, [&] { return up_done && down_done; }));
  CHECK(up == sent);
  CHECK(down == sent);
  char byte = 0;
  std::optional<error_code> ended;
  SECTION("the broker leaves") {
    bench.behind.socket.close();
    bench.client->async_read_some(boost::asio::buffer(&byte, 1),
                                  [&](error_code error, std::size_t) { ended = error; });
    REQUIRE(run_until(bench.io, [&] { return ended.has_value(); }));
    CHECK(*ended == boost::asio::error::eof);
  }
  SECTION("the client leaves without a word") {
    bench.client->next_layer().close();
    bench.behind.socket.async_read_some(boost::asio::buffer(&byte, 1),
                                        [&](error_code error, std::size_t) { ended = error; });
    REQUIRE(run_until(bench.io, [&] { return ended.has_value(); }));
  }
}
