// Terminals on DLCIs: each a full channel, its lines told by MSC (MUX-25, MUX-26, MUX-34).
#include "at_engine/mux/dlci_port.hpp"

#include "at_engine/online.hpp"
#include "at_engine/registry.hpp"
#include "at_engine/terminal.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"

#include <array>
#include <memory>
#include <optional>

#include <catch2/catch.hpp>

using namespace mux_bench;
using namespace std::chrono_literals;

namespace {

struct NoLog : at::Log {
  void write(at::Severity, const std::string&) override {}
};

struct Far : at::Online {
  void connected(at::OnlineChannel& at) override { channel = &at; }
  void receive(std::string_view bytes) override { heard += bytes; }
  void drained() override { ++drains; }
  void hung_up() override { gone = true; }

  at::OnlineChannel* channel = nullptr;
  std::string heard;
  int drains = 0;
  bool gone = false;
};

struct Dial {
  at::Outcome dial() { return at::Outcome::online(far = std::make_shared<Far>()); }
  at::Outcome hang_up() { return at::Outcome::hang_up(); }
  std::shared_ptr<Far> far;
};

constexpr std::array<at::Command<Dial>, 2> commands{{
    {.name = "+DIAL", .exec = &Dial::dial, .section = "1", .summary = "dials"},
    {.name = "H", .exec = &Dial::hang_up, .section = "1", .summary = "hangs up"},
}};

/// A modem of two DLCIs: what the wiring has to do, and no more.
struct Modem : Events {
  struct Unit {
    explicit Unit(Modem& modem, int dlci)
        : port(dlci), terminal(modem.timeline, port, modem.log, modem.registry, at::Asker{dlci}) {
      terminal.bind(dial);
      port.serve(terminal);
      port.attach(modem.multiplexer);
      terminal.channel().echo = false;
      terminal.update_lines();
    }
    DlciPort port;
    at::Terminal terminal;
    Dial dial;
  };

  Modem() {
    registry.add(commands);
    units[0] = std::make_unique<Unit>(*this, 1);
    units[1] = std::make_unique<Unit>(*this, 2);
  }

  void opened(int) override {}
  void closed(int dlci, Closing) override { unit(dlci).terminal.dtr(false); }
  void received(int dlci, std::string_view bytes) override { unit(dlci).terminal.receive(bytes); }
  void drained(int dlci) override { unit(dlci).terminal.drained(); }
  void host_signals(int dlci, const Signals& before, const Signals& now) override {
    if (before.ready != now.ready) unit(dlci).terminal.dtr(now.ready);
  }
  void ended(Ending, std::string_view) override {}

  Unit& unit(int dlci) { return *units[static_cast<std::size_t>(dlci) - 1]; }
  Frames host(std::string_view frames) {
    multiplexer.receive(hex(frames));
    return std::exchange(line.frames, {});
  }
  Frames dial() {
    multiplexer.receive(hex({"F9 03 3F 01 1C F9", "F9 07 3F 01 DE F9", "F9 0B 3F 01 59 F9"}));
    line.frames.clear();
    unit(1).terminal.receive("AT+DIAL\r");
    return sent();
  }
  Frames sent() { return std::exchange(line.frames, {}); }

  at::Timeline timeline;
  NoLog log;
  at::Registry registry;
  FakeLine line;
  Multiplexer multiplexer{{}, 4, line, *this};
  std::array<std::unique_ptr<Unit>, 2> units;
};

constexpr auto ok = "F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9";
constexpr auto no_carrier = "F9 05 EF 1D 0D 0A 4E 4F 20 43 41 52 52 49 45 52 0D 0A 43 F9";
constexpr auto dv_clear = "F9 01 EF 09 E3 05 07 0D 9A F9";
constexpr auto usual = "F9 01 EF 09 E3 05 07 8D 9A F9";

}  // namespace

TEST_CASE("a terminal answers on its DLCI, half a line a frame if need be [MUX-34] [MUX-37]") {
  Modem modem;
  modem.host("F9 03 3F 01 1C F9");
  modem.host("F9 07 3F 01 DE F9");
  modem.host("F9 0B 3F 01 59 F9");
  CHECK(modem.host("F9 07 EF 07 41 54 0D D3 F9") == Frames{ok});
  CHECK(modem.host("F9 0B EF 07 41 54 0D 54 F9") == Frames{"F9 09 EF 0D 0D 0A 4F 4B 0D 0A D8 F9"});
  CHECK(modem.host("F9 07 EF 05 41 54 30 F9").empty());
  modem.unit(2).terminal.channel().echo = true;
  CHECK(modem.host("F9 0B EF 07 41 54 0D 54 F9").size() == 1);
  CHECK(modem.host("F9 07 EF 03 0D D4 F9") == Frames{ok});
}

TEST_CASE("&C moves no DV, a lost carrier clears it until NO CARRIER has gone [MUX-26] [T-5]") {
  Modem modem;
  CHECK(modem.dial() == Frames{"F9 05 EF 17 0D 0A 43 4F 4E 4E 45 43 54 0D 0A AE F9"});
  auto& unit = modem.unit(1);
  SECTION("lost") {
    unit.dial.far->channel->carrier_lost();
    CHECK(modem.sent() == Frames{dv_clear, no_carrier, usual});
  }
  SECTION("lost with &C0: DV stays") {
    unit.terminal.channel().dcd = 0;
    unit.dial.far->channel->carrier_lost();
    CHECK(modem.sent() == Frames{no_carrier});
  }
  SECTION("lost while the line is slow") {
    modem.line.room_now = 0;
    unit.dial.far->channel->transmit(std::string(300, 'x'));
    unit.dial.far->channel->carrier_lost();
    modem.line.room_now = FakeLine::unlimited;
    modem.multiplexer.drained();
    const auto frames = modem.sent();
    REQUIRE(frames.size() == 5);
    CHECK(frames.front() == dv_clear);
    CHECK(frames.back() == usual);
  }
  SECTION("switching &C in command state") {
    unit.dial.far->channel->carrier_lost();
    modem.sent();
    for (const int way : {0, 1, 0, 1}) {
      unit.terminal.channel().dcd = way;
      unit.terminal.update_lines();
    }
    CHECK(modem.sent().empty());
  }
  SECTION("hung up by DTR: no loss") {
    CHECK(modem.host("F9 03 EF 09 E3 05 07 89 FB F9") ==
          Frames{"F9 01 EF 09 E1 05 07 89 9A F9", no_carrier});
    CHECK(unit.dial.far->gone);
  }
}

TEST_CASE("a DLCI whose tty is closed loses its call, and says nothing [MUX-23]") {
  Modem modem;
  modem.dial();
  CHECK(modem.host("F9 07 53 01 3F F9") == Frames{"F9 07 73 01 15 F9"});
  CHECK(modem.unit(1).dial.far->gone);
  CHECK_FALSE(modem.unit(1).terminal.is_online());
}

TEST_CASE("the escape sequence works on a DLCI, in one frame or three [MUX-38] [T-21]") {
  Modem modem;
  modem.dial();
  modem.timeline.run_until(modem.timeline.now() + 2s);
  SECTION("one") { CHECK(modem.host("F9 07 EF 07 2B 2B 2B D3 F9").empty()); }
  SECTION("three") {
    for (int i = 0; i < 3; ++i) CHECK(modem.host("F9 07 EF 03 2B D4 F9").empty());
  }
  modem.timeline.run_until(modem.timeline.now() + 1s);
  CHECK(modem.sent() == Frames{ok});
  CHECK(modem.unit(1).dial.far->heard.empty());
}

TEST_CASE("the ring indicator is IC, holding is FC, of its DLCI alone [MUX-25]") {
  Modem modem;
  modem.dial();
  modem.unit(2).terminal.ring(true);
  CHECK(modem.sent() == Frames{"F9 01 EF 09 E3 05 0B CD 9A F9"});
  modem.unit(2).terminal.ring(false);
  CHECK(modem.sent() == Frames{"F9 01 EF 09 E3 05 0B 8D 9A F9"});
  modem.unit(1).dial.far->channel->hold(true);
  CHECK(modem.sent() == Frames{"F9 01 EF 09 E3 05 07 87 9A F9"});
  modem.unit(1).dial.far->channel->hold(false);
  CHECK(modem.sent() == Frames{usual});
}

TEST_CASE("who is online sees the room of its DLCI, and is told of it [MUX-28]") {
  Modem modem;
  modem.dial();
  auto& far = *modem.unit(1).dial.far;
  modem.line.room_now = 0;
  CHECK(far.channel->room() == Sender::share);
  far.channel->transmit(std::string(far.channel->room(), 'x'));
  CHECK(far.channel->room() == 0);
  modem.unit(2).terminal.receive("AT\r");
  modem.line.room_now = Line::share;
  modem.multiplexer.drained();
  CHECK(far.drains == 0);
  const auto frames = modem.sent();
  REQUIRE(frames.size() >= 2);
  CHECK((frames[0] + frames[1]).find("F9 09 EF 0D 0D 0A 4F 4B 0D 0A D8 F9") != std::string::npos);
  modem.line.room_now = FakeLine::unlimited;
  modem.multiplexer.drained();
  CHECK(far.drains == 1);
  CHECK(far.channel->room() == Sender::share);
}

TEST_CASE("a port without a multiplexer loses its bytes") {
  Modem modem;
  modem.dial();
  modem.unit(1).port.detach();
  modem.unit(1).port.write("x");
  modem.unit(1).port.hold(true);
  modem.unit(1).port.set_lines({.dcd = false, .ri = true});
  CHECK(modem.unit(1).port.room() > Sender::share);
  CHECK(modem.sent().empty());
  modem.unit(1).port.attach(modem.multiplexer);
  CHECK(modem.sent() == Frames{"F9 01 EF 09 E3 05 07 CD 9A F9"});
}

TEST_CASE("a port that no terminal is at has no carrier to lose [MUX-26]") {
  Modem modem;
  modem.host("F9 03 3F 01 1C F9");
  modem.host("F9 0F 3F 01 9B F9");
  DlciPort port(3);
  port.attach(modem.multiplexer);
  port.set_lines({.dcd = true, .ri = false});
  port.set_lines({.dcd = false, .ri = false});
  CHECK(modem.sent().empty());
  port.write("0");
  CHECK(modem.sent().size() == 1);
  port.detach();
}
