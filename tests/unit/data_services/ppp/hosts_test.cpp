// Whole calls as the PPP stacks of real hosts hold them.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace ppp_test;

namespace {

/// What a host says, and what the module says to it.
struct Turn {
  const char* host;
  Texts module;
};

/// The frames of a whole call; `cut` cuts the host's frame of that turn there.
struct Cut {
  std::size_t turn = 0;
  std::size_t at = 0;
};

void hold(Bench& bench, const std::vector<Turn>& turns, Cut cut = {}) {
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const auto line = framed(hex(turns[i].host));
    const auto at = i == cut.turn ? std::min(cut.at, line.size()) : 0;
    INFO("turn " << i << ": " << turns[i].host << ", cut at " << at);
    bench.session.receive(std::string_view(line).substr(0, at));
    bench.session.receive(std::string_view(line).substr(at));
    CHECK(bench.heard() == turns[i].module);
  }
}

/// Quectel's scripts for pppd 2.4.9: it speaks first, wants VJ and CCP, and naks an end without an
/// address with 0.0.0.0 once.
const std::vector<Turn> pppd{
    {"C021 01 01 0014 0206 00000000 0506 9A6B6E4C 0702 0802",
     {"C0 21 01 00 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02",
      "C0 21 02 01 00 14 02 06 00 00 00 00 05 06 9A 6B 6E 4C 07 02 08 02"}},
    {"C021 02 00 0019 0206 00000000 0305 C22305 0506 11223344 0702 0802",
     {"C2 23 01 01 00 23 10 11 22 33 45 11 22 33 46 11 22 33 47 11 22 33 48 55 4D 54 53 5F 43 48 "
      "41 50 5F 53 52 56 52"}},
    {"C021 09 00 0008 9A6B6E4C", {"C0 21 0A 00 00 08 11 22 33 44"}},
    {"C223 02 01 0019 10 F2C8D32CC1A1E8C45B3F5B7E7D7C1101 63617264",
     {"C2 23 03 01 00 04", "80 21 01 00 00 04"}},
    {"80FD 01 01 000F 1A04 7800 1804 7800 1503 2F",
     {"C0 21 08 01 00 15 80 FD 01 01 00 0F 1A 04 78 00 18 04 78 00 15 03 2F"}},
    {"8021 01 01 001C 0206 002D0F01 0306 00000000 8106 00000000 8306 00000000",
     {"80 21 04 01 00 0A 02 06 00 2D 0F 01"}},
    {"8021 03 00 000A 0306 00000000", {"80 21 01 01 00 04"}},
    {"8021 01 02 0016 0306 00000000 8106 00000000 8306 00000000",
     {"80 21 03 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
    {"8021 02 01 0004", {}},
    {"8021 01 03 0016 0306 0A00020F 8106 0A000203 8306 0A000203",
     {"80 21 02 03 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
    {"0021 45000014", {}},
    {"C021 05 02 0010 5573657220726571756573 74", {"C0 21 06 02 00 04"}}};

}  // namespace

TEST_CASE("pppd with CHAP, VJ and CCP [PPP-21] [PPP-29] [PPP-31] [PPP-35] [PPP-11]") {
  Bench bench(usual(Login::chap));
  hold(bench, pppd);
  CHECK(bench.ups == 1);
  CHECK(bench.packets == Texts{"45 00 00 14"});
  CHECK(bench.session.user() == "card");
  bench.wait(100ms);
  CHECK(bench.ends == Texts{"host terminated"});
}

TEST_CASE("the same call, each frame cut at every octet [PPP-16]") {
  for (std::size_t turn = 0; turn < pppd.size(); ++turn) {
    const auto size = framed(hex(pppd[turn].host)).size();
    for (std::size_t at = 1; at < size; ++at) {
      Bench bench(usual(Login::chap));
      hold(bench, pppd, {turn, at});
      CHECK(bench.ups == 1);
    }
  }
}

TEST_CASE("the same call an octet at a time, with noise between the frames [PPP-16]") {
  Bench bench(usual(Login::chap));
  for (const auto& [host, module] : pppd) {
    for (const char byte : framed(hex(host)) + "noise\x7E")
      bench.session.receive(std::string_view(&byte, 1));
    CHECK(bench.heard() == module);
  }
  CHECK(bench.session.frames().bad_fcs == pppd.size());
}

TEST_CASE("esp_modem's lwIP with PAP [PPP-23] [PPP-32] [PPP-35] [T-22]") {
  Bench bench(usual(Login::pap));
  bench.wait(50ms);
  CHECK(bench.heard() ==
        Texts{"C0 21 01 00 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 11 22 33 44 07 02 08 02"});
  hold(bench, {{"C021 02 00 0018 0206 00000000 0304 C023 0506 11223344 0702 0802", {}},
               {"C021 01 01 0014 0206 00000000 0506 00C0FFEE 0702 0802",
                {"C0 21 02 01 00 14 02 06 00 00 00 00 05 06 00 C0 FF EE 07 02 08 02"}},
               {"C023 01 01 000F 05 6573703332 04 70617373",
                {"C0 23 02 01 00 05 00", "80 21 01 00 00 04"}},
               {"8021 01 01 0016 0306 00000000 8106 00000000 8306 00000000",
                {"80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
               {"8021 02 00 0004", {}},
               {"8021 01 02 0016 0306 0A00020F 8106 0A000203 8306 0A000203",
                {"80 21 02 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
               {"C021 05 03 0010 557365722072657175657374", {"C0 21 06 03 00 04"}}});
  CHECK(bench.ups == 1);
  bench.wait(2s);
  CHECK(bench.ends == Texts{"host terminated"});
}

TEST_CASE("Zephyr: no options, and one of the module's after the other refused [PPP-18] [PPP-25]") {
  Bench bench(usual(Login::chap));
  bench.session.receive(hex("7E FF 7D 23 C0 21 7D 21 7D 21 7D 20 7D 24 D1 B5 7E"));
  CHECK(bench.heard() ==
        Texts{"C0 21 01 00 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02",
              "C0 21 02 01 00 04"});
  hold(bench, {{"C021 04 00 000A 0206 00000000",
                {"C0 21 01 01 00 13 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02"}},
               {"C021 04 01 0009 0305 C22305", {"C0 21 01 02 00 0E 05 06 11 22 33 44 07 02 08 02"}},
               {"C021 04 02 000A 0506 11223344", {"C0 21 01 03 00 08 07 02 08 02"}},
               {"C021 04 03 0006 0702", {"C0 21 01 04 00 06 08 02"}},
               {"C021 04 04 0006 0802", {"C0 21 01 05 00 04"}}});
  bench.session.receive(framed(hex("C021 02 05 0004")));
  CHECK(bench.raw() == Texts{"7E FF 7D 23 80 21 7D 21 7D 20 7D 20 7D 24 DC ED 7E"});
  hold(bench, {{"8021 01 01 0016 0306 00000000 8106 00000000 8306 00000000",
                {"80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
               {"8021 02 00 0004", {}}});
  bench.session.receive(framed(hex("8021 01 02 0016 0306 0A00020F 8106 0A000203 8306 0A000203")));
  const auto raw = bench.raw();
  REQUIRE(raw.size() == 1);
  CHECK(raw[0].starts_with("7E FF 7D 23 80 21 7D 22 7D 22 7D 20 7D 36 7D 23 7D 26 7D 2A"));
  CHECK(bench.ups == 1);
  // IPv6 is tried and comes back.
  hold(bench, {{"8057 01 01 000E 010A 02005EFFFE000001",
                {"C0 21 08 06 00 14 80 57 01 01 00 0E 01 0A 02 00 5E FF FE 00 00 01"}}});
}

TEST_CASE("openpilot's pppd without magic numbers, killed in the end [PPP-27] [T-19]") {
  auto bench = std::make_unique<Bench>(usual(Login::chap));
  bench->wait(50ms);
  CHECK(bench->heard() ==
        Texts{"C0 21 01 00 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 02"});
  hold(*bench,
       {{"C021 01 01 000E 0206 00000000 0702 0802",
         {"C0 21 02 01 00 0E 02 06 00 00 00 00 07 02 08 02"}},
        {"C021 04 00 000A 0506 11223344",
         {"C0 21 01 01 00 13 02 06 00 00 00 00 03 05 C2 23 05 07 02 08 02"}},
        {"C021 02 01 0013 0206 00000000 0305 C22305 0702 0802",
         {"C2 23 01 01 00 23 10 11 22 33 45 11 22 33 46 11 22 33 47 11 22 33 48 55 4D 54 53 "
          "5F 43 48 41 50 5F 53 52 56 52"}},
        {"C223 02 01 0015 10 00000000000000000000000000000000",
         {"C2 23 03 01 00 04", "80 21 01 00 00 04"}},
        {"8021 01 01 0016 0306 00000000 8106 00000000 8306 00000000",
         {"80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
        {"8021 02 00 0004", {}},
        {"8021 01 02 0016 0306 0A00020F 8106 0A000203 8306 0A000203",
         {"80 21 02 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}}});
  for (int i = 0; i < 4; ++i) {
    bench->wait(30s);
    hold(*bench, {{"C021 09 01 0008 00000000", {"C0 21 0A 01 00 08 00 00 00 00"}}});
  }
  bench.reset();
}

TEST_CASE("Particle: a new request in the middle of a call begins it anew [PPP-30] [PPP-38]") {
  Bench bench(usual(Login::none));
  bench.open_link(true);
  bench.open_ip();
  CHECK(bench.ups == 1);
  bench.wait(60s);
  hold(bench, {{"C021 01 01 0014 0206 00000000 0506 01020304 0702 0802",
                {"C0 21 01 01 00 14 02 06 00 00 00 00 05 06 11 22 33 45 07 02 08 02",
                 "C0 21 02 01 00 14 02 06 00 00 00 00 05 06 01 02 03 04 07 02 08 02"}},
               {"0021 45000014", {}},
               {"8021 01 01 000A 0306 00000000", {}},
               {"C021 02 01 0014 0206 00000000 0506 11223345 0702 0802", {"80 21 01 01 00 04"}},
               {"8021 01 02 0016 0306 00000000 8106 00000000 8306 00000000",
                {"80 21 03 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}},
               {"8021 02 01 0004", {}},
               {"8021 01 03 0016 0306 0A00020F 8106 0A000203 8306 0A000203",
                {"80 21 02 03 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"}}});
  CHECK(bench.ups == 2);
  CHECK(bench.packets.empty());
}

TEST_CASE("a host that lost the module's first frame gets it again [PPP-6] [PPP-13]") {
  Bench bench;
  bench.wait(50ms);
  const auto first = std::exchange(bench.lines, {});
  bench.wait(6s);
  CHECK(bench.lines == first);
  bench.open_link();
  bench.open_ip();
  CHECK(bench.ups == 1);
}

TEST_CASE("a host that repeats each of its frames comes up all the same [PPP-13]") {
  Bench bench(usual(Login::chap));
  for (std::size_t i = 0; i + 1 < pppd.size(); ++i) {
    bench.say(pppd[i].host);
    bench.say(pppd[i].host);
  }
  CHECK(bench.ups == 1);
}
