// Blocks of a pcapng file, byte by byte.
#include "capture/pcapng.hpp"

#include "capture/at_record.hpp"
#include "tests/support/hex.hpp"

#include <catch2/catch.hpp>

using namespace capture;
using support::hex;
using support::shown;

namespace {

/// The field at `at` of a block.
std::uint32_t field(std::string_view block, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t byte = 4; byte-- > 0;)
    value = (value << 8U) | static_cast<unsigned char>(block[at + byte]);
  return value;
}

}  // namespace

TEST_CASE("a section says who wrote it") {
  CHECK(shown(section_header("eg91xq")) ==
        "0A 0D 0D 0A 2C 00 00 00 4D 3C 2B 1A 01 00 00 00 FF FF FF FF FF FF FF FF "
        "04 00 06 00 65 67 39 31 78 71 00 00 00 00 00 00 2C 00 00 00");
}

TEST_CASE("without options a block has no end of them") {
  CHECK(shown(section_header("")) ==
        "0A 0D 0D 0A 1C 00 00 00 4D 3C 2B 1A 01 00 00 00 FF FF FF FF FF FF FF FF 1C 00 00 00");
}

TEST_CASE("an interface has a name, a description and nanoseconds") {
  CHECK(shown(interface_description(
            {.link_type = LinkType::raw_ip, .name = "net", .description = "bearer 1"})) ==
        "01 00 00 00 34 00 00 00 65 00 00 00 00 00 00 00 02 00 03 00 6E 65 74 00 "
        "03 00 08 00 62 65 61 72 65 72 20 31 09 00 01 00 09 00 00 00 00 00 00 00 34 00 00 00");
  CHECK(shown(interface_description({.link_type = LinkType::user0})) ==
        "01 00 00 00 20 00 00 00 93 00 00 00 00 00 00 00 09 00 01 00 09 00 00 00 00 00 00 00 "
        "20 00 00 00");
}

TEST_CASE("a packet has its interface, its time and its direction") {
  const std::chrono::nanoseconds time{1'700'000'000'123'456'789};  // 17979CFE 3D85CD15 hex
  CHECK(shown(enhanced_packet(
            {.interface = 1, .time = time, .direction = Direction::received, .bytes = "AT&F\r"})) ==
        "06 00 00 00 34 00 00 00 01 00 00 00 FE 9C 97 17 15 CD 85 3D 05 00 00 00 05 00 00 00 "
        "41 54 26 46 0D 00 00 00 02 00 04 00 01 00 00 00 00 00 00 00 34 00 00 00");
  CHECK(shown(enhanced_packet({.time = time, .direction = Direction::sent, .bytes = "OK\r\n"})) ==
        "06 00 00 00 30 00 00 00 00 00 00 00 FE 9C 97 17 15 CD 85 3D 04 00 00 00 04 00 00 00 "
        "4F 4B 0D 0A 02 00 04 00 02 00 00 00 00 00 00 00 30 00 00 00");
}

TEST_CASE("a packet may have a comment, and no direction") {
  CHECK(shown(enhanced_packet({.bytes = "abc", .comment = "lost"})) ==
        "06 00 00 00 30 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 03 00 00 00 03 00 00 00 "
        "61 62 63 00 01 00 04 00 6C 6F 73 74 00 00 00 00 30 00 00 00");
  CHECK(shown(enhanced_packet({})) ==
        "06 00 00 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
        "20 00 00 00");
}

TEST_CASE("what Wireshark would refuse is cut") {
  constexpr std::size_t length_at = 4;
  constexpr std::size_t captured_at = 20;
  const std::string largest(max_captured, 'x');
  const auto whole = enhanced_packet({.bytes = largest});
  CHECK(field(whole, captured_at) == max_captured);
  CHECK(field(whole, captured_at + 4) == max_captured);
  const auto cut = enhanced_packet({.bytes = largest + "yz"});
  CHECK(field(cut, captured_at) == max_captured);
  CHECK(field(cut, captured_at + 4) == max_captured + 2);
  CHECK(field(cut, length_at) == cut.size());
  CHECK(cut.size() == whole.size());
}

TEST_CASE("an overlong comment is cut between characters") {
  constexpr std::size_t option_at = 28;
  const auto length = [&](const std::string& comment) {
    const auto block = enhanced_packet({.comment = comment});
    CHECK(block.size() % 4 == 0);
    CHECK(field(block, block.size() - 4) == block.size());
    return field(block, option_at) >> 16U;
  };
  CHECK(length(std::string(65'535, 'x')) == 65'535);
  CHECK(length(std::string(65'536, 'x')) == 65'535);
  CHECK(length(std::string(65'534, 'x') + "\xC3\xA9") == 65'534);
  CHECK(length(std::string(65'533, 'x') + "\xF0\x9F\x93\x9F") == 65'533);
}

TEST_CASE("secrets are lines of a TLS key log") {
  CHECK(shown(tls_secrets("# keys\n")) ==
        "0A 00 00 00 1C 00 00 00 4B 53 4C 54 07 00 00 00 23 20 6B 65 79 73 0A 00 1C 00 00 00");
}

TEST_CASE("a record says who speaks") {
  CHECK(at_record(Direction::received, "AT\r") == ">AT\r");
  CHECK(at_record(Direction::sent, "\r\nOK\r\n") == "<\r\nOK\r\n");
  CHECK(at_record(Direction::sent, std::string_view("\0", 1)) == hex("3C 00"));
}
