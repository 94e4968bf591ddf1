// The internet as the module asks it, on this machine's loopback.
#include "net/system_internet.hpp"

#include "net/sntp_server.hpp"
#include "tests/unit/pty/host.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

TEST_CASE("a rule for a time server's name turns its port, whoever else lives at the address") {
  constexpr std::int64_t moment = 1568021562500;
  boost::asio::io_context io;
  net::SntpServer server(io, [] { return moment; });
  boost::system::error_code error;
  const auto port = server.start(error);
  REQUIRE(port != 0);
  auto resolver = std::make_shared<net::Resolver>(io);
  REQUIRE(resolver->rules().add(fmt::format("time.example:123=127.0.0.1:{}", port)));
  REQUIRE(resolver->rules().add("other.example=127.0.0.1"));
  net::SystemInternet internet(io, resolver, [](const auto& answer) { answer(); });

  std::vector<std::string> addresses;
  std::optional<std::int64_t> told;
  for (const auto* name : {"time.example", "other.example"})
    internet.resolve({name}, [&](const cellular::Addresses& found) {
      addresses.insert(addresses.end(), found.addresses.begin(), found.addresses.end());
    });
  REQUIRE(pty_test::run_until(io, [&] { return addresses.size() == 2; }));
  CHECK(addresses == std::vector<std::string>{"127.0.0.1", "127.0.0.1"});

  internet.ask_time({"time.example", "127.0.0.1", 123}, [&](const auto& time) { told = time; });
  CHECK(pty_test::run_until(io, [&] { return told.has_value(); }));
  CHECK(told == moment);
  server.stop();
}
