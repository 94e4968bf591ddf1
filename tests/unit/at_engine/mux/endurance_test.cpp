// Many times, and with anything: nothing is left over, nothing grows, nothing is said unasked.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"

#include <array>
#include <random>

#include <catch2/catch.hpp>

using namespace mux_bench;

namespace {

constexpr std::array pieces{
    "F9 03 3F 01 1C F9",
    "F9 07 3F 01 DE F9",
    "F9 0B 3F 01 59 F9",
    "F9 0F 3F 01 9B F9",
    "F9 13 3F 01 96 F9",
    "F9 17 3F 01 54 F9",
    "F9 23 3F 01 C9 F9",
    "F9 07 53 01 3F F9",
    "F9 0B 53 01 B8 F9",
    "F9 07 1F 01 F4 F9",
    "F9 07 EF 07 41 54 0D D3 F9",
    "F9 0B EF 07 41 54 0D 54 F9",
    "F9 05 EF 07 41 54 0D B2 F9",
    "F9 03 EF 09 E3 05 07 8D FB F9",
    "F9 03 EF 09 E3 05 07 8F FB F9",
    "F9 03 EF 09 E3 05 07 81 FB F9",
    "F9 03 EF 09 E1 05 07 8D FB F9",
    "F9 03 EF 05 63 01 F2 F9",
    "F9 03 EF 05 A3 01 F2 F9",
    "F9 03 EF 0B 23 07 61 62 63 18 F9",
    "F9 03 EF 15 83 11 01 00 07 0A 04 00 03 00 EE F9",
    "F9 03 EF 05 FF 01 F2 F9",
    "F9",
    "07 EF FE",
    "0D 0A 41 54 0D 0A",
};

/// Between openings and closings the events of each DLCI, and what it may be told.
struct Judge {
  void saw(const std::string& event) {
    if (event.starts_with("ended")) return;
    const auto space = event.find(' ');
    const auto dlci = static_cast<std::size_t>(event[space + 1] - '0');
    REQUIRE((dlci >= 1 && dlci <= 4));
    REQUIRE(open[dlci] != event.starts_with("opened"));
    if (event.starts_with("opened")) open[dlci] = true;
    if (event.starts_with("closed")) open[dlci] = false;
  }
  std::array<bool, 5> open{};
};

void check(const Bench& bench, const Judge& judge) {
  const auto& multiplexer = *bench.multiplexer;
  REQUIRE(multiplexer.sender().queued_control() <= Sender::max_control);
  for (int dlci = 1; dlci <= 4; ++dlci) {
    const auto state = multiplexer.state(dlci);
    REQUIRE(state.queued <= Sender::max_queue);
    REQUIRE(state.open == judge.open[static_cast<std::size_t>(dlci)]);
    REQUIRE((state.open || state.queued == 0));
    REQUIRE((!state.open || multiplexer.is_open(0)));
  }
}

/// Each write of the line is one whole frame of the module, with the C/R that is due.
void check_frames(const Frames& frames) {
  for (const auto& frame : frames) {
    INFO(frame);
    const auto bytes = hex(frame);
    std::string_view rest(bytes);
    Framer framer;
    const auto read = framer.next(rest);
    REQUIRE(read);
    REQUIRE(rest.empty());
    REQUIRE(read->command_response == (read->type != FrameType::uih));
    REQUIRE(read->poll_final == (read->type != FrameType::uih));
    REQUIRE((read->type == FrameType::uih || read->type == FrameType::ua ||
             read->type == FrameType::dm));
    REQUIRE(read->data.size() <= 127);
    REQUIRE(read->dlci <= Multiplexer::last_refused);
  }
}

}  // namespace

TEST_CASE("any mix of frames and noise keeps the rules") {
  const auto seed = GENERATE(1U, 2U, 3U, 4U);
  std::mt19937 random(seed);
  Bench bench;
  Judge judge;
  bench.events.also = [&](const std::string& event) {
    judge.saw(event);
    if (random() % 4 == 0)
      bench.multiplexer->write(static_cast<int>(random() % 5), std::string(random() % 300, 'w'));
  };
  for (int step = 0; step < 20'000; ++step) {
    std::string bytes = hex(pieces[random() % pieces.size()]);
    if (random() % 8 == 0) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 8 == 0) bytes += static_cast<char>(random());
    if (random() % 8 == 0) bytes.resize(random() % (bytes.size() + 1));
    const auto cut = random() % (bytes.size() + 1);
    bench.multiplexer->receive(std::string_view(bytes).substr(0, cut));
    bench.multiplexer->receive(std::string_view(bytes).substr(cut));
    const int dlci = static_cast<int>(random() % 5);
    if (random() % 8 == 0) bench.multiplexer->write(dlci, std::string(random() % 500, 'x'));
    if (random() % 16 == 0) bench.multiplexer->hold(dlci, random() % 2 == 0);
    if (random() % 16 == 0) bench.multiplexer->ring(dlci, random() % 2 == 0);
    if (random() % 16 == 0) bench.multiplexer->carrier_lost(dlci);
    bench.line.room_now = random() % 4 == 0 ? 0 : random() % 600;
    if (random() % 2 == 0) bench.multiplexer->drained();
    check_frames(bench.sent());
    check(bench, judge);
    if (!bench.multiplexer->has_ended()) continue;
    bench.multiplexer = std::make_unique<Multiplexer>(Parameters{}, 4, bench.line, bench.events);
  }
}

TEST_CASE("random bytes open nothing and are answered by nothing") {
  std::mt19937 random(7);
  Bench bench;
  for (int step = 0; step < 2'000; ++step) {
    std::string bytes(random() % 700, '\0');
    for (auto& byte : bytes) byte = random() % 16 == 0 ? '\xF9' : static_cast<char>(random());
    bench.multiplexer->receive(bytes);
    REQUIRE(bench.sent().size() <= 1);
    if (bench.multiplexer->has_ended())
      bench.multiplexer = std::make_unique<Multiplexer>(Parameters{}, 4, bench.line, bench.events);
  }
}

TEST_CASE("ten thousand times in and out leave nothing behind") {
  FakeLine line;
  FakeEvents events;
  const auto all = hex({"F9 03 3F 01 1C F9", "F9 07 3F 01 DE F9", "F9 07 EF 07 41 54 0D D3 F9",
                        "F9 0B 3F 01 59 F9", "F9 07 53 01 3F F9", "F9 03 EF 05 C3 01 F2 F9"});
  for (int round = 0; round < 10'000; ++round) {
    Multiplexer multiplexer({}, 4, line, events);
    multiplexer.receive(all);
    REQUIRE(multiplexer.has_ended());
    REQUIRE(line.frames.size() == 7);
    REQUIRE(events.said.size() == 6);
    line.frames.clear();
    events.said.clear();
  }
}

TEST_CASE("ten thousand openings of one DLCI count, and start afresh") {
  Bench bench;
  bench.open(0);
  for (int round = 0; round < 10'000; ++round) {
    bench.multiplexer->receive(hex("F9 07 3F 01 DE F9"));
    bench.multiplexer->write(1, "\r\nRDY\r\n");
    bench.multiplexer->receive(hex("F9 07 53 01 3F F9"));
    REQUIRE(bench.sent().size() == 4);
  }
  CHECK(bench.multiplexer->state(1).opened == 10'000);
  CHECK(bench.multiplexer->state(1).out.frames == 10'000);
  CHECK(bench.multiplexer->state(1).queued == 0);
}
