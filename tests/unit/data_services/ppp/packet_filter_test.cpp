// Where packets of the host may go.
#include "data_services/ppp/packet_filter.hpp"

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using Verdict = PacketFilter::Verdict;
using Why = PacketFilter::Why;
using Reach = PacketFilter::Reach;

namespace {

PacketFilter::Rules usual(Reach reach = Reach::this_machine) {
  return {.address = *parse_address("10.64.12.3"),
          .alias = *parse_address("10.64.12.2"),
          .gateway = *parse_address("10.64.12.1"),
          .dns = {*parse_address("8.8.8.8"), *parse_address("10.64.12.4")},
          .reach = reach};
}

std::string udp(std::string_view to, std::uint16_t port, std::string_view from = "10.64.12.3") {
  return make_udp({*parse_address(from), 0xC001}, {*parse_address(to), port}, "x");
}

struct Ruled {
  Verdict verdict;
  Why why;
  bool operator==(const Ruled&) const = default;
};

Ruled rule(PacketFilter& filter, const std::string& packet) {
  const auto ruling = filter.judge(packet);
  return {ruling.verdict, ruling.why};
}

}  // namespace

TEST_CASE("this machine and nothing else, unless all is asked for [IP-5] [IP-7] [T-24]") {
  PacketFilter filter(usual());
  CHECK(rule(filter, udp("10.64.12.2", 1883)) == Ruled{Verdict::to_alias, Why::fine});
  CHECK(rule(filter, udp("10.64.12.2", 53)) == Ruled{Verdict::to_alias, Why::fine});
  CHECK(rule(filter, udp("93.184.216.34", 80)) == Ruled{Verdict::refuse, Why::out_of_reach});
  CHECK(rule(filter, udp("192.168.1.1", 80)) == Ruled{Verdict::refuse, Why::out_of_reach});
  PacketFilter open(usual(Reach::everywhere));
  CHECK(rule(open, udp("93.184.216.34", 80)) == Ruled{Verdict::to_far, Why::fine});
  CHECK(rule(open, udp("192.168.1.1", 80)) == Ruled{Verdict::to_far, Why::fine});
  CHECK(rule(open, udp("10.64.12.2", 80)) == Ruled{Verdict::to_alias, Why::fine});
}

TEST_CASE("a packet has to come from the address that was assigned [IP-7]") {
  PacketFilter filter(usual(Reach::everywhere));
  for (const char* const from :
       {"10.64.12.2", "10.64.12.4", "192.168.1.23", "0.0.0.0", "127.0.0.1"})
    CHECK(rule(filter, udp("10.64.12.2", 80, from)) == Ruled{Verdict::drop, Why::foreign_source});
  CHECK(filter.counters().foreign_source == 5);
}

TEST_CASE("no packet reaches loopback, broadcast or many, whatever is in reach [IP-6] [T-24]") {
  for (const auto reach : {Reach::this_machine, Reach::everywhere}) {
    PacketFilter filter(usual(reach));
    for (const char* const to :
         {"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "169.254.169.254", "224.0.0.251",
          "239.255.255.250", "240.0.0.1", "255.255.255.255", "10.64.12.255", "10.64.12.0"})
      CHECK(rule(filter, udp(to, 53)) == Ruled{Verdict::drop, Why::special});
    CHECK(filter.counters().special == 11);
  }
}

TEST_CASE("addresses of the virtual net that nobody has lead nowhere [IP-6] [T-24]") {
  for (const auto reach : {Reach::this_machine, Reach::everywhere}) {
    PacketFilter filter(usual(reach));
    for (int last = 1; last < 255; ++last) {
      const auto ruled = rule(filter, udp("10.64.12." + std::to_string(last), 80));
      const bool is_somebody = last == 1 || last == 2 || last == 4;
      CHECK((ruled.verdict == Verdict::refuse) == !is_somebody);
      CHECK(ruled.why == (is_somebody ? Why::fine : Why::own_net));
    }
  }
}

TEST_CASE("port 53 of an offered server is the module's, UDP and TCP [IP-8]") {
  PacketFilter filter(usual());
  CHECK(rule(filter, udp("8.8.8.8", 53)) == Ruled{Verdict::to_resolver, Why::fine});
  CHECK(rule(filter, udp("10.64.12.4", 53)) == Ruled{Verdict::to_resolver, Why::fine});
  auto tcp = udp("8.8.8.8", 53);
  tcp[9] = 6;
  tcp[10] = tcp[11] = 0;
  const auto sum = internet_checksum(tcp.substr(0, 20));
  tcp[10] = static_cast<char>(sum >> 8U);
  tcp[11] = static_cast<char>(sum & 0xFFU);
  CHECK(rule(filter, tcp) == Ruled{Verdict::to_resolver, Why::fine});
  CHECK(rule(filter, udp("8.8.8.8", 54)) == Ruled{Verdict::refuse, Why::out_of_reach});
  CHECK(rule(filter, udp("8.8.4.4", 53)) == Ruled{Verdict::refuse, Why::out_of_reach});
  CHECK(rule(filter, udp("10.64.12.4", 54)) == Ruled{Verdict::to_module, Why::fine});
  CHECK(rule(filter, udp("10.64.12.1", 53)) == Ruled{Verdict::to_module, Why::fine});
}

TEST_CASE("services that the scenario names are in reach [IP-7]") {
  auto rules = usual();
  rules.is_named = [](const Endpoint& to) {
    return to == Endpoint{*parse_address("203.0.113.7"), 8883} || to.port == 9;
  };
  PacketFilter filter(rules);
  CHECK(rule(filter, udp("203.0.113.7", 8883)) == Ruled{Verdict::to_named, Why::fine});
  CHECK(rule(filter, udp("203.0.113.7", 8884)) == Ruled{Verdict::refuse, Why::out_of_reach});
  CHECK(rule(filter, udp("127.0.0.1", 9)) == Ruled{Verdict::drop, Why::special});
}

TEST_CASE("what is no packet is dropped and counted [IP-7]") {
  PacketFilter filter(usual());
  CHECK(rule(filter, "") == Ruled{Verdict::drop, Why::no_ipv4});
  CHECK(rule(filter, std::string(40, '\x60')) == Ruled{Verdict::drop, Why::no_ipv4});
  auto broken = udp("10.64.12.2", 80);
  broken[8] = 1;
  CHECK(rule(filter, broken) == Ruled{Verdict::drop, Why::no_ipv4});
  CHECK(filter.counters().no_ipv4 == 3);
  CHECK(filter.counters().passed == 0);
}

TEST_CASE("who is refused hears which part is unreachable [IP-7]") {
  CHECK(told(Why::own_net) == Unreachable::host);
  CHECK(told(Why::out_of_reach) == Unreachable::net);
}

TEST_CASE("a later fragment has no port [IP-8]") {
  PacketFilter filter(usual());
  auto packet = udp("8.8.8.8", 53);
  const auto at_offset = [&](char offset) {
    packet[7] = offset;
    packet[10] = packet[11] = 0;
    const auto sum = internet_checksum(packet.substr(0, 20));
    packet[10] = static_cast<char>(sum >> 8U);
    packet[11] = static_cast<char>(sum & 0xFFU);
    return rule(filter, packet);
  };
  CHECK(at_offset(0) == Ruled{Verdict::to_resolver, Why::fine});
  CHECK(at_offset(1) == Ruled{Verdict::refuse, Why::out_of_reach});
}

TEST_CASE("what has no ports is no service that the scenario names [IP-7]") {
  auto rules = usual();
  rules.is_named = [](const Endpoint&) { return true; };
  PacketFilter filter(rules);
  auto packet = udp("93.184.216.34", 80);
  const auto with = [&](std::size_t where, std::uint8_t what) {
    packet[where] = static_cast<char>(what);
    packet[10] = packet[11] = 0;
    const auto sum = internet_checksum(packet.substr(0, 20));
    packet[10] = static_cast<char>(sum >> 8U);
    packet[11] = static_cast<char>(sum & 0xFFU);
    return rule(filter, packet);
  };
  CHECK(with(8, 64) == Ruled{Verdict::to_named, Why::fine});
  CHECK(with(9, 6) == Ruled{Verdict::to_named, Why::fine});
  CHECK(with(9, 1) == Ruled{Verdict::refuse, Why::out_of_reach});
  CHECK(with(9, 17) == Ruled{Verdict::to_named, Why::fine});
  packet.resize(23);  // half of the ports
  CHECK(with(3, 23) == Ruled{Verdict::refuse, Why::out_of_reach});
}

TEST_CASE("a net without a gateway of its own sends nothing to the module for it [IP-5]") {
  auto rules = usual();
  rules.gateway = 0;
  PacketFilter filter(rules);
  CHECK(rule(filter, udp("10.64.12.1", 80)) == Ruled{Verdict::refuse, Why::own_net});
  CHECK(rule(filter, udp("0.0.0.0", 80)) == Ruled{Verdict::drop, Why::special});
}
