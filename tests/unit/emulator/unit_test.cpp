// Two modems in one program: each with ports, stores and a name of its own.
#include "emulator/unit.hpp"

#include "tests/support/program.hpp"
#include "tests/unit/pty/host.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace pty_test;

namespace {

Options options_for(int instance) {
  Options options;
  options.instance = instance;
  options.identity = device::identity_of(*options.model, instance);
  options.card = device::card_of(instance);
  options.latency = cellular::Latency::Instant{};
  options.demo_broker = "off";
  return options;
}

struct Program {
  Shard shard{1, [](const std::string& what) { FAIL(what); }};
  boost::asio::io_context& io = shard.io();
  CaptureFile capture;
  Trace trace;
  LineFile journal;
  LintFile lint;
  Unit::Shared shared{shard, false, trace, capture, journal, lint, nullptr, 0};
};

}  // namespace

TEST_CASE("two units side by side are two modems, told apart in the trace") {
  support::ScratchDirectory scratch;
  Program program;
  REQUIRE(program.trace.open(scratch.file("trace")) == std::nullopt);
  const auto first = options_for(0);
  const auto second = options_for(1);
  Unit one(first, "one", program.shared, {});
  Unit two(second, "two", program.shared, {});
  for (auto* unit : {&one, &two}) {
    REQUIRE(unit->open() == std::nullopt);
    unit->offer_file("a", "content");
    unit->start({});
  }
  Host host_one(one.wires().front()->port().address());
  Host host_two(two.wires().front()->port().address());
  const auto answered = [&](Host& host, const std::string& text) {
    return run_until(program.io, [&] { return host.hear().find(text) != std::string::npos; });
  };
  REQUIRE(answered(host_one, "PB DONE\r\n"));
  REQUIRE(answered(host_two, "PB DONE\r\n"));
  REQUIRE(host_one.say("AT+GSN\r"));
  CHECK(answered(host_one, first.identity.imei));
  REQUIRE(host_two.say("AT+GSN;+QFLST\r"));
  CHECK(answered(host_two, second.identity.imei));
  CHECK(answered(host_two, "+QFLST: \"UFS:a\",28"));
  CHECK(host_one.hear().find(second.identity.imei) == std::string::npos);
  program.trace.flush();
  const auto trace = support::contents(scratch.file("trace"));
  INFO(trace);
  CHECK(trace.find(" one/uart1 < \"AT+GSN") != std::string::npos);
  CHECK(trace.find(" two/uart1 < \"AT+GSN;") != std::string::npos);
}

TEST_CASE("modems of one seed differ in their latency") {
  std::set<std::int64_t> firsts;
  for (int instance = 0; instance < 5; ++instance) {
    auto options = options_for(instance);
    options.latency = cellular::Latency::Typical{7};
    cellular::Latency latency(latency_of(options));
    std::int64_t sum = 0;
    for (int i = 0; i < 20; ++i)
      sum = sum * 3 + latency.draw(cellular::Latency::Step::open).count();
    firsts.insert(sum);
  }
  CHECK(firsts.size() == 5);
  auto options = options_for(0);
  options.latency = cellular::Latency::Typical{7};
  CHECK(std::get<cellular::Latency::Typical>(latency_of(options)).seed == 7);
}

TEST_CASE("a file of the user's that cannot be read stays the user's") {
  support::ScratchDirectory scratch;
  Program program;
  auto options = options_for(0);
  options.state_dir = scratch.file("state");
  const auto path = scratch.file("state/ufs/demo_ca.pem");
  std::filesystem::create_directories(scratch.file("state/ufs"));
  std::ofstream(path) << "mine";
  Unit unit(options, "", program.shared, {});
  REQUIRE(unit.open() == std::nullopt);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{3, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  unit.offer_file("demo_ca.pem", "content");
  ::setrlimit(RLIMIT_NOFILE, &before);
  unit.stop();
  CHECK(support::contents(path) == "mine");
}
