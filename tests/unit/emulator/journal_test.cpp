#include "emulator/journal/keeper.hpp"
#include "tests/support/world.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace emulator;
using namespace std::chrono_literals;
using journal::Journal;
using journal::Kind;
using nlohmann::json;

namespace {

struct Bench {
  Bench() {
    keeper.name_channel(world.terminals[0]->asker(), "uart1");
    world.modem.power_on();
    say("ATE0\r");
    from = journal.last();
  }
  void say(std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  }
  /// What came since, of this kind, without its number.
  std::vector<json> seen(Kind kind) {
    std::vector<json> seen;
    for (const auto* event : journal.since(from, {{kind}}, 1000).events) {
      seen.push_back(to_json(*event));
      seen.back().erase("seq");
    }
    return seen;
  }

  Journal journal;
  journal::Keeper keeper{journal};
  support::World world{{}, &keeper};
  std::uint64_t from = 0;
};

json parsed(const char* text) { return json::parse(text); }

}  // namespace

TEST_CASE("bytes are kept as base64 and readably [CTL-13]") {
  Bench bench;
  bench.say("AT\r");
  CHECK(bench.seen(Kind::rx) ==
        std::vector{
            parsed(R"({"t":0.0,"kind":"rx","channel":"uart1","bytes":"QVQN","text":"AT\\x0D"})")});
  CHECK(bench.seen(Kind::tx) == std::vector{parsed(
                                    R"({"t":0.0,"kind":"tx","channel":"uart1","bytes":"DQpPSw0K",
                "text":"\\x0D\\x0AOK\\x0D\\x0A"})")});
}

TEST_CASE("a result comes with its command, time, limit, and what was wrong [CTL-13]") {
  Bench bench;
  struct Row {
    const char* line;
    const char* result;
    const char* why;
  };
  constexpr std::array<Row, 8> rows{{
      {"+CSQ", "OK", ""},
      {"+NOTHING", "ERROR", "there is no such command"},
      {"+QMTPUBEX", "ERROR", "it needs parameters"},
      {"+CSQ=1", "ERROR", "it takes no parameters"},
      {"+QMTCFG=\"version,0", "ERROR", "a quote is not closed"},
      {"+QMTCFG=\"keepalive\",0,99999", "ERROR",
       "a parameter is missing, too many, or out of range"},
      {"+QMTPUBEX=0,1,1,0,\"t\",2", "ERROR", "the client is not connected"},
      {"+CPIN=\"1234\"", "+CME ERROR: 3", "Operation not allowed"},
  }};
  for (const auto& row : rows) {
    CAPTURE(row.line);
    bench.from = bench.journal.last();
    bench.say(std::string("AT") + row.line + "\r");
    const auto commands = bench.seen(Kind::command);
    REQUIRE(commands.size() == 1);
    CHECK(commands.front().at("line") == row.line);
    const auto results = bench.seen(Kind::result);
    REQUIRE(results.size() == 1);
    CHECK(results.front().at("line") == row.result);
    CHECK(results.front().at("command") == row.line);
    CHECK(results.front().at("took") == 0.0);
    CHECK(results.front().at("limit").get<double>() > 0);
    CHECK(results.front().value("why", "") == row.why);
  }
}

TEST_CASE("a client's end comes with its cause [CTL-13]") {
  Bench bench;
  bench.say("AT+QMTOPEN=0,\"h\",1883\r");
  bench.world.links[0]->say(mqtt_backend::link_event::Opened{mqtt_backend::OpenResult::ok});
  bench.world.settle();
  CHECK(bench.seen(Kind::urc).size() == 1);
  const auto links = bench.seen(Kind::link);
  REQUIRE(links.size() == 2);
  CHECK(links[0].at("event") == "opening");
  CHECK(links[0].at("host") == "h");
  CHECK(links[1].at("event") == "established");
  bench.from = bench.journal.last();
  bench.world.links[0]->say(
      mqtt_backend::link_event::Down{mqtt_backend::DownReason::peer_closed, "end of stream"});
  bench.world.settle();
  const auto stats = bench.seen(Kind::stat);
  REQUIRE(stats.size() == 1);
  CHECK(stats[0].at("client") == 0);
  CHECK(stats[0].at("code") == 1);
  CHECK(stats[0].at("why") == "closed by the broker: end of stream");
  REQUIRE_FALSE(stats[0].at("because").empty());
  const auto cause = stats[0].at("because").back().get<std::uint64_t>();
  CHECK(bench.journal.since(cause - 1, {}, 1).events.front()->kind == Kind::link);
}

TEST_CASE("a prompt and its data are counted, and a file's content is not kept [CTL-13]") {
  Bench bench;
  bench.say("AT+QFUPL=\"k\",6\r");
  bench.say("SECRET");
  CHECK(bench.seen(Kind::data) ==
        std::vector{parsed(R"({"t":0.0,"kind":"data","channel":"uart1","bytes":6})")});
  bench.say("AT+QFDWL=\"k\"\r");
  for (const auto& event : bench.journal.events()) {
    CHECK(to_line(event).find("SECRET") == std::string::npos);
    CHECK(to_line(event).find("U0VDUkVU") == std::string::npos);
  }
  bench.say("AT+CMGF=1\r");
  bench.from = bench.journal.last();
  bench.say("AT+CMGS=\"1\"\r");
  REQUIRE(bench.seen(Kind::prompt).size() == 1);
  CHECK(bench.seen(Kind::prompt).front().at("command") == "+CMGS=\"1\"");
}

TEST_CASE("a file that is read out leaves no room of its size in the journal [CTL-12]") {
  constexpr std::size_t size = 200'000;
  constexpr int times = 50;
  Bench bench;
  REQUIRE(bench.world.files.write("k", std::string(size, 'x')));
  for (int i = 0; i < times; ++i) bench.say("AT+QFDWL=\"k\"\r");
  std::size_t held = 0;
  for (const auto& event : bench.journal.events())
    for (const auto& field : event.fields)
      if (const auto* bytes = std::get_if<journal::Bytes>(&field.value))
        held += bytes->bytes.capacity();
  CHECK(held < size);
}

TEST_CASE("the oldest events go when there is no more room, and are counted [CTL-12]") {
  Journal journal;
  const std::string text(10'000, 'x');
  constexpr std::uint64_t count = 2000;
  for (std::uint64_t i = 0; i < count; ++i) journal.add({}, Kind::urc, {{"line", text}});
  CHECK(journal.last() == count);
  CHECK(journal.lost() > count / 2);
  CHECK(journal.first() == journal.lost() + 1);
  std::size_t bytes = 0;
  for (const auto& event : journal.events()) bytes += event.size();
  CHECK(bytes <= Journal::limit);
  const auto page = journal.since(0, {}, 3);
  CHECK(page.lost == journal.lost());
  REQUIRE(page.events.size() == 3);
  CHECK(page.events.front()->seq == journal.first());
  CHECK(page.next == journal.first() + 2);
  CHECK(journal.since(page.next, {}, 1).events.front()->seq == page.next + 1);
  const auto end = journal.since(count, {}, 10);
  CHECK(end.events.empty());
  CHECK(end.next == count);
  CHECK(end.lost == 0);
  CHECK(journal.since(count - 1, {{Kind::tx}}, 10).next == count);
}

TEST_CASE("who subscribes is told from then on, until that is dropped [CTL-12]") {
  Journal journal;
  std::vector<std::uint64_t> heard;
  journal.add({}, Kind::urc, {});
  auto subscription =
      journal.subscribe([&](const journal::Event& event) { heard.push_back(event.seq); });
  journal.add({}, Kind::urc, {});
  journal.add({}, Kind::tx, {});
  subscription.reset();
  journal.add({}, Kind::urc, {});
  CHECK(heard == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("a line says the same as the document, whatever stands in it [CTL-12]") {
  Journal journal;
  journal.add(at::Time(1500us), Kind::stat,
              {{"client", std::int64_t{3}},
               {"tls", true},
               {"delay", 0.25},
               {"because", journal::Because{7, 9}},
               {"topics", journal::Texts{"a", "\x01\""}},
               {"why", std::string("a \"quote\", a \\, \x01 and \xC3\xA9")},
               {"bytes", journal::Bytes{std::string("A\0\xFF", 3)}}});
  const auto line = journal::to_line(journal.events().front());
  CHECK(line.find('\n') == std::string::npos);
  CHECK(json::parse(line) == to_json(journal.events().front()));
  CHECK(line.rfind(R"({"seq":1,"t":0.0015,"kind":"stat","client":3,"tls":true,)", 0) == 0);
  journal.add({}, Kind::urc, {{"line", std::string("\xFF")}});
  CHECK(json::parse(journal::to_line(journal.events().back())).at("line") == "\uFFFD");
}

TEST_CASE("a packet comes with what is in it, as far as it is kept [CTL-13]") {
  using mqtt_backend::PacketType;
  Bench bench;
  const auto pass = [&](PacketType type, unsigned flags, std::size_t length, std::string body) {
    bench.keeper.saw(
        at::Time(), 0,
        mqtt_backend::event::PacketPassed{mqtt_backend::Direction::received,
                                          {type, flags, 0, length, {}, std::move(body)}});
    auto seen = bench.seen(Kind::packet).back();
    for (const auto* name : {"t", "kind", "client", "dir", "type", "length"}) seen.erase(name);
    return seen;
  };
  CHECK(pass(PacketType::connack, 0, 4, std::string("\x01\x05", 2)) ==
        parsed(R"({"code":5,"session":true})"));
  CHECK(pass(PacketType::suback, 0, 6, std::string("\0\x01\x02\x80", 4)) ==
        parsed(R"({"codes":[2,128]})"));
  CHECK(pass(PacketType::subscribe, 2, 12, std::string("\0\x01\0\x01t\x01\0\x01u\0", 10)) ==
        parsed(R"({"topics":["t","u"],"qoss":[1,0]})"));
  CHECK(pass(PacketType::unsubscribe, 2, 7, std::string("\0\x01\0\x01t", 5)) ==
        parsed(R"({"topics":["t"]})"));
  CHECK(pass(PacketType::publish, 0, 8, std::string("\0\x01thi", 5)) ==
        parsed(R"({"qos":0,"dup":false,"retain":false,"topic":"","payload":"aGk=",
                   "payload_length":3})"));
  CHECK(pass(PacketType::connect, 0, 20, {}) == json::object());
}

TEST_CASE("a signal that changed is told by its values, those that stay but once [CTL-13]") {
  Bench bench;
  emulator::device::Scene scene;
  const auto told = [&] {
    std::string values;
    for (const auto& event : bench.seen(Kind::device))
      values += event.at("what").get<std::string>() + ' ' + event.at("value").dump() + ';';
    bench.from = bench.journal.last();
    return values;
  };
  told();
  bench.keeper.saw(at::Time(), emulator::device::event::SceneChanged{scene});
  CHECK(told() == "rsrp -85;rsrq -10;rssi -65;sinr 17;");
  scene.signal.rsrp = -110;
  scene.signal.sinr = 3;
  bench.keeper.saw(at::Time(), emulator::device::event::SceneChanged{scene});
  CHECK(told() == "rsrp -110;sinr 3;");
}

TEST_CASE("every kind has its name [CTL-13]") {
  for (const auto* name :
       {"rx", "tx", "command", "result", "urc", "prompt", "data", "link", "packet", "client",
        "stat", "device", "fault", "lint", "control", "time"}) {
    const auto kind = journal::kind_of(name);
    REQUIRE(kind);
    CHECK(journal::name_of(*kind) == name);
  }
  CHECK_FALSE(journal::kind_of("x"));
}
