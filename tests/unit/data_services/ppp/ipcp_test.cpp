// IPCP of a session: the address, the DNS servers, the gateway, on the line.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <catch2/catch.hpp>

using namespace ppp_test;

TEST_CASE("IPCP before the login is dropped [PPP-35]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.lines.clear();
  bench.say("8021 01 01 000A 0306 00000000");
  CHECK(bench.lines.empty());
  CHECK(bench.session.counters().out_of_place == 1);
}

TEST_CASE("the module's IPCP request is empty, byte by byte [PPP-34]") {
  Bench plain;
  plain.open_link();
  CHECK(plain.raw() == Texts{"7E FF 03 80 21 01 00 00 04 DC ED 7E"});
  Bench compressed;
  compressed.open_link(true);
  CHECK(compressed.raw() == Texts{"7E 80 21 01 00 00 04 67 C3 7E"});
  compressed.say("8021 03 00 000A 0306 0A404040");
  CHECK(compressed.heard() == Texts{"80 21 01 01 00 04"});
}

TEST_CASE("a gateway is named where it is wanted, and not to who rejects it [PPP-34]") {
  auto config = usual();
  config.offer.gateway = 0x0A000201;
  Bench bench(std::move(config));
  bench.open_link();
  CHECK(bench.heard() == Texts{"80 21 01 00 00 0A 03 06 0A 00 02 01"});
  bench.say("8021 03 00 000A 0306 0A404040");
  CHECK(bench.heard() == Texts{"80 21 01 01 00 0A 03 06 0A 00 02 01"});
  bench.say("8021 04 01 000A 0306 0A000201");
  CHECK(bench.heard() == Texts{"80 21 01 02 00 04"});
}

TEST_CASE("address and DNS servers, byte by byte [PPP-35] [PPP-37]") {
  Bench bench;
  bench.open_link();
  bench.acknowledge();
  bench.session.receive(
      hex("7E FF 03 80 21 01 01 00 16 03 06 00 00 00 00 81 06 00 00 00 00 83 06 00 "
          "00 00 00 6E DB 7E"));
  CHECK(bench.raw() ==
        Texts{"7E FF 03 80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A "
              "00 02 03 2C 42 7E"});
  CHECK(bench.ups == 0);
  bench.say("8021 01 02 0016 0306 0A00020F 8106 0A000203 8306 0A000203");
  CHECK(bench.raw() ==
        Texts{"7E FF 03 80 21 02 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A "
              "00 02 03 C5 B2 7E"});
  CHECK(bench.ups == 1);
  CHECK(bench.session.negotiation_complete());
}

TEST_CASE("header compression and WINS are rejected first [PPP-35] [PPP-36]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.say("8021 01 01 001C 0306 00000000 0206 002D0F01 8106 00000000 8306 00000000");
  CHECK(bench.heard() == Texts{"80 21 04 01 00 0A 02 06 00 2D 0F 01"});
  bench.say(
      "8021 01 02 0022 0306 00000000 8106 00000000 8206 00000000 8306 00000000 8406 00000000");
  CHECK(bench.heard() == Texts{"80 21 04 02 00 10 82 06 00 00 00 00 84 06 00 00 00 00"});
  bench.say("8021 01 03 000E 010A C0A80102 0A000201");
  CHECK(bench.heard() == Texts{"80 21 04 03 00 0E 01 0A C0 A8 01 02 0A 00 02 01"});
  bench.say("8021 01 04 0008 0304 0A00");
  CHECK(bench.heard() == Texts{"80 21 04 04 00 08 03 04 0A 00"});
}

TEST_CASE("a host that names an address of its own is told the right one [PPP-36] [T-18]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.say("8021 01 01 000A 0306 C0A80117");
  CHECK(bench.heard() == Texts{"80 21 03 01 00 0A 03 06 0A 00 02 0F"});
}

TEST_CASE("a host that insists on its address loses it after five naks [PPP-13] [PPP-36]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  for (int i = 0; i < 5; ++i) {
    bench.say("8021 01 01 000A 0306 C0A80117");
    CHECK(bench.heard() == Texts{"80 21 03 01 00 0A 03 06 0A 00 02 0F"});
  }
  bench.say("8021 01 01 000A 0306 C0A80117");
  CHECK(bench.heard() == Texts{"80 21 04 01 00 0A 03 06 C0 A8 01 17"});
}

TEST_CASE("a host that asks for no address is told it once [PPP-35]") {
  Bench bench;
  bench.open_link();
  bench.acknowledge();
  bench.say("8021 01 01 0004");
  CHECK(bench.heard() == Texts{"80 21 03 01 00 0A 03 06 0A 00 02 0F"});
  bench.say("8021 01 02 0004");
  CHECK(bench.heard() == Texts{"80 21 02 02 00 04"});
  CHECK(bench.ups == 1);
}

TEST_CASE("a DNS server that there is not is rejected [PPP-35]") {
  auto config = usual();
  config.offer.dns2 = 0;
  Bench bench(std::move(config));
  bench.open_link();
  bench.lines.clear();
  bench.say("8021 01 01 0016 0306 00000000 8106 00000000 8306 00000000");
  CHECK(bench.heard() == Texts{"80 21 04 01 00 0A 83 06 00 00 00 00"});
}

TEST_CASE("on a slow bearer the address comes late [PPP-38]") {
  auto config = usual();
  config.ipcp_delay = 4s;
  Bench bench(std::move(config));
  bench.open_link();
  bench.say("8021 01 01 000A 0306 00000000");
  bench.wait(3s);
  bench.say("8021 01 02 000A 0306 00000000");
  bench.wait(1s - 1us);
  CHECK(bench.lines.empty());
  bench.wait(1us);
  CHECK(bench.heard() == Texts{"80 21 01 00 00 04", "80 21 03 02 00 0A 03 06 0A 00 02 0F"});
}

TEST_CASE("a host that rejects IPCP, or closes it, ends the call") {
  Bench rejects;
  rejects.open_link();
  rejects.lines.clear();
  rejects.say("C021 08 01 000A 8021 01000004");
  CHECK(rejects.heard() == Texts{"C0 21 05 01 00 04"});
  rejects.say("C021 06 01 0004");
  rejects.wait(0s);
  CHECK(rejects.ends == Texts{"no network"});
  Bench closes;
  closes.open_link();
  closes.open_ip();
  closes.say("8021 05 09 0004");
  CHECK(closes.heard() == Texts{"80 21 06 09 00 04"});
  CHECK_FALSE(closes.session.negotiation_complete());
  closes.wait(6s);
  CHECK(closes.heard() == Texts{"C0 21 05 01 00 04"});
}

TEST_CASE("ten IPCP requests, then the call ends [PPP-13]") {
  Bench bench;
  bench.open_link();
  for (int i = 0; i < 10; ++i) {
    CHECK(bench.heard() == Texts{"80 21 01 00 00 04"});
    bench.wait(6s);
  }
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.wait(12s);
  CHECK(bench.ends == Texts{"no network"});
}

TEST_CASE("a gateway is given up after five naks [PPP-13] [PPP-34]") {
  auto config = usual();
  config.offer.gateway = 0x0A000201;
  Bench bench(std::move(config));
  bench.open_link();
  bench.lines.clear();
  for (int i = 0; i < 5; ++i) {
    bench.say(fmt::format("8021 03 0{} 000A 0306 00000000", i));
    CHECK(bench.heard() == Texts{fmt::format("80 21 01 0{} 00 0A 03 06 0A 00 02 01", i + 1)});
  }
  bench.say("8021 03 05 000A 0306 00000000");
  CHECK(bench.heard() == Texts{"80 21 01 06 00 04"});
}

TEST_CASE(
    "a host that asks for servers alone is told its address too, in each negotiation [PPP-35]") {
  Bench bench;
  bench.open_link();
  bench.acknowledge();
  bench.say("8021 01 01 000A 8106 00000000");
  CHECK(bench.heard() == Texts{"80 21 03 01 00 10 81 06 0A 00 02 03 03 06 0A 00 02 0F"});
  bench.say("8021 01 02 000A 8106 0A000203");
  CHECK(bench.ups == 1);
  bench.lines.clear();
  bench.say("C021 01 05 0004");
  bench.acknowledge();
  bench.acknowledge();
  bench.say("8021 01 04 0004");
  CHECK(bench.heard() == Texts{"80 21 03 04 00 0A 03 06 0A 00 02 0F"});
}

TEST_CASE("what was asked before the host began anew is forgotten [PPP-30] [PPP-38]") {
  auto config = usual();
  config.ipcp_delay = 4s;
  Bench bench(std::move(config));
  bench.open_link();
  bench.say("8021 01 01 000A 0306 00000000");
  bench.wait(3s);
  bench.say("C021 01 02 0004");
  bench.wait(1s);
  CHECK(bench.heard() == Texts{"C0 21 01 01 00 14 02 06 00 00 00 00 05 06 11 22 33 45 07 02 08 02",
                               "C0 21 02 02 00 04"});
  bench.say("C021 02 01 0014 0206 00000000 0506 11223345 0702 0802");
  bench.wait(4s);
  CHECK(bench.heard() == Texts{"80 21 01 00 00 04"});
}
