// Framing: flags, escapes, checks and headers, on the frames that the contract quotes.
#include "data_services/ppp/hdlc.hpp"

#include "data_services/ppp/fcs16.hpp"
#include "tests/unit/data_services/ppp/hex.hpp"

#include <array>
#include <random>

#include <catch2/catch.hpp>

using namespace data_services::ppp;
using namespace ppp_test;

namespace {

using Texts = std::vector<std::string>;

/// The frames in `line`, fed in two pieces.
Texts frames_in(Deframer& deframer, std::string_view line, std::size_t cut = 0) {
  Texts frames;
  for (auto piece : {line.substr(0, cut), line.substr(cut)})
    while (const auto frame = deframer.next(piece)) frames.push_back(shown(*frame));
  return frames;
}

Texts frames_in(std::string_view line) {
  Deframer deframer;
  return frames_in(deframer, line);
}

std::string line_of(std::uint16_t protocol, std::string_view information, const Framing& framing) {
  std::string line;
  append_frame(line, protocol, hex(information), framing);
  return shown(line);
}

constexpr Framing agreed{.accm = 0};
constexpr Framing compressed{.accm = 0, .compresses_address = true, .compresses_protocol = true};

/// Whole frames of the contract, with what is in them.
struct Quoted {
  const char* line;
  const char* frame;
};
constexpr std::array quoted{
    Quoted{"7E FF 7D 23 C0 21 7D 25 7D 25 7D 20 7D 24 5C A4 7E", "FF 03 C0 21 05 05 00 04"},
    Quoted{"7E FF 7D 23 C0 21 7D 21 7D 21 7D 20 7D 24 D1 B5 7E", "FF 03 C0 21 01 01 00 04"},
    Quoted{"7E FF 7D 23 C0 21 7D 21 7D 20 7D 20 7D 39 7D 22 7D 26 7D 20 7D 20 7D 20 7D 20 7D 23 7D "
           "25 C2 23 7D 25 7D 25 7D 26 7D 31 22 33 44 7D 27 7D 22 7D 28 7D 22 AA A7 7E",
           "FF 03 C0 21 01 00 00 19 02 06 00 00 00 00 03 05 C2 23 05 05 06 11 22 33 44 07 02 08 "
           "02"},
    Quoted{"7E FF 7D 23 C0 21 7D 21 7D 21 7D 20 7D 38 7D 22 7D 26 7D 20 7D 20 7D 20 7D 20 7D 23 7D "
           "24 C0 23 7D 25 7D 26 33 9D 7D 2A 65 7D 27 7D 22 7D 28 7D 22 F2 EF 7E",
           "FF 03 C0 21 01 01 00 18 02 06 00 00 00 00 03 04 C0 23 05 06 33 9D 0A 65 07 02 08 02"},
    Quoted{"7E FF 7D 23 C0 23 7D 22 7D 21 7D 20 7D 25 7D 20 8B 3B 7E",
           "FF 03 C0 23 02 01 00 05 00"},
    Quoted{"7E FF 03 80 21 01 00 00 04 DC ED 7E", "FF 03 80 21 01 00 00 04"},
    Quoted{"7E 80 21 01 00 00 04 67 C3 7E", "80 21 01 00 00 04"},
    Quoted{"7E FF 03 80 21 01 01 00 16 03 06 00 00 00 00 81 06 00 00 00 00 83 06 00 00 00 00 6E DB "
           "7E",
           "FF 03 80 21 01 01 00 16 03 06 00 00 00 00 81 06 00 00 00 00 83 06 00 00 00 00"},
    Quoted{"7E FF 03 80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03 2C 42 "
           "7E",
           "FF 03 80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"},
    Quoted{"7E FF 03 80 21 02 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03 C5 B2 "
           "7E",
           "FF 03 80 21 02 02 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03 83 06 0A 00 02 03"},
    Quoted{"7E FF 03 C0 21 09 01 00 08 99 D1 35 C1 8E 2C 7E",
           "FF 03 C0 21 09 01 00 08 99 D1 35 C1"}};

}  // namespace

TEST_CASE("the check of every frame in the contract is right [PPP-16]") {
  for (const auto& [line, frame] : quoted) CHECK(frames_in(hex(line)) == Texts{frame});
  CHECK(fcs16(hex("FF 03 C0 21 05 05 00 04")) == (0xA45C ^ 0xFFFF));
  CHECK(fcs16(hex("FF 03 C0 21 05 05 00 04 5C A4")) == fcs16_good);
  CHECK(fcs16({}) == fcs16_start);
  CHECK(fcs16("123456789") == (0x906E ^ 0xFFFF));
}

TEST_CASE("a check can be carried on at any octet [PPP-16]") {
  const auto bytes = hex("FF 03 80 21 03 01 00 16 03 06 0A 00 02 0F 81 06 0A 00 02 03");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const auto text = std::string_view(bytes);
    CHECK((fcs16(text.substr(cut), fcs16(text.substr(0, cut))) ^ 0xFFFFU) == slow_fcs(bytes));
    CHECK((fcs16(text.substr(0, cut)) ^ 0xFFFFU) == slow_fcs(text.substr(0, cut)));
  }
}

TEST_CASE("a frame comes whole, wherever its line is cut [PPP-16]") {
  for (const auto& [line, frame] : quoted) {
    const auto bytes = hex(line);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      Deframer deframer;
      CHECK(frames_in(deframer, bytes, cut) == Texts{frame});
      CHECK(deframer.begun() == 0);
    }
  }
}

TEST_CASE("every pair of frames comes whole, with one flag between them or more [PPP-20]") {
  for (const auto& one : quoted)
    for (const auto& other : quoted) {
      const auto first = hex(one.line);
      const auto second = hex(other.line);
      const Texts both{one.frame, other.frame};
      CHECK(frames_in(first + second) == both);
      CHECK(frames_in(first + second.substr(1)) == both);
      CHECK(frames_in(first + "\x7E\x7E\x7E" + second) == both);
    }
}

TEST_CASE("the first frame may lack its flag [PPP-20]") {
  CHECK(frames_in(hex(quoted[0].line).substr(1)) == Texts{quoted[0].frame});
}

TEST_CASE("a frame with a wrong check is dropped, and the next one is heard [PPP-16] [T-20]") {
  const auto good = hex(quoted[2].line);
  for (std::size_t at = 1; at + 1 < good.size(); ++at)
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto line = good;
      line[at] = static_cast<char>(static_cast<unsigned char>(line[at]) ^ (1U << bit));
      Deframer deframer;
      const auto frames = frames_in(deframer, line + hex(quoted[0].line));
      CHECK(frames == Texts{quoted[0].frame});
    }
}

TEST_CASE("an abort drops the frame it ends [PPP-20]") {
  const auto line = hex("7E FF 03 C0 21 09 01 00 08 99 D1 35 C1 8E 2C 7D 7E");
  for (std::size_t cut = 0; cut <= line.size(); ++cut) {
    Deframer deframer;
    CHECK(frames_in(deframer, line, cut).empty());
    CHECK(deframer.counters().aborted == 1);
    CHECK(frames_in(deframer, hex(quoted[0].line)) == Texts{quoted[0].frame});
  }
}

TEST_CASE(
    "what a host escapes beyond need is taken, and what it leaves plain too [PPP-19] [T-15]") {
  // The echo of H-2's probe, all escaped that can be: an escaped octet has bit 5 turned.
  CHECK(frames_in(hex("7E FF 7D 23 C0 21 7D 29 7D 21 7D 20 7D 28 7D B9 D1 7D 15 C1 8E 2C 7E")) ==
        Texts{quoted[10].frame});
  CHECK(frames_in(hex(quoted[10].line)) == Texts{quoted[10].frame});
  // XON and XOFF are octets like others.
  const auto plain = hex("FF 03 00 21 11 13");
  const auto fcs = slow_fcs(plain);
  auto line = "\x7E" + plain;
  line += static_cast<char>(fcs & 0xFFU);
  line += static_cast<char>(fcs >> 8U);
  CHECK(frames_in(line + '\x7E') == Texts{"FF 03 00 21 11 13"});
}

TEST_CASE("a frame beyond the limit is dropped whole, one at it is not [PPP-16]") {
  // Of the limit, two are the check's.
  for (std::size_t size = Deframer::max_frame - 3; size <= Deframer::max_frame + 70; ++size) {
    const std::string packet(size, '\x7D');
    Deframer deframer;
    const auto frames = frames_in(deframer, framed(packet, "") + hex(quoted[0].line));
    const bool fits = size + 2 <= Deframer::max_frame;
    CHECK(frames.size() == (fits ? 2 : 1));
    CHECK(deframer.counters().too_long == (fits ? 0 : 1));
    CHECK(frames.back() == quoted[0].frame);
  }
}

TEST_CASE("a line without end fills nothing") {
  Deframer deframer;
  const std::string noise(1U << 20U, '\x41');
  CHECK(frames_in(deframer, noise).empty());
  CHECK(deframer.begun() <= 2 * Deframer::max_frame + 2);
  // Its first flag ends the noise.
  CHECK(frames_in(deframer, hex(quoted[0].line)) == Texts{quoted[0].frame});
  CHECK(deframer.counters().too_long == 1);
}

TEST_CASE("what is shorter than a frame is counted and dropped [PPP-16]") {
  Deframer deframer;
  CHECK(frames_in(deframer, hex("7E 21 7E 21 22 23 7E 7E")).empty());
  CHECK(deframer.counters().too_short == 2);
}

TEST_CASE("headers are read in all four forms, agreed or not [PPP-19]") {
  for (const char* const text :
       {"FF 03 00 21 45 46", "FF 03 21 45 46", "00 21 45 46", "21 45 46"}) {
    const auto bytes = hex(text);
    const auto frame = open_frame(bytes);
    REQUIRE(frame);
    CHECK(frame->protocol == 0x0021);
    CHECK(shown(frame->information) == "45 46");
  }
  const auto lcp = hex("C0 21 01");
  REQUIRE(open_frame(lcp));
  CHECK(open_frame(lcp)->protocol == 0xC021);
  CHECK_FALSE(open_frame(hex("FF 03")));
  CHECK_FALSE(open_frame({}));
  CHECK_FALSE(open_frame(hex("FF 03 C0")));
}

TEST_CASE("frames go out as the contract has them [PPP-10] [PPP-17] [PPP-18]") {
  const Framing full;
  CHECK(line_of(0xC021, "05 05 00 04", full) == quoted[0].line);
  CHECK(line_of(0xC021, "01 01 00 04", full) == quoted[1].line);
  CHECK(line_of(0xC021, "0100 0019 0206 00000000 0305 C22305 0506 11223344 0702 0802", full) ==
        quoted[2].line);
  CHECK(line_of(0xC021, "0101 0018 0206 00000000 0304 C023 0506 339D0A65 0702 0802", full) ==
        quoted[3].line);
  CHECK(line_of(0xC023, "02 01 00 05 00", full) == quoted[4].line);
  CHECK(line_of(0x8021, "01 00 00 04", agreed) == quoted[5].line);
  CHECK(line_of(0x8021, "01 00 00 04", compressed) == quoted[6].line);
  CHECK(line_of(0x8021, "0301 0016 0306 0A00020F 8106 0A000203 8306 0A000203", agreed) ==
        quoted[8].line);
}

TEST_CASE("only what the map names is escaped, and 7D and 7E always [PPP-18]") {
  std::string line;
  append_frame(line, 0x0021, hex("00 01 0A 11 13 1F 20 7D 7E 7F FF"), {.accm = 0x000A0000});
  CHECK(shown(line).starts_with("7E FF 03 00 21 00 01 0A 7D 31 7D 33 1F 20 7D 5D 7D 5E 7F FF"));
}

TEST_CASE("a protocol is one octet only where both agree and it can be [PPP-19] [T-17]") {
  std::string line;
  append_frame(line, 0x0021, hex("45"), {.accm = 0, .compresses_protocol = true});
  CHECK(shown(line).starts_with("7E FF 03 21 45"));
  line.clear();
  append_frame(line, 0x0021, hex("45"), {.accm = 0, .compresses_address = true});
  CHECK(shown(line).starts_with("7E 00 21 45"));
  line.clear();
  append_frame(line, 0xC023, hex("45"), compressed);
  CHECK(shown(line).starts_with("7E C0 23 45"));
  line.clear();
  append_frame(line, 0x0231, hex("45"), compressed);
  CHECK(shown(line).starts_with("7E 02 31 45"));
}

TEST_CASE("what goes out comes in again, whatever the map") {
  std::mt19937 random(16);
  for (int round = 0; round < 2000; ++round) {
    const Framing framing{static_cast<std::uint32_t>(random()), random() % 2 == 0,
                          random() % 2 == 0};
    std::string information(random() % 1501, ' ');
    for (auto& byte : information)
      byte = static_cast<char>(random() % 2 == 0 ? random() % 0x21 : 0x7C + random() % 3);
    std::string line;
    append_frame(line, 0x0021, information, framing);
    CHECK(shown(opened(line)) == shown(hex("00 21") + information));
    Deframer deframer;
    const auto frames = frames_in(deframer, line, random() % line.size());
    REQUIRE(frames.size() == 1);
    const auto frame = hex(frames[0]);
    const auto whole = open_frame(frame);
    REQUIRE(whole);
    CHECK(whole->protocol == 0x0021);
    CHECK(whole->information == information);
  }
}

TEST_CASE("any bytes make the same frames, however they are cut") {
  std::mt19937 random(20);
  for (int round = 0; round < 2000; ++round) {
    std::string line;
    for (int i = 0; i < 60; ++i) line += "\x7E\x7D\x21\x5E\x00\xFF"[random() % 6];
    if (random() % 2 == 0) line.insert(random() % line.size(), hex(quoted[0].line));
    Deframer whole;
    const auto frames = frames_in(whole, line);
    Deframer pieces;
    Texts cut;
    for (const char byte : line) {
      std::string_view one(&byte, 1);
      while (const auto frame = pieces.next(one)) cut.push_back(shown(*frame));
    }
    CHECK(cut == frames);
    CHECK(pieces.counters().bad_fcs == whole.counters().bad_fcs);
    CHECK(pieces.counters().aborted == whole.counters().aborted);
    CHECK(pieces.counters().too_short == whole.counters().too_short);
  }
}
