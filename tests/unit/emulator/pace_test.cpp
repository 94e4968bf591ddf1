// How fast a paced port sends: ten bits a byte at every rate of +IPR, in virtual time.
#include "emulator/pace.hpp"

#include "tests/support/fake_port.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;

namespace {

struct PacedLine {
  explicit PacedLine(int rate) { pace.set_line({.rate = rate}); }

  /// What has arrived when the line has run for so long.
  std::size_t arrived_after(at::Duration time) {
    timeline.run_until(begin + time);
    return port.unread.size();
  }

  at::Timeline timeline;
  support::FakePort port;
  emulator::Pace pace{timeline, port};
  at::Time begin{};
};

}  // namespace

TEST_CASE("a paced port sends at its rate, within 1 % after every second") {
  const auto rate = GENERATE(4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600);
  CAPTURE(rate);
  PacedLine line(rate);
  line.pace.write(std::string(500000, 'x'));
  for (int second = 1; second <= 4; ++second) {
    const double due = rate / 10.0 * second;
    CHECK(static_cast<double>(line.arrived_after(second * 1s)) == Approx(due).epsilon(0.01));
  }
}

TEST_CASE("the last byte comes when its bits have passed, and not before") {
  PacedLine line(9600);
  line.pace.write(std::string(96, 'x'));
  CHECK(line.arrived_after(99ms) < 96);
  CHECK(line.arrived_after(101ms) == 96);
  line.begin = line.timeline.now();
  line.pace.write("y");
  CHECK(line.arrived_after(1ms) == 96);
  CHECK(line.arrived_after(3ms) == 97);
}

TEST_CASE("a line that is fed when it has run dry keeps its rate, frame by frame") {
  PacedLine line(115200);
  const std::string frame(133, 'x');
  line.pace.when_drained([&] { line.pace.write(frame); });
  line.pace.write(frame);
  constexpr std::size_t per_second = 11520;
  const auto arrived = line.arrived_after(10s);
  CHECK(arrived <= 10 * per_second);
  CHECK(arrived >= 10 * per_second - 12);
}

TEST_CASE("a new rate counts for what follows; what waits has left by then") {
  PacedLine line(4800);
  line.pace.write(std::string(48, 'x'));
  line.pace.set_line({.rate = 115200});
  CHECK(line.arrived_after(0ms) == 48);
  line.pace.write(std::string(1152, 'y'));
  CHECK(line.arrived_after(99ms) < 1200);
  CHECK(line.arrived_after(102ms) == 1200);
}

TEST_CASE("a line that never rests takes no more memory, and keeps its rate", "[long]") {
  const auto rate = GENERATE(4800, 115200, 921600);
  CAPTURE(rate);
  PacedLine line(rate);
  const auto per_second = static_cast<std::size_t>(rate) / 10;
  line.pace.write(std::string(per_second, 'x'));
  std::size_t arrived = 0;
  std::size_t most = 0;
  constexpr int hours = 2;
  for (int second = 1; second <= hours * 3600; ++second) {
    line.pace.write(std::string(per_second, 'x'));
    arrived += line.arrived_after(second * 1s);
    line.port.unread.clear();
    most = std::max(most, line.pace.held());
  }
  CHECK(most < 5 * per_second + 10'000);
  CHECK(arrived >= per_second * (hours * 3600 - 1));
  CHECK(arrived <= per_second * hours * 3600);
  CHECK(line.pace.lost() == 0);
}

TEST_CASE("what a slow line cannot take is lost in whole units, and counted", "[real]") {
  PacedLine line(4800);
  const std::string unit(1024 * 1024, 'x');
  for (int i = 0; i < 6; ++i) line.pace.write(unit);
  CHECK(line.pace.held() == 4 * unit.size());
  CHECK(line.pace.lost() == 2 * unit.size());
  CHECK(line.arrived_after(3h) == 4 * unit.size());
  CHECK(line.pace.held() == 0);
}
