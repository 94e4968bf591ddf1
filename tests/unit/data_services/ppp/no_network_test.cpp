// Behind PPP without a network: this machine's alias, and nobody else.
#include "data_services/ppp/no_network.hpp"

#include "tests/support/ip_host.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"
#include "tests/unit/data_services/ppp/ping_of_alias.hpp"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

namespace {

struct Bench {
  std::vector<std::string> packets;
  NoNetwork network;
  std::unique_ptr<PacketNet> net = network.attach(
      {host, alias}, [this](std::string_view packet) { packets.emplace_back(packet); });
};

}  // namespace

TEST_CASE("without a network this machine answers pings [IP-12]") {
  Bench bench;
  bench.net->send(echo_request);
  REQUIRE(bench.packets.size() == 1);
  const auto reply = support::parse_packet(bench.packets.front());
  CHECK(reply.is_right);
  CHECK(reply.from == alias);
  CHECK(reply.to == host);
  CHECK(shown(reply.payload) == "00 00 21 27 00 07 00 01 70 69 6E 67");
  CHECK(bench.network.dropped() == 0);
}

TEST_CASE("without a network all else is counted and gone [IP-12]") {
  Bench bench;
  const support::IpHost from(host);
  bench.net->send(from.datagram(alias, 4000, 7, "hello"));       // no ping
  bench.net->send(from.datagram(0x08080808, 4000, 7, "hello"));  // somebody else
  bench.net->send("no packet");
  bench.net->pause(true);
  CHECK(bench.packets.empty());
  CHECK(bench.network.dropped() == 3);
}

TEST_CASE("without a network there is no name and no service [IP-12]") {
  Bench bench;
  std::optional<DnsAnswers::Status> status;
  bench.net->resolve("host", [&](const auto& found) { status = found.status; });
  CHECK(status == DnsAnswers::Status::no_such_name);
  CHECK_FALSE(bench.net->is_named({alias, 7}));
}
