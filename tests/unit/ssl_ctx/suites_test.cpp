#include "ssl_ctx/suites.hpp"

#include <catch2/catch.hpp>

using namespace ssl_ctx;

TEST_CASE("suites are read in the spellings of hosts") {
  for (const auto* text : {"0xC02F", "0XC02F", "C02F", "c02f", "0xc02f"}) {
    INFO(text);
    CHECK(parse_suites(text) == SuiteList{0xC02F});
  }
  CHECK(parse_suites("0xFFFF") == SuiteList{0xFFFF});
  CHECK(parse_suites("0035:0XC030:c02f") == SuiteList{0x0035, 0xC030, 0xC02F});
  CHECK(parse_suites("0035:002F:0005:0004:000A:003D:C002")->size() == 7);
}

TEST_CASE("what is no list of suites is none") {
  for (const auto* text : {"", "0x", "0x35", "0x00035", "xC02F", "0xC02G", "+035", " 035", "C02F:",
                           ":C02F", "C02F::0035", "C02F,0035", "1301", "0000", "C02E", "FFFF:C02F",
                           "C02F:FFFF", "FFFF:FFFF", "0035:002F:0005:0004:000A:003D:C002:C003"}) {
    INFO(text);
    CHECK_FALSE(parse_suites(text));
  }
}

TEST_CASE("every code that modules of the maker know is known") {
  for (const auto* text :
       {"0035", "002F", "0005", "0004", "000A", "003D", "C002", "C003", "C004", "C005",
        "C007", "C008", "C009", "C00A", "C00C", "C00D", "C00E", "C00F", "C011", "C012",
        "C013", "C014", "C023", "C024", "C025", "C026", "C027", "C028", "C029", "C02A",
        "C02F", "C030", "FFFF", "003C", "009C", "009D", "C02B", "C02C", "C0AE", "C0A8",
        "CCA8", "CCA9", "00A8", "00A9", "00AE", "00AF", "008C", "008D"}) {
    INFO(text);
    const auto list = parse_suites(text);
    REQUIRE(list);
    CHECK(print_suites(*list) == std::string("0X") + text);
  }
}

TEST_CASE("suites go to OpenSSL by its names, in the host's order") {
  CHECK(openssl_list({0x0035, 0xC02F}) == "AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256");
  CHECK(openssl_list({0xC02B, 0x003C}) == "ECDHE-ECDSA-AES128-GCM-SHA256:AES128-SHA256");
  CHECK(openssl_list({0x00A8, 0x00AE, 0xC0A8}) ==
        "PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA256:PSK-AES128-CCM8");
  CHECK(openssl_list({0xCCA8, 0xCCA9, 0xC0AE}) ==
        "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-CCM8");
  CHECK(openssl_list({0x0005}).empty());
  CHECK(openssl_list({0x0004, 0xC002, 0x002F}) == "AES128-SHA");
}
