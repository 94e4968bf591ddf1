#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"

#include <set>
#include <utility>

#include <catch2/catch.hpp>

using namespace cellular;
using namespace std::chrono_literals;

TEST_CASE("knobs take their values, and nothing else") {
  Knobs knobs;
  CHECK(knobs.get(Knob::open_unresolved) == 4);
  CHECK_FALSE(knobs.set("open-unresolved=-1"));
  CHECK(knobs.get(Knob::open_unresolved) == -1);
  CHECK_FALSE(knobs.set("disc-stat=on"));
  CHECK(knobs.is_set(Knob::disc_stat));
  for (const auto* bad : {"open-unresolved=6", "open-unresolved=-2", "open-unresolved=x",
                          "open-unresolved=", "max-contexts=3x", "disc-stat=1", "disc-stat=maybe",
                          "disc-stat", "nosuch=1", "=", ""}) {
    INFO(bad);
    const auto wrong = knobs.set(bad);
    REQUIRE(wrong);
    CHECK(wrong->find('\n') == std::string::npos);
  }
  CHECK(knobs.get(Knob::open_unresolved) == -1);
}

TEST_CASE("the knob table is in the order of the enumeration, and all of it is listed") {
  const auto list = Knobs::list();
  for (std::size_t i = 0; i < knob_table.size(); ++i) {
    CHECK(static_cast<std::size_t>(knob_table[i].knob) == i);
    CHECK(list.find(std::string(knob_table[i].name) + ' ') != std::string::npos);
  }
}

TEST_CASE("typical latency keeps to its ranges and repeats with its seed [TIME-6]") {
  Latency latency(Latency::Typical{42});
  Latency again(Latency::Typical{42});
  Latency other(Latency::Typical{43});
  int differences = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto open = latency.draw(Latency::Step::open);
    CHECK((open >= 250ms && open <= 450ms));
    CHECK(open == again.draw(Latency::Step::open));
    differences += open != other.draw(Latency::Step::open);
    const auto connect = latency.draw(Latency::Step::connect);
    CHECK((connect >= 250ms && connect <= 400ms));
    CHECK(connect == again.draw(Latency::Step::connect));
    const auto answer = latency.draw(Latency::Step::answer);
    CHECK((answer >= 250ms && answer <= 350ms));
    CHECK(answer == again.draw(Latency::Step::answer));
    other.draw(Latency::Step::connect);
    other.draw(Latency::Step::answer);
  }
  CHECK(differences > 900);
  const auto ends = [&](Latency::Step step) {
    std::set<std::chrono::milliseconds> drawn;
    for (int i = 0; i < 100'000; ++i)
      drawn.insert(std::chrono::duration_cast<std::chrono::milliseconds>(latency.draw(step)));
    return std::pair{*drawn.begin(), *drawn.rbegin()};
  };
  CHECK(ends(Latency::Step::open) == std::pair{250ms, 450ms});
  CHECK(ends(Latency::Step::connect) == std::pair{250ms, 400ms});
  CHECK(ends(Latency::Step::answer) == std::pair{250ms, 350ms});
  CHECK(ends(Latency::Step::radio) == std::pair{300ms, 800ms});
  CHECK(ends(Latency::Step::restart) == std::pair{1500ms, 2500ms});
  CHECK(ends(Latency::Step::search) == std::pair{8000ms, 15000ms});
  CHECK(Latency(Latency::Instant{}).draw(Latency::Step::open) == 0ms);
  CHECK(Latency(Latency::Fixed{7ms}).draw(Latency::Step::open) == 7ms);
}
