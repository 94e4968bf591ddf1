// What is in flash may have been written by another version of the program, or by nobody. Every
// name that the module stores, with a value of every wrong kind: it starts, answers, and says only
// what its commands admit.
#include "tests/support/world.hpp"

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;

namespace {

const std::vector<std::string> wrong_values{
    "",
    " ",
    ",",
    ",,,,,,,,,,,,,,",
    "x",
    "0x",
    "0x0",
    "\"",
    "\"pulse",
    "\"pulse\"",
    "\"pulse\",120",
    "\"pulse\",120,99",
    "-1",
    "0,0,0,0,0,0,0,0,0",
    "1,2",
    "99999999999999999999",
    "2147483648",
    "1e9",
    "nan",
    "null",
    "[]",
    "{}",
    "[[]]",
    "[1]",
    "[[1]]",
    "[[0,\"IP\",\"\",\"\",[0,0,0,0]]]",
    "[[99,\"IP\",\"\",\"\",[0,0,0,0]]]",
    "[[1,\"XX\",\"\",\"\",[9,9,9,9]]]",
    "[[1,2,3,4]]",
    "[[-1,9,\"zz\",\"0\"]]",
    "[[0,1,\"07\",\"04\"]]",
    "{\"1\":\"x\"}",
    "[[1,\"x\"]]",
    R"({"pin":"","pin_tries":3,"puk_tries":10,"pin2":"0000","pin2_tries":3,"puk2_tries":10,"pin_enabled":true})",
    R"({"pin":"1234","pin_tries":-7,"puk_tries":99,"pin2":"0000","pin2_tries":3,"puk2_tries":10,"pin_enabled":true})",
    R"({"pin":"1234","pin_tries":2147483648,"puk_tries":1,"pin2":"0000","pin2_tries":3,"puk2_tries":10,"pin_enabled":1})",
    std::string("\0\0\0", 3),
    "\xff\xfe",
    std::string(100000, '9'),
    std::string(5000, '"')};

/// Stores as much as there is to store.
const std::array<std::string_view, 43> settings{R"(+QCFG="urc/ri/ring","off",1,1)",
                                                R"(+QCFG="urc/ri/smsincoming","off",1,1)",
                                                R"(+QCFG="urc/ri/other","off",1,1)",
                                                R"(+QCFG="urc/ri/level",1)",
                                                R"(+QCFG="cmux/urcport",1)",
                                                R"(+QCFG="cmux/baudratework",1)",
                                                R"(+QCFG="urc/delay",5)",
                                                R"(+QCFG="risignaltype","physical")",
                                                R"(+QCFG="roamservice",2,1)",
                                                R"(+QCFG="band",0,5)",
                                                R"(+QCFG="nwoptmz/acq",1,60)",
                                                R"(+QCFG="usbnet",3)",
                                                R"(+QCFG="aprstlevel",1)",
                                                R"(+QCFG="modemrstlevel",1)",
                                                R"(+QCFG="ntp",5,5)",
                                                R"(+QCFG="ledmode",1)",
                                                R"(+QCFG="nat",1)",
                                                R"(+QCFG="netmaskset",1,"255.0.0.0")",
                                                R"(+QCFG="ppp/termframe",1)",
                                                R"(+QCFG="rf/tuner_cfg",1,"1,2")",
                                                R"(+QCFG="fast/poweroff",1)",
                                                R"(+QCFG="qcautoconnect",1)",
                                                R"(+QCFG="sms/MeNum",9)",
                                                R"(+QCFG="nwscanmode",1)",
                                                R"(+QCFG="nwscanseq",01)",
                                                R"(+QCFG="apready",1,1,100)",
                                                R"(+QINDCFG="csq",1,1)",
                                                R"(+QINDCFG="all",0,1)",
                                                "+QSIMSTAT=1",
                                                "+QSIMDET=1,1",
                                                R"(+QURCCFG="urcport","usbat")",
                                                "+QDIAGPORT=1",
                                                R"(+CGDCONT=2,"IP","apn")",
                                                R"(+CPOL=1,2,"00101")",
                                                "+QGDCNT=1",
                                                "+CTZU=1",
                                                "+CTZR=1",
                                                R"(+CSCA="+155500000")",
                                                R"(+CLCK="SC",1,"1234")",
                                                "+CMGF=1",
                                                R"(+CPMS="ME","ME","ME")",
                                                "+CREG=2",
                                                "&W"};

const std::array<std::string_view, 33> queries{R"(+QCFG="urc/ri/ring")",
                                               R"(+QCFG="urc/ri/smsincoming")",
                                               R"(+QCFG="urc/ri/other")",
                                               R"(+QCFG="urc/ri/level")",
                                               R"(+QCFG="cmux/urcport")",
                                               R"(+QCFG="cmux/baudratework")",
                                               R"(+QCFG="urc/delay")",
                                               R"(+QCFG="urc/port")",
                                               R"(+QCFG="risignaltype")",
                                               R"(+QCFG="roamservice")",
                                               R"(+QCFG="band")",
                                               R"(+QCFG="nwoptmz/acq")",
                                               R"(+QCFG="usbnet")",
                                               R"(+QCFG="ntp")",
                                               R"(+QCFG="netmaskset")",
                                               R"(+QCFG="rf/tuner_cfg")",
                                               R"(+QCFG="sms/MeNum")",
                                               R"(+QINDCFG="csq")",
                                               "+QSIMSTAT?",
                                               "+QSIMDET?",
                                               R"(+QURCCFG="urcport")",
                                               "+QDIAGPORT?",
                                               "+CGDCONT?",
                                               "+CPOL?",
                                               "+QGDCNT?",
                                               "+CTZU?",
                                               "+CTZR?",
                                               "+CSCA?",
                                               R"(+QPINC="SC")",
                                               "+CPMS?",
                                               R"(+CLCK="SC",2)",
                                               "+CREG?",
                                               "&V"};

struct Session : support::World {
  explicit Session(const emulator::Modem::Settings& made) : World(made) {}

  /// Every byte that the first channel says until it is still.
  std::string answer(std::string_view line) {
    ports[0].unread.clear();
    terminals[0]->receive(fmt::format("AT{}\r", line));
    timeline.run_until(timeline.now() + 1s);
    return ports[0].unread;
  }
};

emulator::Modem::Settings settings_made() {
  emulator::Modem::Settings made;
  static_cast<void>(made.knobs.set("qcfg-siblings=keep"));
  return made;
}

/// A flash as it is after a life in which everything was set.
const support::MemoryFlash& full_flash() {
  static const auto flash = [] {
    Session session(settings_made());
    session.modem.power_on();
    for (const auto line : settings) {
      INFO(line);
      CHECK_THAT(session.answer(line), Catch::EndsWith("\r\nOK\r\n"));
    }
    session.answer("+CMGF=1;+CMGW=\"123\"");
    session.terminals[0]->receive("text\x1a");
    session.settle();
    return session.flash;
  }();
  return flash;
}

std::vector<std::string> answers_of(Session& session) {
  session.modem.power_on();
  session.timeline.run_until(session.timeline.now() + 1min);
  // Whatever the profile says, the tests want their framing.
  session.terminals[0]->channel() = at::Channel{};
  session.terminals[0]->channel().echo = false;
  std::vector<std::string> answers;
  for (const auto line : queries) answers.push_back(session.answer(line));
  return answers;
}

}  // namespace

TEST_CASE("a stored setting of every wrong kind leaves a module that starts and answers") {
  Session clean(settings_made());
  const auto factory = answers_of(clean);
  const auto& full = full_flash();
  REQUIRE(full.settings.size() > 34);
  for (const auto& [name, stored] : full.settings) {
    for (const auto& wrong : wrong_values) {
      Session session(settings_made());
      session.flash.settings[name] = wrong;
      const auto answers = answers_of(session);
      INFO(name << " = " << wrong.substr(0, 60));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        INFO(queries[i]);
        // A value of the right kind may stand there; what stands there must be one that can be set.
        CHECK_THAT(answers[i], Catch::EndsWith("\r\nOK\r\n") || Catch::Contains("+CME ERROR: ") ||
                                   Catch::Contains("+CMS ERROR: "));
        CHECK(answers[i].size() < 600);
      }
      CHECK_THAT(session.answer("+CFUN=1,1"), Catch::Contains("\r\nOK\r\n"));
      CHECK_THAT(session.answer("E0"), Catch::EndsWith("\r\nOK\r\n"));
      for (const auto line : settings) static_cast<void>(session.answer(line));
      CHECK(session.answer("") == "\r\nOK\r\n");
    }
  }
}

TEST_CASE("a key of QCFG whose stored value is none of its values starts from the factory's") {
  Session clean(settings_made());
  clean.modem.power_on();
  clean.answer("E0");
  for (const auto& key : emulator::device::qcfg_keys) {
    if (!key.stored || key.key == emulator::device::qcfg_key::band) continue;
    const auto query = fmt::format("+QCFG=\"{}\"", key.key);
    const auto factory = clean.answer(query);
    for (const auto* wrong : {"x,y,z", "-1", "1,2,3,4,5,6", "\"", "99999999999999999999"}) {
      Session session(settings_made());
      session.flash.settings[fmt::format("QCFG/{}", key.key)] = wrong;
      session.modem.power_on();
      session.timeline.run_until(session.timeline.now() + 1s);
      INFO(key.key << " = " << wrong);
      const auto text = key.key == emulator::device::qcfg_key::tuner;
      session.answer("E0");
      if (!text) CHECK(session.answer(query) == factory);
      if (!text) CHECK(session.log.lines.size() == 1);
    }
  }
}

namespace {

/// What a module says to +CPIN? whose flash holds this of the card's locks: they are read when it
/// is made, so that no session can have them changed.
std::string pin_asked(const std::string& locks) {
  Session parts(settings_made());
  support::MemoryFlash flash;
  for (const auto& row : full_flash().settings)
    if (row.first.starts_with("SIM/")) flash.settings[row.first] = locks;
  REQUIRE(flash.settings.size() == 1);
  const auto link = [&](int) { return std::make_unique<support::FakeLink>(parts.timeline); };
  emulator::Modem modem(settings_made(), {parts.timeline,
                                          parts.log,
                                          flash,
                                          flash,
                                          parts.files,
                                          parts.internet,
                                          parts.transport,
                                          link,
                                          {},
                                          nullptr});
  support::FakePort port;
  auto& terminal = modem.add_channel("uart1", port);
  modem.power_on();
  parts.timeline.run_until(at::Time(1min));
  terminal.receive("ATE0\r");
  port.unread.clear();
  terminal.receive("AT+CPIN?\r");
  parts.timeline.run_until(at::Time(2min));
  return port.unread;
}

const std::string no_pin_asked = "\r\n+CPIN: READY\r\n\r\nOK\r\n";

}  // namespace

TEST_CASE("stored contexts with an option that cannot be set are as from the factory") {
  const auto* const options = GENERATE("[3,0,0,0]", "[0,5,0,0]", "[0,0,2,0]", "[0,0,0,2]");
  Session session(settings_made());
  session.flash.settings["CGDCONT"] = fmt::format(R"([[1,"IP","apn","",{}]])", options);
  session.modem.power_on();
  session.answer("E0");
  CHECK(session.answer("+CGDCONT?") ==
        "\r\n+CGDCONT: 1,\"IP\",\"\",\"0.0.0.0\",0,0,0,0\r\n\r\nOK\r\n");
}

TEST_CASE("locks of a card that cannot be are as those of a new one") {
  const auto wrong = GENERATE(from_range(wrong_values));
  CAPTURE(wrong.substr(0, 60));
  CHECK(pin_asked(wrong) == no_pin_asked);
}

TEST_CASE("a stored PIN is 4 to 8 digits, and its tries are those that there can be") {
  const auto asked = [](const char* pin, int tries, int unblock_tries) {
    const auto said = pin_asked(
        fmt::format(R"({{"pin":"{}","pin_tries":{},"puk_tries":{},"pin2":"0000","pin2_tries":3,)"
                    R"("puk2_tries":10,"pin_enabled":true}})",
                    pin, tries, unblock_tries));
    return said == "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n";
  };
  CHECK(asked("1234", 3, 10));
  CHECK(asked("12345678", 1, 10));
  CHECK_FALSE(asked("123", 3, 10));
  CHECK_FALSE(asked("123456789", 3, 10));
  CHECK_FALSE(asked("123x", 3, 10));
  CHECK_FALSE(asked("1234", 4, 10));
  CHECK_FALSE(asked("1234", -1, 10));
  CHECK_FALSE(asked("1234", 3, 11));
  CHECK_FALSE(asked("1234", 3, -1));
}

TEST_CASE("a stored profile of wrong values leaves the factory's in their place") {
  const std::array<int, 6> wrong{-1, 77, 99, 256, -2147483647, 2147483647};
  for (const auto& [channel, profile] : full_flash().profiles) {
    for (const auto& [name, stored] : profile) {
      for (const int value : wrong) {
        Session session(settings_made());
        session.flash.profiles[channel] = profile;
        session.flash.profiles[channel][name] = value;
        session.modem.power_on();
        INFO(channel << " " << name << " = " << value);
        session.timeline.run_until(session.timeline.now() + 1min);
        CHECK_THAT(session.answer("E0"), Catch::EndsWith("\r\nOK\r\n"));
        const auto view = session.answer("&V;+IPR?;+IFC?;+ICF?;+CREG?;+CGREG?;+CEREG?");
        CHECK(view.find(std::to_string(value)) == std::string::npos);
        CHECK_THAT(view, Catch::EndsWith("\r\nOK\r\n"));
      }
    }
  }
}

namespace {

/// A command that stores, after those that make it possible.
struct Stores {
  std::vector<std::string_view> before;
  std::string_view command;
};

std::vector<Stores> all_that_store() {
  const std::set<std::string_view> session_only{"+CMGF=1", "+CREG=2", R"(+CPMS="ME","ME","ME")"};
  std::vector<Stores> all{
      {{R"(+CLCK="SC",1,"1234")"}, R"(+CPWD="SC","1234","4321")"},
      {{R"(+CLCK="SC",1,"1234")"}, R"(+CLCK="SC",0,"1234")"},
      {{}, R"(+CPWD="P2","5678","8765")"},
      // The tries come back with the right one.
      {{R"(+CLCK="SC",1,"1111")"}, R"(+CLCK="SC",0,"1234")"},
      {{R"(+CPOL=1,2,"00101")"}, "+CPOL=1"},
      {{R"(+CGDCONT=2,"IP","apn")"}, "+CGDCONT=2"},
      {{"+CMGF=1", "+CMGW=\"1\"\rtext\x1a"}, "+CMGD=0"},
      {{"+CMGF=1", "+CMGW=\"1\"\rtext\x1a", "+CMGW=\"2\"\rtext\x1a"}, "+CMGD=0,4"},
      {{"+CMGF=1"}, "+CMGW=\"1\"\rtext\x1a"},
      {{"+CTZR=1"}, "&F"},
  };
  for (const auto setting : settings)
    if (session_only.count(setting) == 0) all.push_back({{}, setting});
  return all;
}

std::vector<std::string> queried(Session& session) {
  std::vector<std::string> answers;
  for (const auto query : queries) answers.push_back(session.answer(query));
  return answers;
}

}  // namespace

TEST_CASE("what a failing store would not keep is refused, and nothing changes") {
  for (const auto& [before, command] : all_that_store()) {
    Session session(settings_made());
    session.modem.power_on();
    session.answer("E0");
    for (const auto line : before) session.answer(line);
    const auto answers = queried(session);
    const auto stored = session.flash.settings;
    const auto profiles = session.flash.profiles;
    INFO(command);
    session.flash.writable = false;
    CHECK_THAT(session.answer(command), Catch::EndsWith("\r\n+CME ERROR: 23\r\n") ||
                                            Catch::EndsWith("\r\n+CMS ERROR: 320\r\n"));
    CHECK(queried(session) == answers);
    // The same on a store that works.
    session.flash.writable = true;
    CHECK_THAT(session.answer(command), Catch::EndsWith("\r\nOK\r\n"));
    CHECK((session.flash.settings != stored || session.flash.profiles != profiles));
  }
}
