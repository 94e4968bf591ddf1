// Who may send, and how much: turns between DLCIs, the host's flow control, a line that is slow.
#include "at_engine/mux/multiplexer.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"

#include <catch2/catch.hpp>

using namespace mux_bench;

namespace {

constexpr auto stop_1 = "F9 03 EF 09 E3 05 07 8F FB F9";
constexpr auto go_1 = "F9 03 EF 09 E3 05 07 8D FB F9";
constexpr auto unready_1 = "F9 03 EF 09 E3 05 07 85 FB F9";  // RTR is clear
constexpr auto ok_on_2 = "F9 09 EF 0D 0D 0A 4F 4B 0D 0A D8 F9";
constexpr std::size_t frame_size = 127 + 6;

/// The DLCIs whose frames these are, in order.
std::string order_of(const Frames& frames) {
  std::string dlcis;
  for (const auto& frame : frames)
    dlcis += std::to_string(std::stoi(frame.substr(3, 2), nullptr, 16) / 4);
  return dlcis;
}

/// Lets the line take up to `bytes` of what waits.
Frames let(Bench& bench, std::size_t bytes) {
  bench.line.room_now = bytes;
  bench.multiplexer->drained();
  return bench.sent();
}

}  // namespace

TEST_CASE("DLCIs send a frame each in turn, control first [T-23]") {
  Bench bench;
  bench.open(4);
  bench.line.room_now = 0;
  bench.write(1, std::string(4 * 127, 'a'));
  bench.write(2, std::string(2 * 127, 'b'));
  bench.write(4, std::string(3 * 127, 'd'));
  bench.host("F9 03 EF 0B 23 07 61 62 63 18 F9");
  CHECK(order_of(let(bench, FakeLine::unlimited)) == "0124124141");
}

TEST_CASE("an answer waits for no more of another's bulk than the line has taken [T-23]") {
  Bench bench;
  bench.open(2);
  bench.line.room_now = 0;
  bench.write(1, std::string(4096, 'p'));
  CHECK(let(bench, Line::share).size() == 2);
  CHECK(bench.write(2, "\r\nOK\r\n").empty());
  const auto next = let(bench, Line::share);
  REQUIRE(next.size() >= 2);
  CHECK((next[0] == ok_on_2 || next[1] == ok_on_2));
  CHECK(bench.multiplexer->state(2).queued == 0);
}

TEST_CASE("with two in bulk neither is ahead by more than a frame [T-23]") {
  Bench bench;
  bench.open(3);
  bench.line.room_now = 0;
  for (int dlci = 1; dlci <= 3; ++dlci) bench.write(dlci, std::string(127 * 20, 'p'));
  for (int step = 0; step < 30; ++step) {
    let(bench, frame_size);
    const auto& multiplexer = *bench.multiplexer;
    const auto frames = {multiplexer.state(1).out.frames, multiplexer.state(2).out.frames,
                         multiplexer.state(3).out.frames};
    CHECK(std::max(frames) - std::min(frames) <= 1);
  }
}

TEST_CASE("the host stops one DLCI by FC or RTR, and only that [MUX-28]") {
  const auto stop = GENERATE(stop_1, unready_1);
  Bench bench;
  bench.open(2);
  CHECK(bench.host(stop).size() == 1);  // its answer
  CHECK(bench.events_told().size() == 1);
  CHECK(bench.multiplexer->state(1).stopped);
  CHECK(bench.write(1, "x").empty());
  CHECK(bench.write(2, "\r\nOK\r\n") == Frames{ok_on_2});
  bench.host("F9 07 EF 07 41 54 0D D3 F9");
  CHECK(bench.events_told() == Told{"received 1 AT\r"});
  CHECK(bench.host(go_1) == Frames{"F9 01 EF 09 E1 05 07 8D 9A F9", "F9 05 EF 03 78 B5 F9"});
  CHECK_FALSE(bench.multiplexer->state(1).stopped);
  CHECK(bench.host(go_1).size() == 1);
  CHECK(bench.events_told().size() == 1);
}

TEST_CASE("the host's DTR is its RTC, told when it changes [MUX-28] [SLP-1]") {
  Bench bench;
  bench.open(1);
  CHECK(bench.multiplexer->host_is_ready());
  bench.host("F9 03 EF 09 E3 05 07 89 FB F9");
  bench.host("F9 03 EF 09 E3 05 07 89 FB F9");
  CHECK(bench.events_told() == Told{"signals 1 8D 89"});
  CHECK_FALSE(bench.multiplexer->state(1).stopped);
  CHECK_FALSE(bench.multiplexer->host_is_ready());
  bench.host("F9 03 EF 0B E3 07 07 0C 01 18 F9");  // with a break, and no EA
  CHECK(bench.events_told() == Told{"signals 1 89 0D"});
  CHECK(bench.multiplexer->host_is_ready());
}

TEST_CASE("FCoff stops all but the control channel until FCon [MUX-29]") {
  Bench bench;
  bench.open(2);
  CHECK(bench.host("F9 03 EF 05 63 01 F2 F9") == Frames{"F9 01 EF 05 61 01 93 F9"});
  CHECK(bench.write(1, "x").empty());
  CHECK(bench.write(2, "x").empty());
  CHECK(bench.multiplexer->state(1).stopped);
  CHECK(bench.host("F9 03 EF 0B 23 07 61 62 63 18 F9").size() == 1);
  CHECK(bench.host("F9 0F 3F 01 9B F9").size() == 2);
  bench.host(stop_1);
  bench.sent();
  CHECK(bench.host("F9 03 EF 05 A3 01 F2 F9") ==
        Frames{"F9 01 EF 05 A1 01 93 F9", "F9 09 EF 03 78 32 F9"});
  CHECK(bench.host(go_1).size() == 2);
}

TEST_CASE("the module asks the host to wait by MSC, on change only [MUX-25]") {
  Bench bench;
  bench.open(1);
  bench.multiplexer->hold(1, false);
  CHECK(bench.sent().empty());
  bench.multiplexer->hold(1, true);
  bench.multiplexer->hold(1, true);
  CHECK(bench.sent() == Frames{"F9 01 EF 09 E3 05 07 87 9A F9"});
  CHECK(bench.multiplexer->state(1).holds_host);
  bench.multiplexer->hold(1, false);
  CHECK(bench.sent() == Frames{"F9 01 EF 09 E3 05 07 8D 9A F9"});
  bench.multiplexer->hold(2, true);
  CHECK(bench.sent().empty());
  bench.multiplexer->ring(1, true);
  bench.multiplexer->ring(1, true);
  CHECK(bench.sent() == Frames{"F9 01 EF 09 E3 05 07 CD 9A F9"});
  bench.multiplexer->ring(1, false);
  CHECK(bench.sent() == Frames{"F9 01 EF 09 E3 05 07 8D 9A F9"});
}

TEST_CASE("DV falls at a loss of the carrier until the word of it has gone [MUX-26]") {
  Bench bench;
  bench.open(1);
  bench.host(stop_1);
  bench.write(1, "x");
  bench.sent();
  bench.multiplexer->carrier_lost(1);
  CHECK(bench.sent() == Frames{"F9 01 EF 09 E3 05 07 0D 9A F9"});
  CHECK(bench.write(1, "0").empty());
  CHECK(bench.host(go_1) == Frames{"F9 01 EF 09 E1 05 07 8D 9A F9", "F9 05 EF 05 78 30 51 F9",
                                   "F9 01 EF 09 E3 05 07 8D 9A F9"});
  CHECK(bench.write(1, "x").size() == 1);
}

TEST_CASE("a DLCI opens with fresh signals, whatever it had before") {
  Bench bench;
  bench.open(1);
  bench.multiplexer->hold(1, true);
  bench.multiplexer->carrier_lost(1);
  bench.host(stop_1);
  bench.write(1, "never sent");
  bench.host("F9 07 53 01 3F F9");
  CHECK(bench.multiplexer->state(1).queued == 0);
  bench.sent();
  CHECK(bench.host("F9 07 3F 01 DE F9").back() == "F9 01 EF 09 E3 05 07 8D 9A F9");
  CHECK(bench.write(1, "x") == Frames{"F9 05 EF 03 78 B5 F9"});
}

TEST_CASE("a writer sees the room of its DLCI, and is told when all has gone") {
  Bench bench;
  bench.open(2);
  CHECK(bench.multiplexer->room(1) == Sender::share);
  bench.line.room_now = 0;
  bench.write(1, std::string(100, 'x'));
  CHECK(bench.multiplexer->room(1) == Sender::share - 100);
  CHECK(bench.multiplexer->room(2) == Sender::share);
  bench.write(1, std::string(Sender::share, 'x'));
  CHECK(bench.multiplexer->room(1) == 0);
  CHECK(let(bench, frame_size).size() == 1);
  CHECK(bench.events_told().empty());
  let(bench, FakeLine::unlimited);
  CHECK(bench.events_told() == Told{"drained 1"});
  let(bench, FakeLine::unlimited);
  CHECK(bench.events_told().empty());
}

TEST_CASE("who stopped a full DLCI lets its writer go on [MUX-28]") {
  Bench bench;
  bench.open(1);
  bench.host(stop_1);
  bench.write(1, std::string(Sender::share, 'x'));
  bench.events_told();
  bench.events.also = [&](const std::string& event) {
    if (event == "drained 1") bench.multiplexer->write(1, "more");
  };
  bench.host(go_1);
  CHECK(bench.events_told() == Told{"signals 1 8F 8D", "drained 1"});
  CHECK(bench.multiplexer->state(1).queued == 0);
  CHECK(bench.multiplexer->state(1).out.bytes == Sender::share + 4);
}

TEST_CASE("what waits is bounded, and what is too much is dropped whole and counted") {
  Bench bench;
  bench.open(1);
  bench.line.room_now = 0;
  const std::string mebibyte(std::size_t{1} << 20U, 'x');
  for (int i = 0; i < 6; ++i) bench.write(1, mebibyte);
  CHECK(bench.multiplexer->state(1).queued == Sender::max_queue);
  CHECK(bench.multiplexer->state(1).out.dropped == 2 * mebibyte.size());
  bench.write(1, "x");
  CHECK(bench.multiplexer->state(1).out.dropped == 2 * mebibyte.size() + 1);
  let(bench, FakeLine::unlimited);
  CHECK(bench.multiplexer->state(1).out.bytes == Sender::max_queue);
  CHECK(bench.write(1, "x").size() == 1);
}

TEST_CASE("answers to a host that does not read are bounded too") {
  Bench bench;
  bench.open(1);
  bench.line.room_now = 0;
  for (int i = 0; i < 10'000; ++i) bench.host("F9 03 EF 0B 23 07 61 62 63 18 F9");
  CHECK(bench.multiplexer->sender().queued_control() <= Sender::max_control);
  CHECK(bench.multiplexer->sender().dropped_control() > 9'000);
  CHECK(let(bench, FakeLine::unlimited).size() ==
        10'000 - bench.multiplexer->sender().dropped_control());
}

TEST_CASE("bytes arrive in order however slow the line is") {
  Bench bench;
  bench.open(1);
  std::string wrote;
  for (int i = 0; i < 500; ++i) {
    const std::string piece(static_cast<std::size_t>(i % 97), static_cast<char>('a' + i % 26));
    bench.line.room_now = static_cast<std::size_t>(i % 3) * 40;
    bench.multiplexer->write(1, piece);
    bench.multiplexer->drained();
    wrote += piece;
  }
  bench.line.room_now = FakeLine::unlimited;
  bench.multiplexer->drained();
  std::string arrived;
  for (const auto& frame : bench.sent()) {
    const auto bytes = hex(frame);
    arrived += bytes.substr(4, bytes.size() - 6);
  }
  CHECK(arrived == wrote);
}
