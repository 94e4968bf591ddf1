// Frames out, byte by byte, and frames in, however the line mangles them.
#include "at_engine/mux/frame.hpp"

#include "at_engine/mux/fcs.hpp"
#include "tests/unit/at_engine/mux/bench.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace mux_bench;

namespace {

/// A frame that a Framer gave, with data of its own.
struct Taken {
  explicit Taken(const Frame& frame)
      : dlci(frame.dlci),
        type(frame.type),
        flags(frame.command_response, frame.poll_final),
        data(frame.data) {}
  Taken(int on, FrameType kind, bool command, bool poll, std::string text)
      : dlci(on), type(kind), flags(command, poll), data(std::move(text)) {}

  bool operator==(const Taken&) const = default;

  int dlci;
  FrameType type;
  std::pair<bool, bool> flags;  // C/R, P/F
  std::string data;
};

void take_from(Framer& framer, std::string_view bytes, std::vector<Taken>& taken) {
  while (const auto frame = framer.next(bytes)) taken.emplace_back(*frame);
  REQUIRE(bytes.empty());
}

std::vector<Taken> frames_in(std::string_view bytes) {
  Framer framer;
  std::vector<Taken> taken;
  take_from(framer, bytes, taken);
  return taken;
}

struct Kind {
  std::string_view hex;
  Taken frame;
};

const Taken sabm_1{1, FrameType::sabm, true, true, ""};
const Taken at_1{1, FrameType::uih, true, false, "AT\r"};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"F9 03 3F 01 1C F9", {0, FrameType::sabm, true, true, ""}},
      {"F9 03 2F 01 09 F9", {0, FrameType::sabm, true, false, ""}},
      {"F9 07 3F 01 DE F9", sabm_1},
      {"F9 0B 53 01 B8 F9", {2, FrameType::disc, true, true, ""}},
      {"F9 13 73 01 5D F9", {4, FrameType::ua, true, true, ""}},
      {"F9 07 1F 01 F4 F9", {1, FrameType::dm, true, true, ""}},
      {"F9 07 EF 07 41 54 0D D3 F9", at_1},
      {"F9 05 EF 07 41 54 0D B2 F9", {1, FrameType::uih, false, false, "AT\r"}},
      {"F9 07 FF 07 41 54 0D C6 F9", {1, FrameType::uih, true, true, "AT\r"}},
      {"F9 07 EF 06 00 41 54 0D A3 F9", at_1},
      {"F9 07 03 07 41 54 0D 44 F9", {1, FrameType::ui, true, false, "AT\r"}},
      {"F9 07 EF 01 37 F9", {1, FrameType::uih, true, false, ""}},
      {"F9 05 EF 05 F9 F9 51 F9", {1, FrameType::uih, false, false, "\xF9\xF9"}},
      {"F9 07 EF 0D F9 07 3F 01 DE F9 3E F9",
       {1, FrameType::uih, true, false, "\xF9\x07\x3F\x01\xDE\xF9"}},
      {"F9 03 EF 05 C3 01 F2 F9", {0, FrameType::uih, true, false, "\xC3\x01"}},
      {"F9 03 EF 03 C3 16 F9", {0, FrameType::uih, true, false, "\xC3"}},
  };
  return all;
}

/// `bytes` of data for a host's frame of DLCI 1 without C/R, whose check byte is a flag too.
std::string long_frame(const std::string& data) {
  return hex("F9 05 EF 90 01") + data + hex("F9 F9");
}

}  // namespace

TEST_CASE("the check byte covers header and data as the frame's type says [MUX-12]") {
  CHECK(fcs(hex("03 3F 01")) == 0x1C);
  CHECK(fcs(hex("07 EF 07")) == 0xD3);
  CHECK(encode({.dlci = 1, .command_response = true, .data = "AT\r"}) ==
        hex("F9 07 EF 07 41 54 0D D3 F9"));
  CHECK(encode({.dlci = 1, .command_response = true, .type = FrameType::ui, .data = "AT\r"}) ==
        hex("F9 07 03 07 41 54 0D 44 F9"));
}

TEST_CASE("a frame is sent with its own two flags and the shortest length [MUX-12] [MUX-19]") {
  for (const std::size_t size : {0U, 1U, 126U, 127U}) {
    const auto frame = encode({.dlci = 1, .data = std::string(size, 'x')});
    REQUIRE(frame.size() == size + 6);
    CHECK(frame.substr(0, 3) == hex("F9 05 EF"));
    CHECK(static_cast<unsigned char>(frame[3]) == size * 2 + 1);
    CHECK(frame.back() == '\xF9');
  }
  const std::string data(200, 'x');
  CHECK(encode({.dlci = 1, .data = data}) == long_frame(data));
  const auto longest = encode({.dlci = 1, .data = std::string(Framer::max_data, 'x')});
  CHECK(longest.substr(0, 5) == hex("F9 05 EF FE FF"));
  CHECK(longest.size() == Framer::max_data + 7);
}

TEST_CASE("every control field is told apart, P/F aside [MUX-13] [MUX-16] [MUX-22]") {
  for (const auto& kind : kinds()) {
    INFO(kind.hex);
    CHECK(frames_in(hex(kind.hex)) == std::vector{kind.frame});
  }
}

TEST_CASE("a control field of no type is no frame's, though its check is right [MUX-13]") {
  for (const char control : {'\x01', '\x05', '\x87', '\xFB'}) {
    const auto header = std::string{'\x07', control, '\x01'};
    const auto none = '\xF9' + header + static_cast<char>(fcs(header)) + '\xF9';
    INFO(static_cast<int>(control));
    CHECK(frames_in(none).empty());
    CHECK(frames_in(none + hex("07 3F 01 DE F9")) == std::vector{sabm_1});
  }
}

TEST_CASE("frames are the same wherever they are cut [MUX-18] [T-29]") {
  std::string all = "junk";
  std::vector<Taken> wanted;
  for (const auto& kind : kinds()) {
    all += hex(kind.hex);
    wanted.push_back(kind.frame);
  }
  const auto data = std::string(100, '\xF9') + std::string(100, '\x07');
  all += long_frame(data);
  wanted.emplace_back(1, FrameType::uih, false, false, data);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    Framer framer;
    std::vector<Taken> taken;
    take_from(framer, std::string_view(all).substr(0, cut), taken);
    take_from(framer, std::string_view(all).substr(cut), taken);
    INFO(cut);
    REQUIRE(taken == wanted);
    CHECK(framer.counters().frames == wanted.size());
    CHECK(framer.counters().lost_syncs == 1);
  }
  Framer framer;
  std::vector<Taken> taken;
  for (const char byte : all) take_from(framer, {&byte, 1}, taken);
  CHECK(taken == wanted);
}

TEST_CASE("every pair of frames is taken, whatever stands between [MUX-18] [MUX-20] [T-3]") {
  constexpr std::array between{"own", "shared", "doubled", "four", "no opening", "noise", "AT"};
  const auto way = GENERATE_COPY(from_range(between));
  for (const auto& first : kinds())
    for (const auto& second : kinds()) {
      INFO(way << ": " << first.hex << " | " << second.hex);
      const std::string_view name(way);
      const auto head = hex(first.hex);
      const auto tail = hex(second.hex);
      std::string bytes = head;
      if (name == "shared") bytes.pop_back();
      if (name == "doubled") bytes += '\xF9';
      if (name == "four") bytes += "\xF9\xF9\xF9\xF9";
      if (name == "noise") bytes.append("\0\xFF\x7E\x7D", 4);
      if (name == "AT") bytes += "\r\nAT\r\n";
      bytes += name == "no opening" ? tail.substr(1) : tail;
      REQUIRE(frames_in(bytes) == std::vector{first.frame, second.frame});
      Framer framer;
      std::vector<Taken> taken;
      for (const char byte : bytes) take_from(framer, {&byte, 1}, taken);
      REQUIRE(taken == std::vector{first.frame, second.frame});
    }
}

TEST_CASE("a first frame may have lost its opening flag [MUX-18]") {
  CHECK(frames_in(hex("07 3F 01 DE F9")) == std::vector{sabm_1});
}

TEST_CASE("a frame with any one byte wrong is dropped, and the next is taken [MUX-17]") {
  for (const auto& kind : kinds()) {
    const auto good = hex(kind.hex);
    const bool holds_another = kind.frame.data.size() > 3;
    for (const std::size_t at : {std::size_t{1}, std::size_t{2}, good.size() - 2}) {
      if (at == 2 && holds_another) continue;  // it is no frame then, and what it holds is one
      for (const char bit : {'\x04', '\x40'}) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ bit);
        INFO(support::shown(bad));
        CHECK(frames_in(bad + good) == std::vector{kind.frame});
        CHECK(frames_in(bad + good.substr(1)) == std::vector{kind.frame});
      }
    }
  }
}

TEST_CASE("a frame with a wrong check byte is dropped whole, flags inside or not [MUX-17] [T-11]") {
  const auto bad = hex("F9 07 EF 0D F9 07 3F 01 DE F9 3F F9");
  CHECK(frames_in(bad).empty());
  CHECK(frames_in(bad + hex("F9 07 EF 07 41 54 0D D3 F9")) == std::vector{at_1});
  Framer framer;
  std::vector<Taken> taken;
  take_from(framer, bad, taken);
  CHECK(framer.counters().wrong_checks == 1);
  CHECK(framer.counters().lost_syncs == 0);
  CHECK(framer.unread().empty());
}

TEST_CASE("a frame without its closing flag is dropped, and what stood in it is not [MUX-17]") {
  const auto sabm = hex("F9 07 3F 01 DE F9");
  CHECK(frames_in(hex("F9 07 EF 07 41 54 0D D3 00")).empty());
  CHECK(frames_in(hex("F9 07 EF 07 41 54 0D D3 00") + sabm) == std::vector{sabm_1});
  // A torn length may ask for as much as there can be.
  std::string many;
  while (many.size() < Framer::max_kept) many += sabm;
  const auto good = hex("F9 07 EF 13 41 54 2B 43 46 55 4E 3D 30 0D C8 F9");
  for (std::size_t lost = 1; lost < good.size() - 1; ++lost)
    for (std::size_t count = 1; lost + count < good.size(); ++count) {
      auto shorter = good;
      shorter.erase(lost, count);
      INFO(support::shown(shorter));
      const auto taken = frames_in(shorter + many);
      REQUIRE_FALSE(taken.empty());
      CHECK(taken.back() == sabm_1);
    }
}

TEST_CASE("a lost length byte costs no later frame that has come [T-10]") {
  const auto broken = hex("F9 07 EF 0D 0A 4F 4B 0D 0A 3E F9");
  const auto sabm = hex("F9 07 3F 01 DE F9");
  CHECK(frames_in(broken + sabm) == std::vector{sabm_1});
}

TEST_CASE(
    "only frames that carry data have a length, so that noise does not take in what follows") {
  CHECK(frames_in(hex("F9 2B 43 46 55 4E 3D 30 0D C8 F9 07 3F 01 DE F9")) == std::vector{sabm_1});
  CHECK(frames_in(hex("F9 07 3F 05 41 42 F9 07 3F 01 DE F9")) == std::vector{sabm_1});
  CHECK(frames_in(hex("F9 07 3F 00 02 F9 07 3F 01 DE F9")) == std::vector{sabm_1});
}

TEST_CASE("data of any length are taken, and no more is kept than one frame [MUX-4] [MUX-18]") {
  const auto size =
      GENERATE(std::size_t{128}, std::size_t{1509}, std::size_t{8192}, Framer::max_data);
  const std::string data(size, '\xF9');
  const auto bytes = encode({.dlci = 2, .command_response = true, .data = data});
  Framer framer;
  std::vector<Taken> taken;
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    take_from(framer, std::string_view(bytes).substr(at, 7), taken);
    REQUIRE(framer.kept() <= Framer::max_kept);
  }
  REQUIRE(taken.size() == 1);
  CHECK(taken.front().data == data);
}

TEST_CASE("frames in pieces, torn or whole, do not add up to more than is kept of one") {
  const auto piece = GENERATE(hex("F9 07 EF 07 41 54 0D D3 F9"), hex("F9 05 EF FE FF 61 62 63"),
                              hex("F9 05 EF 90 01 61"));
  Framer framer;
  std::vector<Taken> taken;
  for (std::size_t round = 0; round < 5 * Framer::max_data / piece.size(); ++round)
    for (const char byte : piece) {
      take_from(framer, {&byte, 1}, taken);
      if (framer.kept() > Framer::max_kept) FAIL(framer.kept());
    }
}

TEST_CASE("what has come behind a frame can be had back, kept or not [MUX-39]") {
  Framer framer;
  auto bytes = hex("F9 07 3F 01 DE F9 41 54 0D");
  std::string_view whole(bytes);
  REQUIRE(framer.next(whole));
  CHECK(framer.unread().empty());
  CHECK(whole == "AT\r");

  // The first frame promises more than it has; what it has swallowed is found in what was kept.
  Framer broken;
  bytes = hex("F9 07 EF 1F F9 07 3F 01 DE F9 41 54");
  std::string_view begin(bytes);
  CHECK_FALSE(broken.next(begin));
  std::string_view end("\r\nAT\r\nAT\r\nAT\r\n");
  REQUIRE(broken.next(end));
  CHECK(std::string(broken.unread()).append(end) == "AT\r\nAT\r\nAT\r\nAT\r\n");
}

TEST_CASE("a frame that has begun can be forgotten [MUX-45]") {
  Framer framer;
  std::vector<Taken> taken;
  take_from(framer, hex("F9 07 EF FE 41 54"), taken);
  framer.forget();
  take_from(framer, hex("F9 07 3F 01 DE F9"), taken);
  CHECK(taken == std::vector{sabm_1});
}
