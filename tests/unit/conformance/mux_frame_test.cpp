// Frames of the multiplexer as the suite sends and hears them, against bytes written by hand, and
// what a port sets aside in them.
#include "conformance/run/mux_frame.hpp"

#include "conformance/run/unit.hpp"
#include "tests/support/hex.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <stdlib.h>

using namespace conformance;
using namespace std::chrono_literals;
using support::hex;
using Kind = mux::Heard::Kind;

namespace {

/// A port whose far side is ours.
struct Line {
  Line() : far(::posix_openpt(O_RDWR | O_NOCTTY)) {
    REQUIRE(::grantpt(far) == 0);
    REQUIRE(::unlockpt(far) == 0);
    unit.emplace(loop, DevicePort{::ptsname(far)});
    unit->aside = {"+CREG:"};
    unit->on_aside = [this](std::string_view line) { aside.emplace_back(line); };
  }
  ~Line() { ::close(far); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// What is left to a case of what the unit says.
  std::string left_of(const std::string& bytes) {
    REQUIRE(::write(far, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    loop.wait(1s, [&] { return !unit->unread().empty() || !aside.empty(); });
    loop.sleep_until(Clock::now() + 20ms);
    const std::string left = unit->unread();
    unit->take_all();
    return left;
  }

  int far;
  Loop loop;
  std::optional<Unit> unit;
  std::vector<std::string> aside;
};

}  // namespace

TEST_CASE("frames of the host") {
  CHECK(mux::frame(0, mux::sabm) == hex("F9 03 3F 01 1C F9"));
  CHECK(mux::frame(4, mux::sabm) == hex("F9 13 3F 01 96 F9"));
  CHECK(mux::frame(1, mux::disc) == hex("F9 07 53 01 3F F9"));
  CHECK(mux::frame(1, mux::uih, "AT\r") == hex("F9 07 EF 07 41 54 0D D3 F9"));
  CHECK(mux::frame(0, mux::uih, hex("E1 05 07 8D")) == hex("F9 03 EF 09 E1 05 07 8D FB F9"));
  CHECK(mux::leave().ends_with(hex("F9 F9 03 EF 05 C3 01 F2 F9")));
  for (const std::size_t size : {127U, 128U, 200U, 1509U}) {
    CAPTURE(size);
    const auto bytes = mux::frame(1, mux::uih, std::string(size, '\xF9'));
    CHECK(bytes.size() == size + (size < 128 ? 6 : 7));
    const auto heard = mux::heard(bytes);
    CHECK(heard.kind == Kind::whole);
    CHECK(heard.data == std::string(size, '\xF9'));
  }
}

TEST_CASE("frames of the unit: whole at their last byte alone") {
  const auto bytes = hex("F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(mux::heard(bytes.substr(0, size)).kind == Kind::begun);
  const auto heard = mux::heard(bytes + bytes);
  CHECK(heard.kind == Kind::whole);
  CHECK(heard.size == bytes.size());
  CHECK(heard.is_data());
  CHECK(heard.dlci == 1);
  CHECK(heard.data == "\r\nOK\r\n");
  const auto status = mux::heard(hex("F9 01 EF 09 E3 05 0B 8D 9A F9"));
  CHECK_FALSE(status.is_data());
  CHECK(status.modem_status() == hex("0B 8D"));
  CHECK(mux::heard(hex("F9 01 EF 09 E1 05 0B 8D 9A F9")).modem_status().empty());
  CHECK_FALSE(mux::heard(hex("F9 07 EF 07 41 54 0D D3 F9")).is_data());  // C/R of the host
  CHECK(mux::heard(hex("F9 07 73 01 15 F9")).type == mux::ua);
}

TEST_CASE("what is no frame of the unit, and why") {
  CHECK(mux::heard("\r\nOK\r\n").wrong == "no flag opens a frame");
  CHECK(mux::heard(hex("F9 F9 05 EF 03 78 B5 F9")).wrong == "two flags in a row");
  CHECK(mux::heard(hex("F9 05 EF 03 78 B5 05")).wrong == "no flag closes a frame");
  CHECK(mux::heard(hex("F9 05 EF 03 78 B4 F9")).wrong == "the check of a frame is wrong");
  CHECK(mux::heard(hex("F9 05 EF 03 78 B5 F9")).kind == Kind::whole);
}

TEST_CASE("URCs and the ring indicator in frames are set aside, all else is left") {
  Line line;
  const auto creg = hex("F9 05 EF 19 0D 0A 2B 43 52 45 47 3A 20 35 0D 0A 44 F9");
  const auto ok = hex("F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9");
  const auto rings = hex("F9 01 EF 09 E3 05 07 CD 9A F9");
  const auto usual = hex("F9 01 EF 09 E3 05 07 8D 9A F9");
  CHECK(line.left_of(ok) == ok);
  CHECK(line.left_of(usual) == usual);
  CHECK(line.left_of(rings + ok) == ok);
  CHECK(line.left_of(usual + ok) == ok);
  CHECK(line.left_of(usual) == usual);
  CHECK(line.left_of(creg + ok) == ok);
  CHECK(line.aside ==
        std::vector<std::string>{"MSC: ring indicator on", "MSC: ring indicator off", "+CREG: 5"});
  const auto two =
      hex("F9 05 EF 31 0D 0A 2B 43 52 45 47 3A 20 35 0D 0A"
          "0D 0A 2B 43 52 45 47 3A 20 31 0D 0A 72 F9");
  CHECK(line.left_of(two + ok) == ok);
  const auto urc = mux::frame(1, mux::uih, "\r\n+CREG: 5\r\n");
  CHECK(line.left_of(urc) == urc);  // the host's C/R
}
