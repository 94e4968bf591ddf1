// Packets that are led elsewhere and back, with right checksums; and time that goes as the host's.
#include "data_services/ppp/translation.hpp"

#include "data_services/ppp/wall_timeline.hpp"
#include "tests/support/ip_host.hpp"

#include <chrono>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using data_services::ppp::Endpoint;
using data_services::ppp::Translation;
using data_services::ppp::WallTimeline;

namespace {

constexpr support::IpAddress host = 0x0A400C03;
constexpr support::IpAddress named = 0x0A400C10;
constexpr support::IpAddress alias = 0x0A400C02;

}  // namespace

TEST_CASE(
    "a packet goes to where the service is, and the answer comes from where it was asked [IP-5]") {
  Translation translation;
  const support::IpHost from(host);
  const support::IpHost there(alias);
  SECTION("UDP") {
    auto packet = from.datagram(named, 4000, 7, "hello");
    REQUIRE(translation.lead(packet, {alias, 40'007}));
    const auto led = support::parse_packet(packet);
    CHECK(led.is_right);
    CHECK(led.to == alias);
    CHECK(support::take(led.payload, 2, 2) == 40'007);
    CHECK(led.payload.substr(8) == "hello");
    auto answer = there.datagram(host, 40'007, 4000, "back");
    translation.lead_back(answer);
    const auto back = support::parse_packet(answer);
    CHECK(back.is_right);
    CHECK(back.from == named);
    CHECK(support::take(back.payload, 0, 2) == 7);
  }
  SECTION("TCP") {
    auto packet = from.segment(named, 4000, 80, 1, 0, 2);
    REQUIRE(translation.lead(packet, {alias, 40'080}));
    CHECK(support::parse_packet(packet).is_right);
    auto answer = there.segment(host, 40'080, 4000, 9, 2, 18);
    translation.lead_back(answer);
    const auto back = support::parse_packet(answer);
    CHECK(back.is_right);
    CHECK(back.from == named);
    CHECK(support::take(back.payload, 0, 2) == 80);
  }
  SECTION("what nobody asked for stays as it is") {
    auto packet = there.datagram(host, 40'007, 4000, "x");
    const auto before = packet;
    translation.lead_back(packet);
    CHECK(packet == before);
    auto ping = from.ping(named, "x");
    CHECK_FALSE(translation.lead(ping, {alias, 1}));
  }
}

TEST_CASE("conversations that are remembered have a limit [IP-5]") {
  Translation translation;
  const support::IpHost from(host);
  for (unsigned port = 1; port <= Translation::max_flows + 100; ++port) {
    auto packet = from.datagram(named, port, 7, "x");
    REQUIRE(translation.lead(packet, {alias, 40'007}));
  }
  CHECK(translation.flows() == Translation::max_flows);
}

TEST_CASE("a host's time goes on as it does whatever the module's scale is [IP-13] [T-26]") {
  at::Timeline module;
  double scale = 60;
  const auto keep = std::make_shared<char>();
  WallTimeline wall(
      module, [&] { return scale; }, [keep] { return keep; });
  int rings = 0;
  wall.run([&] { wall.timeline().after(6s, [&] { ++rings; }); });
  module.run_until(at::Time(360s) - 1us);
  CHECK(rings == 0);
  module.run_until(at::Time(360s));
  CHECK(rings == 1);
  scale = 1;
  wall.run([&] { wall.timeline().after(6s, [&] { ++rings; }); });
  module.run_until(at::Time(366s));
  CHECK(rings == 2);
}
