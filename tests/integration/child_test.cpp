#include "emulator/processes/child.hpp"

#include "tests/unit/pty/host.hpp"

#include <signal.h>

#include <fstream>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace pty_test;

namespace {

struct Bench {
  boost::asio::io_context io;
  Child child{io};
  std::optional<int> code;

  void start(std::vector<std::string> command, Child::Environment environment = {}) {
    child.start(std::move(command), std::move(environment), [this](int got) { code = got; });
    REQUIRE_FALSE(code);
  }
  int end() {
    REQUIRE(run_until(io, [this] { return code.has_value(); }));
    return *code;
  }
};

}  // namespace

TEST_CASE("a child's exit code, or its signal, is reported") {
  const auto [command, code] = GENERATE(table<std::string, int>({
      {"exit 0", 0},
      {"exit 42", 42},
      {"kill -TERM $$", 128 + SIGTERM},
  }));
  Bench bench;
  bench.start({"sh", "-c", command});
  CHECK(bench.end() == code);
}

TEST_CASE("a command that cannot be run is 127") {
  Bench bench;
  bench.start({"no-such-command-here"});
  CHECK(bench.end() == 127);
}

TEST_CASE("a child gets its environment and none of our descriptors") {
  TemporaryDirectory directory;
  const std::string seen = directory.file("seen");
  const int leak = ::open("/dev/null", O_RDONLY);
  Bench bench;
  // The shell opens the directory itself while it lists it: 3 at the most.
  bench.start(
      {"sh", "-c",
       "echo $EG91XQ_PORT $HOME > " + seen + "; test ! -e /proc/$$/fd/" + std::to_string(leak)},
      {{"EG91XQ_PORT", "/tmp/modem"}, {"HOME", "/other"}});
  CHECK(bench.end() == 0);
  ::close(leak);
  std::string text;
  std::getline(std::ifstream(seen) >> std::ws, text);
  CHECK(text == "/tmp/modem /other");
}

TEST_CASE("stop asks a child to end, and kills it when it does not") {
  Bench bench;
  TemporaryDirectory directory;
  const std::string sign = directory.file("sign");
  const auto ready = [&] { return std::filesystem::exists(sign); };
  SECTION("it ends") {
    bench.start({"sh", "-c", "trap 'exit 7' TERM; echo > " + sign + "; while :; do :; done"});
    REQUIRE(run_until(bench.io, ready));
    bench.child.stop(std::chrono::seconds(5));
    CHECK(bench.end() == 7);
  }
  SECTION("it does not") {
    bench.start({"sh", "-c", "trap '' TERM; echo > " + sign + "; while :; do :; done"});
    REQUIRE(run_until(bench.io, ready));
    bench.child.stop(std::chrono::milliseconds(20));
    CHECK(bench.end() == 128 + SIGKILL);
  }
}

TEST_CASE("a child that is destroyed leaves no process behind") {
  boost::asio::io_context io;
  pid_t pid = -1;
  {
    Process process(io);
    REQUIRE(process.start({{"sleep", "1000"}, {}, std::nullopt}, {}) == std::nullopt);
    pid = process.pid();
  }
  CHECK(::kill(pid, 0) != 0);
  io.poll();
}
