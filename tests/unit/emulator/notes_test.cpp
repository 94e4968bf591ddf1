// Notes of what terminals tell: the same events in the same order, only later.
#include "emulator/journal/notes.hpp"

#include "emulator/journal/keeper.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {

namespace journal = emulator::journal;

/// A modem whose journal is kept with notes before it, or without.
struct Bench {
  explicit Bench(bool noted)
      : world({}, noted ? static_cast<emulator::Observer*>(&notes) : &keeper) {
    keeper.name_channel(world.terminals[0]->asker(), "uart1");
    world.modem.power_on();
  }
  void say(std::string_view bytes) {
    world.terminals[0]->receive(bytes);
    world.settle();
  }
  [[nodiscard]] std::string lines() const {
    std::string all;
    for (const auto& event : journal.events()) all += journal::to_line(event) + '\n';
    return all;
  }

  journal::Journal journal;
  journal::Keeper keeper{journal};
  journal::Notes notes{keeper};
  support::World world;
};

/// What both journals say of `script`, shown at the end.
void check_alike(const std::vector<std::string>& script) {
  Bench plain(false);
  Bench noted(true);
  for (const auto& bytes : script) {
    plain.say(bytes);
    noted.say(bytes);
  }
  noted.notes.show();
  CHECK(std::count(script.begin(), script.end(), "") == 0);
  CHECK(noted.lines() == plain.lines());
}

}  // namespace

TEST_CASE("what is noted comes in order and says the same") {
  check_alike({"AT\r", "AT+CFUN?;+NOTHING\r", "AT+CMGF=1\r", "AT+CMGS=\"+15550100\"\r",
               "a text\x1A", "AT+QFUPL=\"f\",4\r", "abcd", "AT+QFDWL=\"f\"\r", "AT+CFUN=4\r",
               "AT+CFUN=1,1\r"});
}

TEST_CASE("views are copied: who told may change what they showed") {
  Bench bench(true);
  bench.notes.show();
  const auto before = bench.journal.last();
  std::string bytes = "hello";
  bench.notes.saw({}, bench.world.terminals[0]->asker(), at::event::HostBytes{bytes});
  bytes.assign("XXXXX");
  CHECK(bench.journal.last() == before);
  bench.notes.show();
  const auto* shown = bench.journal.events().back().find("bytes");
  REQUIRE(shown != nullptr);
  CHECK(std::get<journal::Bytes>(*shown).bytes == "hello");
}

TEST_CASE("what is too much to be noted is shown at once, behind what is noted") {
  check_alike({"AT+QFUPL=\"f\",100000\r", std::string(100'000, 'x')});
  check_alike(std::vector<std::string>(1000, "AT\r"));
  check_alike(std::vector<std::string>(50, std::string(4'000, 'y') + "\r"));
}
