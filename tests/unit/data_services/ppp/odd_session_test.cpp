// A session whose host says what hosts seldom say, and one that is used out of its time.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <catch2/catch.hpp>

using namespace ppp_test;

namespace {

/// The last request of the module's LCP is refused with a nak of that option.
void nak(Bench& bench, int id, std::string_view option) {
  bench.say(fmt::format("C021 03 {:02X} {:04X} ", id, 4 + hex(option).size()) +
            std::string(option));
}

}  // namespace

TEST_CASE("a session that has not begun hears nothing, and ends when it is told to [PPP-6]") {
  at::Timeline timeline;
  struct Ends : Session::Events {
    void transmit(std::string_view) override { ++lines; }
    void packet(std::string_view) override {}
    void established() override {}
    void ended(Session::Reason why) override { reasons.emplace_back(name_of(why)); }
    int lines = 0;
    Texts reasons;
  } events;
  Session session(timeline, usual(), events);
  CHECK(session.phase_name() == "idle");
  session.receive(framed(hex("C021 01 01 0004")));
  CHECK(events.lines == 0);
  CHECK(session.counters().bytes_in == 0);
  session.terminate();
  session.terminate();
  timeline.run_until(timeline.now());
  CHECK(events.reasons == Texts{"terminated"});
  session.terminate();
  timeline.run_until(timeline.now());
  CHECK(events.reasons.size() == 1);
}

TEST_CASE("a session begins once [PPP-6]") {
  Bench bench;
  bench.wait(50ms);
  CHECK(bench.heard().size() == 1);
  bench.session.start();
  bench.wait(50ms);
  CHECK(bench.heard().empty());
  CHECK(bench.session.phase_name() == "establishing");
}

TEST_CASE("a host that knows no such login ends a session that needs it [PPP-13]") {
  const auto [login, rejects] = GENERATE(std::pair{Login::pap, "C021 08 01 0006 C023"},
                                         std::pair{Login::chap, "C021 08 01 0006 C223"});
  Bench bench(usual(login));
  bench.open_link();
  bench.lines.clear();
  bench.say(rejects);
  const auto said = bench.heard();
  REQUIRE_FALSE(said.empty());
  CHECK(said.back().starts_with("C0 21 05 "));
  bench.say("C021 06" + said.back().substr(9, 2) + "0004");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"no login"});
}

TEST_CASE("a host that knows no other login than the one in use goes on [PPP-13]") {
  const auto [login, rejects] = GENERATE(std::pair{Login::chap, "C021 08 01 0006 C023"},
                                         std::pair{Login::pap, "C021 08 01 0006 C223"},
                                         std::pair{Login::pap, "C021 08 01 0006 8021"});
  Bench bench(usual(login));
  bench.open_link();
  bench.say(rejects);
  bench.wait(1s);
  CHECK(bench.ends.empty());
  CHECK(bench.session.phase_name() == "authenticating");
}

TEST_CASE("a host that wants a login of no name is asked for the other one [PPP-25]") {
  Bench bench(usual(Login::pap));
  bench.wait(50ms);
  bench.lines.clear();
  nak(bench, 0, "0304 C227");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 "
              "07 02 08 02"});
}

TEST_CASE("naks of what was not asked for, or is no value, change nothing [PPP-21]") {
  Bench bench;
  bench.wait(50ms);
  bench.lines.clear();
  const auto* const option = GENERATE("0304 C023", "0204 FFFF");
  nak(bench, 0, option);
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 14 02 06 00 00 00 00 05 06 11 22 33 44 07 02 08 02"});
}

TEST_CASE("a magic number that was rejected does not come back by a nak [PPP-26]") {
  Bench bench;
  bench.wait(50ms);
  bench.say("C021 04 00 000A 0506 11223344");
  bench.lines.clear();
  nak(bench, 1, "0506 01020304");
  CHECK(bench.heard() == Texts{"C0 21 01 02 00 0E 02 06 00 00 00 00 07 02 08 02"});
}

TEST_CASE("a random number that comes twice is not taken twice [PPP-26]") {
  auto config = usual();
  config.random = [] { return first_magic; };
  Bench bench(std::move(config));
  bench.wait(50ms);
  bench.lines.clear();
  nak(bench, 0, "0506 01020304");
  CHECK(bench.heard() ==
        Texts{"C0 21 01 01 00 14 02 06 00 00 00 00 05 06 00 00 00 01 07 02 08 02"});
}

TEST_CASE("an option that a host never has enough of is given up, the magic number not [PPP-21]") {
  Bench bench;
  bench.wait(50ms);
  for (int id = 0; id < 5; ++id) nak(bench, id, "0206 00000000");
  bench.lines.clear();
  nak(bench, 5, "0206 00000000 0506 01020304");
  CHECK(bench.heard() == Texts{"C0 21 01 06 00 0E 05 06 11 22 33 45 07 02 08 02"});
}
