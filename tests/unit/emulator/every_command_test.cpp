// Every command of the module in every form, with nothing, too little and too much behind it: none
// may end the program, and the channel answers AT afterwards.
#include "tests/support/hang_up.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

/// What may stand behind a name; {} is the key of a keyed command, where there is one.
std::vector<std::string> endings(std::string_view key) {
  std::vector<std::string> all{
      "",   " ",  "?",   "=?",  "=",      "=,",        "=,,,,", "=\"\"",  "=\"",
      "=0", "=1", "=-1", "=1,", "=1,,,1", "=99999999", "=1,1",  "=0,0,0", "=\"a\",\"b\",\"c\"",
      "1",  "99", "\"",  ";",   ";;",     "x"};
  if (!key.empty())
    for (const auto* more : {"", ",", ",,", ",0", ",\"\"", ",1,1,1,1,1,1,1,1,1"})
      all.push_back(fmt::format("=\"{}\"{}", key, more));
  return all;
}

}  // namespace

TEST_CASE("no command dies of what stands behind it") {
  World world{emulator::Modem::Settings{}};
  world.modem.power_on();
  world.settle();
  for (const auto& row : world.modem.registry().rows()) {
    if (!row.key.empty() && row.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz/_0123456789") !=
                                std::string_view::npos)
      continue;
    for (const auto& ending : endings(row.key)) {
      const auto line = fmt::format("AT{}{}\r", row.name, ending);
      CAPTURE(line);
      world.terminals[0]->receive(line);
      come_back(world);
      world.ports[0].unread.clear();
      world.terminals[0]->receive("AT\r");
      REQUIRE(world.ports[0].unread.find("\r\nOK\r\n") != std::string::npos);
    }
  }
}
