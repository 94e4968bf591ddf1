// The host's DTR as a null-modem cable brings it.
#include "pty/dsr_watch.hpp"

#include "tests/unit/pty/host.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace pty;
using namespace pty_test;
using namespace std::chrono_literals;

namespace {

struct Bench {
  boost::asio::io_context io;
  std::optional<bool> line;
  int asked = 0;
  std::string changes;
  DsrWatch watch{io,
                 [this] {
                   ++asked;
                   return line;
                 },
                 [this](bool raised) { changes += raised ? '+' : '-'; }};

  /// The line is looked at so many times more.
  void look(int times) {
    const int enough = asked + times;
    REQUIRE(run_until(io, [&] { return asked >= enough; }));
  }
};

}  // namespace

TEST_CASE("DTR falls and rises with DSR, once that was raised [SLP-1]") {
  Bench bench;
  bench.line = true;
  bench.watch.start();
  bench.look(2);
  CHECK(bench.changes.empty());
  bench.line = false;
  bench.look(2);
  CHECK(bench.changes == "-");
  bench.line = true;
  bench.look(2);
  CHECK(bench.changes == "-+");
}

TEST_CASE("a cable of three wires says nothing of DTR") {
  Bench bench;
  bench.line = false;
  bench.watch.start();
  bench.look(3);
  CHECK(bench.changes.empty());
}

TEST_CASE("a device without such lines is not asked again, nor one that is gone") {
  Bench bench;
  bench.watch.start();
  CHECK(bench.asked == 1);
  CHECK(bench.io.run() == 0);
  bench.io.restart();
  bench.line = true;
  bench.watch.start();
  bench.look(1);
  bench.line.reset();
  bench.look(1);
  const int asked = bench.asked;
  bench.io.run();
  CHECK(bench.asked == asked);
}

TEST_CASE("a watch that is stopped asks no more") {
  Bench bench;
  bench.line = true;
  bench.watch.start();
  bench.look(1);
  bench.watch.stop();
  const int asked = bench.asked;
  bench.io.run();
  CHECK(bench.asked == asked);
}
