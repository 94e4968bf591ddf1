#include "emulator/processes/demo_broker.hpp"

#include "tests/unit/pty/host.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>

#include <catch2/catch.hpp>

using namespace emulator;
using namespace pty_test;
using boost::asio::ip::tcp;

namespace {

bool gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

bool accepts_tcp(boost::asio::io_context& io, std::uint16_t port) {
  tcp::socket socket(io);
  boost::system::error_code error;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, error);
  return !error;
}

struct Bench {
  boost::asio::io_context io;
  DemoBroker broker;
  std::optional<DemoBroker::Result> result;

  explicit Bench(DemoBroker::Settings settings = {}) : broker(io, std::move(settings)) {}
  void start() {
    broker.start([this](const DemoBroker::Result& got) { result = got; });
    REQUIRE_FALSE(result);
    REQUIRE(run_until(io, [this] { return result.has_value(); }));
  }
};

}  // namespace

TEST_CASE("the demo broker starts, accepts TCP, stops at once and leaves nothing behind") {
  Bench bench;
  bench.start();
  REQUIRE(bench.result->error.empty());
  CHECK(accepts_tcp(bench.io, bench.result->port));
  const pid_t pid = bench.broker.pid();
  const auto directory = bench.broker.directory();
  CHECK(std::filesystem::status(directory).permissions() == std::filesystem::perms::owner_all);
  const auto asked = std::chrono::steady_clock::now();
  bench.broker.stop();
  const auto stopped = std::chrono::steady_clock::now();
  CHECK(stopped - asked < std::chrono::milliseconds(150));
  CHECK(gone(pid));
  CHECK_FALSE(std::filesystem::exists(directory));
  CHECK_FALSE(accepts_tcp(bench.io, bench.result->port));
}

TEST_CASE("the demo broker writes a full log where it is told to") {
  TemporaryDirectory directory;
  Bench bench({"auto", directory.file("log")});
  bench.start();
  REQUIRE(bench.result->error.empty());
  bench.broker.stop();
  std::ifstream log(directory.file("log"));
  const std::string text((std::istreambuf_iterator<char>(log)), {});
  CHECK_THAT(text, Catch::Contains("listen socket on port"));
}

TEST_CASE("the death of the demo broker is told once") {
  Bench bench;
  int deaths = 0;
  bench.broker.on_death([&] { ++deaths; });
  bench.start();
  const pid_t pid = bench.broker.pid();
  REQUIRE(::kill(pid, SIGKILL) == 0);
  REQUIRE(run_until(bench.io, [&] { return deaths > 0; }));
  bench.broker.stop();
  CHECK(deaths == 1);
  CHECK(gone(pid));
}

TEST_CASE("a broker that cannot run is one line of error and leaves nothing behind") {
  const auto [program, part] = GENERATE(table<std::string, std::string>({
      {"/nowhere/mosquitto", "cannot run '/nowhere/mosquitto': not found, or not executable"},
      {"/bin/false", "ends at once with code 1"},
  }));
  Bench bench({program, std::nullopt});
  bench.start();
  CHECK_THAT(bench.result->error, Catch::Contains(part));
  CHECK(bench.broker.pid() < 0);
  CHECK(bench.broker.directory().empty());
}

TEST_CASE("a demo broker that is off has no port and no error") {
  Bench bench({"off", std::nullopt});
  bench.start();
  CHECK(bench.result->port == 0);
  CHECK(bench.result->error.empty());
}

TEST_CASE("nobody else gets the port of a demo broker that does not listen yet") {
  TemporaryDirectory directory;
  const std::string script = directory.file("slow");
  std::ofstream(script) << "#!/bin/sh\necho slow >> " << directory.file("sign")
                        << "\nwhile :; do read -r line < /dev/zero; done\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  Bench bench({script, std::nullopt});
  bench.broker.start([&](const DemoBroker::Result& got) { bench.result = got; });
  REQUIRE(run_until(bench.io, [&] { return std::filesystem::exists(directory.file("sign")); }));
  std::ifstream configuration(bench.broker.directory() / "mosquitto.conf");
  std::string word;
  std::uint16_t port = 0;
  REQUIRE(configuration >> word >> port);
  tcp::acceptor other(bench.io);
  other.open(tcp::v4());
  boost::system::error_code error;
  other.bind({boost::asio::ip::address_v4::loopback(), port}, error);
  CHECK(error == boost::asio::error::address_in_use);
  CHECK_FALSE(bench.result);
  bench.broker.stop();
}

TEST_CASE("a broker that ignores SIGTERM is killed in time") {
  TemporaryDirectory directory;
  const std::string script = directory.file("deaf");
  std::ofstream(script) << "#!/bin/sh\ntrap '' TERM\necho deaf >> " << directory.file("sign")
                        << "\nwhile :; do read -r line < /dev/zero; done\n";
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  Bench bench({script, std::nullopt});
  bench.broker.start([&](const DemoBroker::Result& got) { bench.result = got; });
  REQUIRE(run_until(bench.io, [&] { return std::filesystem::exists(directory.file("sign")); }));
  const pid_t pid = bench.broker.pid();
  const auto asked = std::chrono::steady_clock::now();
  bench.broker.stop();
  CHECK(std::chrono::steady_clock::now() - asked < std::chrono::milliseconds(150));
  CHECK(gone(pid));
}
