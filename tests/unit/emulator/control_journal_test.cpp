// What of a journal is shown: chosen by time, channel, client and text, and told where it is lost.
#include "tests/support/control_bench.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using emulator::journal::Kind;
using nlohmann::json;
using Bench = support::ControlBench;

namespace {

constexpr const char* lines = "application/x-ndjson";
constexpr const char* events = "text/event-stream";

at::Time second(int s) { return at::Time(std::chrono::seconds(s)); }

/// Five events from 10 s on, behind what the start has brought. Returns the number before them.
std::uint64_t fill(Bench& bench) {
  auto& journal = bench.faulty.journal;
  const auto before = journal.last();
  const auto text = [](const char* said) { return std::string(said); };
  journal.add(second(10), Kind::urc, {{"channel", text("uart1")}, {"line", text("+QIND: \"A\"")}});
  journal.add(second(11), Kind::urc, {{"channel", text("uart2")}, {"line", text("+QIND: \"B\"")}});
  journal.add(second(12), Kind::packet,
              {{"client", std::int64_t{3}}, {"topic", text("plant/cmd")}});
  journal.add(second(13), Kind::rx,
              {{"channel", text("uart1")}, {"bytes", emulator::journal::Bytes{"plant\x01"}}});
  journal.add(second(14), Kind::client, {{"client", std::int64_t{4}}, {"to", text("plant")}});
  return before;
}

/// The seconds of the events that a page has.
std::vector<int> page(Bench& bench, std::uint64_t since, const std::string& query) {
  const auto found =
      bench.ask("GET", "/journal?since=" + std::to_string(since) + "&" + query, nullptr, 200);
  std::vector<int> seconds;
  for (const auto& event : found.at("events")) seconds.push_back(event.at("t").get<int>());
  return seconds;
}

/// Loses all that was so far, and some of what comes then.
void overflow(Bench& bench) {
  const std::string line(1'000'000, 'x');
  for (int i = 0; i < 10; ++i)
    bench.faulty.journal.add({}, Kind::urc, {{"line", line}, {"n", std::int64_t{i}}});
}

}  // namespace

TEST_CASE("the journal is asked by time, channel, client and text [CTL-12]") {
  Bench bench;
  const auto since = fill(bench);
  using Seconds = std::vector<int>;
  CHECK(page(bench, since, "from=11&to=13") == Seconds{11, 12, 13});
  CHECK(page(bench, since, "from=13.5") == Seconds{14});
  CHECK(page(bench, since, "to=10") == Seconds{10});
  CHECK(page(bench, since, "channel=uart1") == Seconds{10, 13});
  CHECK(page(bench, since, "client=3") == Seconds{12});
  CHECK(page(bench, since, "text=plant") == Seconds{12, 13});
  CHECK(page(bench, since, "text=%5Eplant.*x01$") == Seconds{13});
  CHECK(page(bench, since, "text=QIND&channel=uart2&kind=urc&from=11&to=11") == Seconds{11});
  CHECK(page(bench, since, "text=plant&kind=urc").empty());
  CHECK(page(bench, since, "text=.&limit=2") == Seconds{10, 11});
}

TEST_CASE("what cannot be asked of the journal is refused with its name [CTL-12]") {
  Bench bench;
  for (const auto& [query, field] :
       std::vector<std::pair<std::string, std::string>>{{"from=5&to=4", "from"},
                                                        {"from=-1", "from"},
                                                        {"to=soon", "to"},
                                                        {"channel=A%20B", "channel"},
                                                        {"client=6", "client"},
                                                        {"text=(", "text"},
                                                        {"text=" + std::string(1025, 'a'), "text"}})
    for (const auto* accept : {"application/json", lines, events}) {
      CAPTURE(query, accept);
      const auto heard = bench.begin("GET", "/journal?" + query, {}, accept);
      CHECK(heard->reply.status == 400);
      CHECK(heard->body().at("field") == field);
    }
}

TEST_CASE("a stream shows what is chosen and ends behind so many, or when it is over [CTL-12]") {
  Bench bench;  // at 1 s
  auto& journal = bench.faulty.journal;
  const auto some = bench.begin("GET", "/journal?kind=urc&text=B&limit=2", {}, lines);
  const auto until = bench.begin("GET", "/journal?kind=urc&to=3", {}, lines);
  const auto past = bench.begin("GET", "/journal?to=1&since=0&kind=urc&text=CFUN", {}, events);
  CHECK(past->followed->text.find("+CFUN: 1") != std::string::npos);
  bench.faulty.wait(1us);
  CHECK_FALSE(past->followed->open);
  CHECK_FALSE(bench.begin("GET", "/journal?since=0&limit=1&to=9", {}, lines)->followed->open);
  const auto say = [&](const char* line) {
    journal.add(bench.faulty.timeline.now(), Kind::urc, {{"line", std::string(line)}});
    bench.faulty.wait({});
  };
  for (const auto* line : {"A", "B", "C"}) say(line);
  CHECK(some->followed->open);
  bench.faulty.wait(at::Time(3s) - bench.faulty.timeline.now());
  CHECK(until->followed->open);
  say("B of 3 s");
  CHECK_FALSE(some->followed->open);
  CHECK(std::count(some->followed->text.begin(), some->followed->text.end(), '\n') == 2);
  bench.faulty.wait(1us);
  CHECK_FALSE(until->followed->open);
  say("B of later");
  CHECK(std::count(until->followed->text.begin(), until->followed->text.end(), '\n') == 4);
  CHECK(std::count(some->followed->text.begin(), some->followed->text.end(), '\n') == 2);
}

TEST_CASE("a stream that begins with what is lost says how much, once [CTL-12]") {
  Bench bench;
  overflow(bench);
  const auto lost = bench.faulty.journal.lost();
  const auto told = std::to_string(lost - 2);
  const auto sse = bench.begin("GET", "/journal?since=2&limit=1", {}, events);
  CHECK(sse->followed->text.starts_with("event: lost\nid: " + std::to_string(lost) +
                                        "\ndata: {\"lost\":" + told +
                                        "}\n\nid: " + std::to_string(lost + 1) + "\ndata: {"));
  const auto all = bench.begin("GET", "/journal?since=2", {}, lines);
  CHECK(all->followed->text.starts_with("{\"lost\":" + told + "}\n{\"seq\":"));
  CHECK(all->followed->text.rfind("{\"lost\"") == 0);
  const auto none = bench.begin("GET", "/journal?since=" + std::to_string(lost), {}, lines);
  CHECK(none->followed->text.starts_with("{\"seq\":"));
}

TEST_CASE("a stream whose reader falls behind is told what it has missed [CTL-12]") {
  Bench bench;
  overflow(bench);
  const auto slow = bench.begin(
      "GET", "/journal?since=" + std::to_string(bench.faulty.journal.lost()), {}, lines);
  auto& followed = *slow->followed;
  CHECK(followed.text.starts_with("{\"seq\":"));  // one of 1 MB, more than is written at once
  followed.text.clear();
  const auto seen = bench.faulty.journal.first();
  overflow(bench);
  followed.drained();
  bench.settle();
  CHECK(followed.text.starts_with(
      "{\"lost\":" + std::to_string(bench.faulty.journal.lost() - seen) + "}\n"));
}

TEST_CASE("an expectation says how much of what it is about is lost [CTL-14]") {
  Bench bench;
  overflow(bench);
  const auto lost = bench.faulty.journal.lost();
  auto body = json::parse(R"({"since":3,"within":0,"none":[{"kind":"lint"}]})");
  CHECK(bench.ask("POST", "/expect", body, 200) ==
        json{{"matched", json::array()}, {"lost", lost - 3}});
  body = json::parse(R"({"since":3,"within":0,"all":[{"kind":"lint"}]})");
  CHECK(bench.ask("POST", "/expect", body, 408).at("lost") == lost - 3);
  body["since"] = lost;
  CHECK_FALSE(bench.ask("POST", "/expect", body, 408).contains("lost"));
  body.erase("since");
  CHECK_FALSE(bench.ask("POST", "/expect", body, 408).contains("lost"));
}
