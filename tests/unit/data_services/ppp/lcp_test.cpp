// LCP of a session: what it asks for, grants, rejects and answers, on the line.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <catch2/catch.hpp>

using namespace ppp_test;

namespace {

const std::string asks_nothing =
    "C0 21 01 00 00 14 02 06 00 00 00 00 05 06 11 22 33 44 07 02 08 02";
const std::string asks_chap =
    "C0 21 01 00 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02";
const std::string asks_pap =
    "C0 21 01 00 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 11 22 33 44 07 02 08 02";

}  // namespace

TEST_CASE("the first request, byte by byte [PPP-17] [PPP-21] [PPP-22] [PPP-24]") {
  Bench bench(usual(Login::chap));
  bench.wait(50ms);
  CHECK(bench.raw() ==
        Texts{"7E FF 7D 23 C0 21 7D 21 7D 20 7D 20 7D 39 7D 22 7D 26 7D 20 7D 20 7D 20 7D 20 7D 23 "
              "7D 25 C2 23 7D 25 7D 25 7D 26 7D 31 22 33 44 7D 27 7D 22 7D 28 7D 22 AA A7 7E"});
}

TEST_CASE("the first request with PAP or without a login [PPP-23] [PPP-24] [T-16]") {
  Bench pap(usual(Login::pap));
  pap.wait(50ms);
  CHECK(pap.heard() == Texts{asks_pap});
  Bench none(usual(Login::none));
  none.wait(50ms);
  CHECK(none.heard() == Texts{asks_nothing});
}

TEST_CASE("nothing is sent before the host can listen [PPP-6]") {
  const auto delay = GENERATE(0ms, 50ms, 5000ms);
  auto config = usual(Login::chap);
  config.first_frame_delay = delay;
  Bench bench(std::move(config));
  if (delay > 0ms) {
    CHECK(bench.session.phase_name() == "waiting");
    bench.wait(delay - 1us);
    CHECK(bench.lines.empty());
  }
  bench.wait(1us);
  CHECK(bench.heard() == Texts{asks_chap});
  CHECK(bench.session.phase_name() == "establishing");
}

TEST_CASE("a host that speaks first is answered at once [PPP-6]") {
  auto config = usual(Login::chap);
  config.first_frame_delay = 5s;
  Bench bench(std::move(config));
  bench.say("C021 01 01 0004");
  CHECK(bench.heard() == Texts{asks_chap, "C0 21 02 01 00 04"});
  bench.wait(5s);
  CHECK(bench.lines.empty());
}

TEST_CASE("noise does not count as a host that speaks [PPP-6] [PPP-16]") {
  Bench bench;
  bench.session.receive(hex("0D 0A 41 54 0D 7E 41 42 43 44 45 7E"));
  CHECK(bench.lines.empty());
  CHECK(bench.session.frames().bad_fcs == 2);
  bench.wait(50ms);
  CHECK(bench.heard() == Texts{asks_nothing});
}

TEST_CASE("what hosts ask for is granted [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  for (const char* const list :
       {"", "0104 0080", "0104 05DC", "0104 0240", "0206 FFFFFFFF", "0206 000A0000",
        "0506 DEADBEEF", "0702", "0802", "0104 05DC 0206 00000000 0506 DEADBEEF 0702 0802"}) {
    const auto options = hex(list);
    const auto header = fmt::format("01 09 00 {:02X}", options.size() + 4);
    bench.say("C021" + header + list);
    auto granted = hex("C021" + header) + options;
    granted[2] = 2;
    CHECK(bench.heard() == Texts{shown(granted)});
  }
}

TEST_CASE("a larger or a tiny MRU gets another one [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 01 01 0008 0104 05DD");
  CHECK(bench.heard() == Texts{"C0 21 03 01 00 08 01 04 05 DC"});
  bench.say("C021 01 02 0008 0104 FFFF");
  CHECK(bench.heard() == Texts{"C0 21 03 02 00 08 01 04 05 DC"});
  bench.say("C021 01 03 0008 0104 007F");
  CHECK(bench.heard() == Texts{"C0 21 03 03 00 08 01 04 00 80"});
  bench.say("C021 01 04 000A 0506 00000000");
  CHECK(bench.heard() == Texts{"C0 21 03 04 00 0A 05 06 11 22 33 45"});
}

TEST_CASE(
    "a login of the module, quality, callback, multilink and endpoint are rejected [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  for (const char* const option :
       {"03 04 C0 23", "03 05 C2 23 05", "04 08 C0 25 00 00 00 00", "0D 03 06", "11 04 05 DC",
        "12 02", "13 09 03 00 01 02 03 04 05", "00 02", "FF 02", "01 03 00", "02 02", "05 03 01",
        "07 03 00", "08 03 00"}) {
    const auto options = hex(option);
    bench.say("C021" + fmt::format("01 09 00 {:02X}", options.size() + 10) + option +
              "0206 00000000");
    CHECK(bench.heard() ==
          Texts{fmt::format("C0 21 04 09 00 {:02X} ", options.size() + 4) + shown(options)});
  }
}

TEST_CASE("rejections go first, in the host's order and without the rest [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 01 01 0018 1104 05DC 0104 0600 0206 00000000 0D03 06 0403 01");
  CHECK(bench.heard() == Texts{"C0 21 04 01 00 0E 11 04 05 DC 0D 03 06 04 03 01"});
}

TEST_CASE("a host may have the other login, or none [PPP-25] [T-16]") {
  Bench bench(usual(Login::chap));
  bench.wait(50ms);
  CHECK(bench.heard() == Texts{asks_chap});
  bench.say("C021 03 00 0008 0304 C023");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 11 22 33 44 07 02 08 02"});
  bench.say("C021 03 01 0009 0305 C22305");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 02 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02"});
  bench.say("C021 03 02 0009 0305 C22381");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 03 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 11 22 33 44 07 02 08 02"});
  bench.say("C021 04 03 0008 0304 C023");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 04 00 14 02 06 00 00 00 00 05 06 11 22 33 44 07 02 08 02"});
}

TEST_CASE("what a host rejects is not asked for again [PPP-21] [PPP-25]") {
  Bench bench(usual(Login::chap));
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 04 00 0019 0206 00000000 0305 C22305 0506 11223344 0702 0802");
  CHECK(bench.heard() == Texts{"C0 21 01 01 00 04"});
  bench.say("C021 02 01 0004");
  bench.say("C021 01 01 0004");
  CHECK(bench.session.phase_name() == "configuring");
}

TEST_CASE("a host may escape more than the module asks for [PPP-21]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 03 00 000A 0206 000A0000");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 14 02 06 00 0A 00 00 05 06 11 22 33 44 07 02 08 02"});
  bench.say("C021 03 01 000E 0506 01020304 0702 0802");
  CHECK(bench.heard() == Texts{"C0 21 01 02 00 10 02 06 00 0A 00 00 05 06 11 22 33 45"});
  bench.say("C021 03 02 000A 0206 00000001");
  CHECK(bench.heard() == Texts{"C0 21 01 03 00 10 02 06 00 0A 00 01 05 06 11 22 33 45"});
}

TEST_CASE("an echo is answered with the module's magic number and the host's data [PPP-27]") {
  Bench bench;
  bench.open_link();
  bench.open_ip();
  bench.say("C021 09 05 000C DEADBEEF 70696E67");
  CHECK(bench.raw() == Texts{"7E FF 7D 23 C0 21 7D 2A 7D 25 7D 20 7D 2C 7D 31 22 33 44 70 69 6E 67 "
                             "44 79 7E"});
}

TEST_CASE("echoes are answered in the opened state only [PPP-27] [T-20]") {
  Bench bench;
  bench.session.receive(hex("7E FF 03 C0 21 09 01 00 08 99 D1 35 C1 8E 2C 7E"));
  CHECK(bench.lines.size() == 1);  // the module's own request
  bench.open_link();
  bench.session.receive(hex("7E FF 03 C0 21 09 01 00 08 99 D1 35 C1 8E 2C 7E"));
  CHECK(bench.heard().back() == "C0 21 0A 01 00 08 11 22 33 44");
  bench.say("C021 09 02 0007 010203");
  bench.say("C021 0A 02 0008 01020304");
  bench.say("C021 0B 02 0008 01020304");
  CHECK(bench.lines.empty());
}

TEST_CASE("the module sends no echo and no discard of its own [PPP-27] [PPP-28]") {
  Bench bench;
  bench.open_link();
  bench.open_ip();
  bench.wait(3600s);
  CHECK(bench.lines.empty());
  CHECK(bench.timeline.pending() == 0);
}

TEST_CASE("an unknown protocol comes back, cut to what the host takes [PPP-29] [PPP-39]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.say("80FD 01 01 000F 1A04 7800 1804 7800 1503 2F");
  bench.say("8057 01 01 000E 010A 0000 0000 0000 0001");
  bench.say("002D 45 00");
  bench.say("0057 60 00");
  bench.say("C227 01");
  CHECK(bench.heard() ==
        Texts{"C0 21 08 01 00 15 80 FD 01 01 00 0F 1A 04 78 00 18 04 78 00 15 03 2F",
              "C0 21 08 02 00 14 80 57 01 01 00 0E 01 0A 00 00 00 00 00 00 00 01",
              "C0 21 08 03 00 08 00 2D 45 00", "C0 21 08 04 00 08 00 57 60 00",
              "C0 21 08 05 00 07 C2 27 01"});
  CHECK(bench.session.counters().rejected_protocols == 5);
  std::string large = hex("80FD");
  large.resize(1502, 'x');
  bench.session.receive(framed(large));
  REQUIRE(bench.lines.size() == 1);
  const auto back = opened(bench.lines[0]);
  CHECK(back.size() == 2 + 1500);
  CHECK(shown(back.substr(2, 6)) == "08 06 05 DC 80 FD");
}

TEST_CASE("a rejected protocol goes out with everything escaped [PPP-29]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.session.receive(framed(hex("8057 01 01 000E 010A 0000000000000001")));
  CHECK(bench.raw()[0].starts_with(
      "7E FF 7D 23 C0 21 7D 28 7D 21 7D 20 7D 34 80 57 7D 21 7D 21 7D 20 7D 2E"));
}

TEST_CASE("before the link is up no protocol comes back [PPP-29]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("80FD 01 01 0004");
  bench.say("8021 01 01 0004");
  bench.say("C023 01 01 0006 0000");
  CHECK(bench.lines.empty());
  CHECK(bench.session.counters().out_of_place == 3);
}

TEST_CASE("a smaller MRU of the host cuts what comes back [PPP-26] [PPP-29]") {
  Bench bench;
  bench.wait(50ms);
  bench.say("C021 01 01 0008 0104 0080");
  bench.acknowledge();
  bench.lines.clear();
  std::string large = hex("80FD");
  large.resize(1502, 'x');
  bench.session.receive(framed(large));
  CHECK(opened(bench.lines.at(0)).size() == 2 + 128);
  bench.lines.clear();
  bench.session.receive(framed(hex("C021 0909 00D0 01020304") + std::string(200, 'e')));
  const auto echo = opened(bench.lines.at(0));
  CHECK(echo.size() == 2 + 128);
  CHECK(shown(echo.substr(0, 10)) == "C0 21 0A 09 00 80 11 22 33 44");
}

TEST_CASE("an unknown code of LCP comes back [PPP-29]") {
  Bench bench;
  bench.open_link();
  bench.lines.clear();
  bench.say("C021 0C 07 0008 DEADBEEF");
  CHECK(bench.heard() == Texts{"C0 21 07 01 00 0C 0C 07 00 08 DE AD BE EF"});
}

TEST_CASE("a host's line that echoes is no host [PPP-26]") {
  Bench bench(usual(Login::chap));
  bench.wait(50ms);
  for (int i = 0; i < 200 && !bench.lines.empty(); ++i) {
    const auto lines = std::exchange(bench.lines, {});
    for (const auto& line : lines) bench.session.receive(line);
  }
  bench.wait(0s);
  CHECK(bench.ends == Texts{"looped back"});
  CHECK(bench.timeline.pending() == 0);
}

TEST_CASE("a host that happens on the module's magic number gets another [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 01 01 000E 0506 11223344 0304 C023");
  CHECK(bench.heard() == Texts{"C0 21 03 01 00 0A 05 06 11 22 33 45"});
  bench.say("C021 01 02 000A 0506 11223345");
  CHECK(bench.heard() == Texts{"C0 21 02 02 00 0A 05 06 11 22 33 45"});
}

TEST_CASE("nobody answers: ten requests, then the call ends [PPP-13]") {
  Bench bench(usual(Login::chap));
  bench.wait(50ms);
  CHECK(bench.heard() == Texts{asks_chap});
  for (int i = 0; i < 9; ++i) {
    bench.wait(6s);
    CHECK(bench.heard() == Texts{asks_chap});
  }
  bench.wait(6s - 1us);
  CHECK(bench.ends.empty());
  bench.wait(1us);
  CHECK(bench.lines.empty());
  CHECK(bench.ends == Texts{"no answer"});
  CHECK(bench.session.phase_name() == "ended");
  CHECK(bench.timeline.pending() == 0);
  bench.say("C021 01 01 0004");
  CHECK(bench.lines.empty());
}

TEST_CASE("a host that rejects what LCP lives by ends the call [PPP-29]") {
  Bench bench;
  bench.wait(50ms);
  bench.say("C021 07 01 0008 01 00 00 04");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"no agreement"});
}

TEST_CASE("a random source that says the same for ever makes numbers that differ [PPP-26]") {
  auto config = usual();
  config.random = [] { return 0U; };
  Bench bench(std::move(config));
  bench.wait(50ms);
  CHECK(bench.heard() ==
        Texts{"C0 21 01 00 00 14 02 06 00 00 00 00 05 06 00 00 00 01 07 02 08 02"});
  bench.say("C021 01 01 000A 0506 00000001");
  CHECK(bench.heard() == Texts{"C0 21 03 01 00 0A 05 06 00 00 00 02"});
  bench.say("C021 03 00 000A 0506 00000009");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 14 02 06 00 00 00 00 05 06 00 00 00 02 07 02 08 02"});
}

TEST_CASE("only ten echoes in a row are a loop [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  const auto echo = [&](int times) {
    for (int i = 0; i < times; ++i) bench.say("C021 01 01 000A 0506 11223344");
  };
  echo(9);
  bench.say("C021 01 02 000A 0506 DEADBEEF");
  echo(9);
  CHECK(bench.session.phase_name() == "establishing");
  echo(1);
  CHECK(bench.session.phase_name() == "terminating");
  bench.wait(12s);
  CHECK(bench.ends == Texts{"looped back"});
}

TEST_CASE("LCP itself rejected ends an open link, and means nothing before [PPP-29]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  bench.say("C021 08 01 0006 C021");
  bench.say("C021 08 01 0006 C223");
  CHECK(bench.lines.empty());
  CHECK(bench.session.phase_name() == "establishing");
  bench.wait(6s);
  bench.open_link();
  bench.lines.clear();
  bench.say("C021 08 02 0005 C0");
  bench.say("C021 08 02 0006 80FD");
  CHECK(bench.lines.empty());
  bench.say("C021 08 02 0006 C021");
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.say("C021 06 01 0004");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"no agreement"});
}
