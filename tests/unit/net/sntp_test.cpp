// What the time server says, byte by byte.
#include "net/sntp_server.hpp"

#include <catch2/catch.hpp>

using namespace net;

namespace {

// 2019-09-09 09:32:42.500 UTC is 3777010362 s after 1900: E120 9ABA, and half a second.
constexpr std::int64_t moment = 1568021562500;

SntpServer::Packet question(std::uint8_t first) {
  SntpServer::Packet packet{};
  packet[0] = first;
  packet[2] = 6;
  for (std::size_t i = 0; i < 8; ++i) packet[40 + i] = static_cast<std::uint8_t>(0xA0 + i);
  return packet;
}

}  // namespace

TEST_CASE("a question of version 4 is answered with the time given") {
  const auto answer = sntp_answer(question(0x23), moment);
  REQUIRE(answer);
  const SntpServer::Packet wanted{
      0x24, 1,    6,    0xF6,                       // no leap second, version 4, server; stratum 1
      0,    0,    0,    0,                          // root delay
      0,    0,    0,    0,                          // root dispersion
      'L',  'O',  'C',  'L',                        // reference identifier
      0xE1, 0x20, 0x9A, 0xBA, 0x80, 0,    0,    0,  // reference
      0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7,  // originate
      0xE1, 0x20, 0x9A, 0xBA, 0x80, 0,    0,    0,     // receive
      0xE1, 0x20, 0x9A, 0xBA, 0x80, 0,    0,    0,     // transmit
  };
  CHECK(*answer == wanted);
  for (const int ms : {0, 1, 7, 500, 999})
    CHECK(time_in(*sntp_answer(question(0x23), moment + ms)) == moment + ms);
}

TEST_CASE("the version is that of the question, and what asks nothing is not answered") {
  CHECK(sntp_answer(question(0x1B), moment).value()[0] == 0x1C);  // version 3
  CHECK(sntp_answer(question(0x21), moment).value()[0] == 0x22);  // symmetric
  CHECK_FALSE(sntp_answer(question(0x24), moment));               // a server
  CHECK_FALSE(sntp_answer(question(0x25), moment));               // a broadcast
  CHECK_FALSE(sntp_answer(question(0x03), moment));               // version 0
  CHECK_FALSE(sntp_answer(question(0x2B), moment));               // version 5
}

TEST_CASE("the era that begins in 2036 is told and understood") {
  const std::int64_t later = 2208988800000;  // 2040-01-01
  CHECK(time_in(*sntp_answer(question(0x23), later)) == later);
}
