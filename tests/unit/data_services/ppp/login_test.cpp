// Logins of a session: CHAP, PAP, and scenarios that refuse.
#include "tests/unit/data_services/ppp/bench.hpp"

#include <catch2/catch.hpp>

using namespace ppp_test;

TEST_CASE("CHAP: a challenge of 16 octets, any response, a success without a message [PPP-31]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  CHECK(bench.session.phase_name() == "authenticating");
  CHECK(bench.heard() ==
        Texts{"C2 23 01 01 00 23 10 11 22 33 45 11 22 33 46 11 22 33 47 11 22 33 48 55 4D 54 53 5F "
              "43 48 41 50 5F 53 52 56 52"});
  bench.say("C223 02 01 0019 10 00112233445566778899AABBCCDDEEFF 75736572");
  CHECK(bench.heard() == Texts{"C2 23 03 01 00 04", "80 21 01 00 00 04"});
  CHECK(bench.session.user() == "user");
  CHECK(bench.session.phase_name() == "configuring");
  // The host did not hear it.
  bench.say("C223 02 01 0019 10 00112233445566778899AABBCCDDEEFF 75736572");
  CHECK(bench.heard() == Texts{"C2 23 03 01 00 04"});
}

TEST_CASE("CHAP: a response without a name, or to another challenge [PPP-31]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  bench.lines.clear();
  for (const char* const bad :
       {"C223 02 02 0015 10 00112233445566778899AABBCCDDEEFF",
        "C223 02 01 0014 10 00112233445566778899AABBCCDDEE", "C223 02 01 0004",
        "C223 02 01 0005 00", "C223 01 01 0006 0100", "C223 02 01 0044 1000"}) {
    bench.say(bad);
    CHECK(bench.lines.empty());
  }
  bench.say("C223 02 01 0015 10 00112233445566778899AABBCCDDEEFF");
  CHECK(bench.heard().at(0) == "C2 23 03 01 00 04");
  CHECK(bench.session.user().empty());
}

TEST_CASE("CHAP: ten challenges, six seconds apart, then the call ends [PPP-13] [PPP-31] [T-16]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  const auto challenge = bench.heard().at(0);
  for (int i = 0; i < 9; ++i) {
    bench.wait(6s - 1us);
    CHECK(bench.lines.empty());
    bench.wait(1us);
    CHECK(bench.heard() == Texts{challenge});
  }
  bench.wait(6s);
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.say("C021 06 01 0004");
  bench.wait(0s);
  CHECK(bench.ends == Texts{"no login"});
}

TEST_CASE("CHAP is never asked for again [PPP-31]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  bench.lines.clear();
  bench.say("C223 02 01 0015 10 00112233445566778899AABBCCDDEEFF");
  bench.open_ip();
  bench.wait(3600s);
  CHECK(bench.lines.empty());
}

TEST_CASE("PAP: any name and any password, and an ack as the contract has it [PPP-32]") {
  Bench bench(usual(Login::pap));
  bench.wait(50ms);
  bench.say("C021 01 01 0004");
  bench.acknowledge();
  bench.lines.clear();
  bench.say("C023 01 01 0006 00 00");
  CHECK(bench.raw().at(0) == "7E FF 7D 23 C0 23 7D 22 7D 21 7D 20 7D 25 7D 20 8B 3B 7E");
  CHECK(bench.session.phase_name() == "configuring");
}

TEST_CASE("PAP: names of hosts, a repetition, and what is no request [PPP-32]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.lines.clear();
  for (const char* const bad :
       {"C023 01 01 0004", "C023 01 01 0005 00", "C023 01 01 0007 02 61 62",
        "C023 01 01 0008 01 61 02 62", "C023 02 01 0006 0000", "C023 01 01 0106 0000"}) {
    bench.say(bad);
    CHECK(bench.lines.empty());
  }
  bench.say("C023 01 07 0010 05 626C616E6B 05 626C616E6B");
  CHECK(bench.heard() == Texts{"C0 23 02 07 00 05 00", "80 21 01 00 00 04"});
  CHECK(bench.session.user() == "blank");
  bench.say("C023 01 08 0010 05 626C616E6B 05 626C616E6B");
  CHECK(bench.heard() == Texts{"C0 23 02 08 00 05 00"});
}

TEST_CASE("PAP: a host is waited for half a minute [PPP-13]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.lines.clear();
  bench.wait(30s - 1us);
  CHECK(bench.lines.empty());
  bench.wait(1us);
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.wait(6s);
  CHECK(bench.heard() == Texts{"C0 21 05 02 00 04"});
  bench.wait(6s);
  CHECK(bench.ends == Texts{"no login"});
}

TEST_CASE("a login is refused, then the link ends [PPP-33]") {
  auto config = usual(Login::chap);
  config.refuses_login = true;
  Bench chap(config);
  chap.open_link();
  chap.lines.clear();
  chap.say("C223 02 01 0015 10 00112233445566778899AABBCCDDEEFF");
  CHECK(chap.heard() == Texts{"C2 23 04 01 00 04", "C0 21 05 01 00 04"});
  chap.say("C021 06 01 0004");
  chap.wait(0s);
  CHECK(chap.ends == Texts{"login refused"});
  config.login = Login::pap;
  Bench pap(config);
  pap.open_link();
  pap.lines.clear();
  pap.say("C023 01 01 0006 0000");
  CHECK(pap.heard() == Texts{"C0 23 03 01 00 05 00", "C0 21 05 01 00 04"});
}

TEST_CASE("a host that does not know the login it agreed to ends the call [PPP-31] [T-16]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  bench.lines.clear();
  bench.say("C021 08 01 0008 C223 0101");
  CHECK(bench.heard() == Texts{"C0 21 05 01 00 04"});
  bench.wait(12s);
  CHECK(bench.ends == Texts{"no login"});
}

TEST_CASE("once logged in, the time to log in does not run [PPP-13]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.wait(20s);
  bench.say("C023 01 01 0006 0000");
  bench.open_ip();
  bench.wait(40s);
  CHECK(bench.lines.empty());
  CHECK(bench.session.negotiation_complete());
}

TEST_CASE("a login that was not agreed is not answered [PPP-31] [PPP-32]") {
  Bench bench(usual(Login::none));
  bench.open_link();
  bench.lines.clear();
  bench.say("C023 01 01 0006 0000");
  bench.say("C223 02 00 0015 10 00112233445566778899AABBCCDDEEFF");
  CHECK(bench.lines.empty());
}

TEST_CASE("a host that begins anew in the middle of a login has its time again [PPP-13] [PPP-30]") {
  const auto login = GENERATE(Login::pap, Login::chap);
  Bench bench(usual(login));
  bench.open_link();
  bench.wait(5s);
  bench.lines.clear();
  bench.say("C021 01 01 0004");
  bench.wait(5s);
  CHECK(bench.lines.size() == 2);  // the request of the module, and its ack
  bench.wait(45s);
  for (const auto& heard : bench.heard()) CHECK_FALSE(heard.starts_with("C2 23"));
  CHECK(bench.session.phase_name() == "establishing");
}

TEST_CASE("a login that was agreed and done cannot be undone [PPP-31]") {
  Bench bench(usual(Login::chap));
  bench.open_link();
  bench.say("C223 02 01 0015 10 00112233445566778899AABBCCDDEEFF");
  bench.open_ip();
  bench.say("C021 08 01 0008 C223 0101");
  CHECK(bench.lines.empty());
  CHECK(bench.session.negotiation_complete());
}

TEST_CASE("why a call ends is why it began to end [PPP-33]") {
  auto config = usual(Login::pap);
  config.refuses_login = true;
  Bench bench(std::move(config));
  bench.open_link();
  bench.say("C023 01 01 0006 0000");
  bench.session.terminate();
  bench.wait(12s);
  CHECK(bench.ends == Texts{"login refused"});
}

TEST_CASE("IPCP that comes before a second login is dropped [PPP-30]") {
  Bench bench(usual(Login::pap));
  bench.open_link();
  bench.say("C023 01 01 0006 0000");
  bench.open_ip();
  bench.say("C021 01 01 0004");
  bench.say("C021 02 01 0018 0206 00000000 0304 C023 0506 11223345 0702 0802");
  bench.lines.clear();
  bench.say("8021 01 01 000A 0306 00000000");
  CHECK(bench.lines.empty());
  CHECK(bench.session.counters().out_of_place == 1);
}
