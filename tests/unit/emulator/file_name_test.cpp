#include "emulator/device/files/file_name.hpp"

#include "emulator/device/files/file_checksum.hpp"

#include <string>

#include <catch2/catch.hpp>

using emulator::device::file_checksum;
using emulator::device::file_name;

TEST_CASE("a name with and without its storage is one") {
  for (const auto* typed :
       {"key.pem", "UFS:key.pem", "ufs:key.pem", " UFS: key.pem ", "UfS:key.pem"})
    CHECK(file_name(typed) == "key.pem");
}

TEST_CASE("no name leads out of the name space") {
  using namespace std::string_view_literals;
  for (const auto typed : {""sv, " "sv, "UFS:"sv, "."sv, ".."sv, "UFS:.."sv, "../x"sv,
                           "/etc/passwd"sv, "a/b"sv, "a\\b"sv, "RAM:x"sv, "UFS:UFS:x"sv, "a*"sv,
                           "a?"sv, "a\"b"sv, "a\0b"sv, "a\nb"sv, "\x7F"sv, "\xC3\xA4"sv}) {
    CAPTURE(typed);
    CHECK_FALSE(file_name(typed).has_value());
  }
  CHECK(file_name(std::string(76, 'n')).has_value());
  CHECK_FALSE(file_name(std::string(77, 'n')).has_value());
  CHECK(file_name("..x") == "..x");
}

TEST_CASE("checksums as other implementations have them") {
  using namespace std::string_view_literals;
  CHECK(file_checksum("") == 0);
  CHECK(file_checksum("a") == 0x6100);
  CHECK(file_checksum("abc") == 0x262);
  CHECK(file_checksum("123456789") == 0x3908);
  CHECK(file_checksum("\x00\x01\x02\x03\xFF"sv) == 0xfd02);
  CHECK(file_checksum("Hello, world\r\n") == 0x654e);
}
