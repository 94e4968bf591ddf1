// HTTP in any order of hosts, servers and networks, each seed another one.
#include "tests/sim/http_requests.hpp"

#include <iostream>

#include <catch2/catch.hpp>

TEST_CASE("requests whose servers and networks do what they like [HTTP-37] [HTTP-52] [HTTP-58]",
          "[sim]") {
  constexpr std::uint64_t seeds = 300;
  constexpr int requests = 150;
  std::uint64_t read = 0;
  std::uint64_t troubles = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    sim::HttpRequests session{sim::Dice(seed)};
    try {
      session.run(requests);
    } catch (const std::exception& problem) {
      std::string story;
      for (const auto& line : session.story()) story += "  " + line + '\n';
      FAIL("seed " << seed << ": " << problem.what() << '\n' << story);
    }
    read += session.bytes_read();
    troubles += session.troubles();
  }
  std::cout << "HTTP: " << seeds << " sessions, " << read << " bytes read, " << troubles
            << " troubles\n";
  CHECK(read > 1'000'000);
  CHECK(troubles > 10'000);
}
