// Sockets in any order of host, peers and network, each seed another one.
#include "tests/sim/socket_session.hpp"

#include <iostream>

#include <catch2/catch.hpp>

TEST_CASE("sockets in any order of host, peers and network [SURC-1] [SURC-4] [SOCK-44]", "[sim]") {
  constexpr std::uint64_t seeds = 300;
  constexpr int acts = 1500;
  std::uint64_t read = 0;
  std::uint64_t sent = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    sim::SocketSession session{sim::Dice(seed)};
    try {
      session.run(acts);
    } catch (const std::exception& problem) {
      std::string story;
      for (const auto& line : session.story()) story += "  " + line + '\n';
      FAIL("seed " << seed << ": " << problem.what() << '\n' << story);
    }
    read += session.bytes_read();
    sent += session.bytes_sent();
  }
  std::cout << "sockets: " << seeds << " sessions, " << read << " bytes read, " << sent
            << " bytes sent\n";
  CHECK(read > 100'000);
  CHECK(sent > 100'000);
}
