// A session from CONNECT to the end: packets, suspension, ways out, beginning anew.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <catch2/catch.hpp>

using namespace ppp_test;

namespace {

/// An ICMP echo of 10.0.2.15 to 10.0.2.2; nothing of it is looked at.
const std::string ping =
    "45 00 00 1C 00 01 00 00 40 01 62 CE 0A 00 02 0F 0A 00 02 02 08 00 F7 FE 00 00 "
    "00 01";

void up(Bench& bench, bool compresses = false) {
  bench.open_link(compresses);
  bench.open_ip();
  REQUIRE(bench.session.phase_name() == "open");
}

}  // namespace

TEST_CASE("IP has to be up in 90 seconds [PPP-13]") {
  Bench bench;
  bench.wait(50ms);
  bench.say("C021 01 01 0004");
  bench.acknowledge();
  // A host that never has enough.
  for (int i = 0; i < 17; ++i) {
    bench.wait(5s);
    bench.acknowledge();
    bench.say("8021 01 01 000A 0206 002D0F01");
  }
  bench.lines.clear();
  bench.wait(4'949ms);
  CHECK(bench.lines.empty());
  bench.wait(1ms);
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.say("C021 06 01 0004");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"too slow"});
}

TEST_CASE("packets pass both ways once IP is up, and not before [PPP-30] [PPP-40]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.say("0021" + ping);
  bench.session.send_packet(hex(ping));
  CHECK(bench.packets.empty());
  CHECK(bench.lines.empty());
  CHECK(bench.session.counters().in_before_open == 1);
  CHECK(bench.session.counters().out_before_open == 1);
  bench.wait(6s);
  bench.open_ip();
  bench.say("0021" + ping);
  CHECK(bench.packets == Texts{ping});
  bench.session.send_packet(hex(ping));
  CHECK(bench.heard() == Texts{"00 21 " + ping});
  CHECK(bench.session.counters().packets_in == 1);
  CHECK(bench.session.counters().packets_out == 1);
}

TEST_CASE("an empty packet is none, either way [PPP-40]") {
  Bench bench;
  up(bench, true);
  bench.session.send_packet("");
  CHECK(bench.lines.empty());
  bench.say("0021");
  CHECK(bench.packets.empty());
  CHECK(bench.session.counters().packets_in == 0);
  CHECK(bench.session.counters().packets_out == 0);
}

TEST_CASE("compressed headers go to who offered them, and are taken from all [PPP-19] [T-17]") {
  Bench plain;
  up(plain);
  plain.session.receive(framed(hex("21" + ping), ""));
  CHECK(plain.packets == Texts{ping});
  plain.session.send_packet(hex(ping));
  CHECK(plain.raw()[0].starts_with("7E FF 03 00 21 45 00"));
  Bench compressed;
  up(compressed, true);
  compressed.session.send_packet(hex(ping));
  CHECK(compressed.raw()[0].starts_with("7E 21 45 00"));
}

TEST_CASE("to a host that offers nothing everything is escaped [PPP-18]") {
  Bench bench;
  bench.wait(50ms);
  bench.say("C021 01 01 0004");
  bench.acknowledge();
  bench.open_ip();
  bench.session.send_packet(hex(ping));
  CHECK(bench.raw()[0].starts_with("7E FF 7D 23 7D 20 21 45 7D 20 7D 20 7D 3C"));
}

TEST_CASE("packets of 1500 pass, longer ones are counted [PPP-40]") {
  Bench bench;
  up(bench);
  const std::string full(1500, 'x');
  const std::string longer(1501, 'x');
  bench.session.receive(framed(hex("0021") + full));
  bench.session.receive(framed(hex("0021") + longer));
  CHECK(bench.packets == Texts{shown(full)});
  CHECK(bench.session.counters().in_too_long == 1);
  bench.session.send_packet(full);
  bench.session.send_packet(longer);
  CHECK(bench.lines.size() == 1);
  CHECK(bench.session.counters().out_too_long == 1);
  bench.session.receive(framed(hex("0021") + std::string(2100, 'x')));
  CHECK(bench.session.frames().too_long == 1);
}

TEST_CASE("while the host is in command state packets for it are dropped [PPP-7]") {
  Bench bench;
  up(bench);
  bench.session.suspend();
  bench.session.send_packet(hex(ping));
  CHECK(bench.lines.empty());
  CHECK(bench.session.counters().out_suspended == 1);
  CHECK(bench.session.negotiation_complete());
  bench.session.resume();
  bench.session.send_packet(hex(ping));
  CHECK(bench.lines.size() == 1);
}

TEST_CASE(
    "the host ends the link: acknowledged, and over a tenth of a second later [PPP-11] [T-22]") {
  Bench bench;
  up(bench);
  bench.say("C021 05 02 0010 557365722072657175657374");
  CHECK(bench.raw() == Texts{"7E FF 7D 23 C0 21 7D 26 7D 22 7D 20 7D 24 94 7D 2D 7E"});
  CHECK(bench.session.phase_name() == "terminating");
  bench.say("C021 05 03 0004");
  CHECK(bench.heard() == Texts{"C0 21 06 03 00 04"});
  bench.session.send_packet(hex(ping));
  CHECK(bench.lines.empty());
  bench.wait(100ms - 1us);
  CHECK(bench.ends.empty());
  bench.wait(1us);
  CHECK(bench.ends == Texts{"host terminated"});
  CHECK(bench.timeline.pending() == 0);
}

TEST_CASE("a Terminate-Request before LCP is open changes nothing [PPP-11]") {
  Bench bench;
  bench.say("C021 05 02 0004");
  CHECK(bench.heard().at(1) == "C0 21 06 02 00 04");
  bench.wait(6s);
  CHECK(bench.ends.empty());
  bench.open_link();
  bench.open_ip();
  CHECK(bench.ups == 1);
}

TEST_CASE("the module ends the link, the host agrees [PPP-10] [PPP-12]") {
  Bench bench;
  up(bench);
  bench.session.terminate();
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.session.terminate();
  CHECK(bench.lines.empty());
  bench.say("C021 06 01 0004");
  CHECK(bench.ends.empty());
  bench.wait(0s);
  CHECK(bench.ends == Texts{"terminated"});
}

TEST_CASE("the frame that QPPPDROP sends, byte by byte [PPP-10]") {
  Bench bench;
  up(bench);
  // Four packets of the module before it take the identifiers in between.
  for (int i = 0; i < 4; ++i) bench.say("80FD 01 01 0004");
  bench.lines.clear();
  bench.session.terminate();
  CHECK(bench.raw() == Texts{"7E FF 7D 23 C0 21 7D 25 7D 25 7D 20 7D 24 5C A4 7E"});
}

TEST_CASE("the module ends the link, the host is silent [PPP-10] [PPP-12] [PPP-13]") {
  Bench bench;
  up(bench);
  bench.session.terminate();
  bench.wait(6s);
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04", "C0 21 05 02 00 04"});
  bench.wait(6s - 1us);
  CHECK(bench.ends.empty());
  bench.wait(1us);
  CHECK(bench.ends == Texts{"terminated"});
}

TEST_CASE("a call that has not begun ends without a frame [PPP-10]") {
  Bench bench;
  bench.session.terminate();
  CHECK(bench.session.phase_name() == "terminating");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"terminated"});
  bench.wait(100s);
  CHECK(bench.lines.empty());
}

TEST_CASE("a host that begins anew gets everything again [PPP-30]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.say("C023 01 01 0006 0000");
  bench.open_ip();
  CHECK(bench.ups == 1);
  bench.say("C021 01 01 000A 0206 FFFFFFFF");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 11 22 33 45 07 02 08 02",
              "C0 21 02 01 00 0A 02 06 FF FF FF FF"});
  CHECK_FALSE(bench.session.negotiation_complete());
  bench.say("0021" + ping);
  CHECK(bench.packets.empty());
  bench.say("C021 02 01 0018 0206 00000000 0304 C023 0506 11223345 0702 0802");
  CHECK(bench.session.phase_name() == "authenticating");
  bench.say("C023 01 02 0006 0000");
  CHECK(bench.heard() == Texts{"C0 23 02 02 00 05 00", "80 21 01 01 00 04"});
  bench.say("8021 02 01 0004");
  bench.say("8021 01 01 000A 0306 0A00020F");
  CHECK(bench.ups == 2);
  CHECK(bench.session.negotiation_complete());
}

TEST_CASE("a session may be destroyed in its last event, and at any other time") {
  struct Owner : Session::Events {
    void transmit(std::string_view) override {}
    void packet(std::string_view) override {}
    void established() override {}
    void ended(Session::Reason) override { session.reset(); }
    std::unique_ptr<Session> session;
  };
  at::Timeline timeline;
  Owner owner;
  owner.session = std::make_unique<Session>(timeline, usual(), owner);
  owner.session->start();
  timeline.run_until(timeline.now() + 100s);
  CHECK_FALSE(owner.session);
  CHECK(timeline.pending() == 0);
  owner.session = std::make_unique<Session>(timeline, usual(), owner);
  owner.session->start();
  owner.session.reset();
  CHECK(timeline.pending() == 0);
}

TEST_CASE("bytes are counted both ways") {
  Bench bench;
  bench.wait(50ms);
  CHECK(bench.session.counters().bytes_out == bench.lines.at(0).size());
  bench.session.receive("abc");
  CHECK(bench.session.counters().bytes_in == 3);
}
