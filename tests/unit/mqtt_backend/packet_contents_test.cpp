// What onlookers read in the bodies of packets, bytes by hand from MQTT 3.1.1, chapter 3.
#include "mqtt_backend/packet_contents.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace mqtt_backend;
using Numbers = std::vector<std::uint64_t>;

namespace {

PacketHeader packet(PacketType type, unsigned flags, std::size_t length, std::string body) {
  return {type, flags, 0, length, {}, std::move(body)};
}

}  // namespace

TEST_CASE("the payload of a PUBLISH is behind topic and identifier") {
  const auto qos0 = packet(PacketType::publish, 0x0, 9,
                           std::string("\0\x03"
                                       "a/bhi",
                                       7));
  CHECK(payload_in(qos0).kept == "hi");
  CHECK(payload_in(qos0).length == 2);
  const auto qos1 = packet(PacketType::publish, 0x2, 11,
                           std::string("\0\x03"
                                       "a/b\0\x07hi",
                                       9));
  CHECK(payload_in(qos1).kept == "hi");
  CHECK(payload_in(qos1).length == 2);
  const auto empty = packet(PacketType::publish, 0x0, 7,
                            std::string("\0\x03"
                                        "a/b",
                                        5));
  CHECK(payload_in(empty).kept.empty());
  CHECK(payload_in(empty).length == 0);
}

TEST_CASE("of a payload that was cut the whole length is told") {
  // 200 bytes of body, in a packet whose fixed header has three bytes.
  const auto cut = packet(PacketType::publish, 0x0, 203,
                          std::string("\0\x01"
                                      "t",
                                      3) +
                              "begin");
  CHECK(payload_in(cut).kept == "begin");
  CHECK(payload_in(cut).length == 197);
  const auto longer = packet(PacketType::publish, 0x0, 16388,
                             std::string("\0\x01"
                                         "t",
                                         3) +
                                 "x");
  CHECK(payload_in(longer).length == 16388 - 4 - 3);
}

TEST_CASE("a malformed body has less, and never more than its bytes") {
  for (const std::string& body : {std::string(), std::string("\0", 1),
                                  std::string("\0\x09"
                                              "a",
                                              3)}) {
    CHECK(payload_in(packet(PacketType::publish, 0x2, 50, body)).kept.empty());
    CHECK(filters_in(packet(PacketType::subscribe, 2, 50, body)).topics.empty());
    CHECK(codes_in(packet(PacketType::suback, 0, 50, body.substr(0, 2))).empty());
  }
  CHECK(codes_in(packet(PacketType::connack, 0, 3, std::string(1, '\0'))).empty());
  const auto half =
      packet(PacketType::subscribe, 2, 20, std::string("\0\x01\0\x01t\x01\0\x05u", 9));
  CHECK(filters_in(half).topics == std::vector<std::string>{"t"});
  CHECK(filters_in(half).qoss == Numbers{1});
}

TEST_CASE("return codes and the session of a CONNACK") {
  const auto connack = packet(PacketType::connack, 0, 4, std::string("\x01\0", 2));
  CHECK(codes_in(connack) == Numbers{0});
  CHECK(session_in(connack));
  const auto refused = packet(PacketType::connack, 0, 4, std::string("\0\x05", 2));
  CHECK(codes_in(refused) == Numbers{5});
  CHECK_FALSE(session_in(refused));
  CHECK(codes_in(packet(PacketType::suback, 0, 6, std::string("\0\x01\x80\x02", 4))) ==
        Numbers{128, 2});
  CHECK(codes_in(packet(PacketType::puback, 0, 4, std::string("\0\x01", 2))).empty());
}

TEST_CASE("the filters of SUBSCRIBE and UNSUBSCRIBE") {
  const auto subscribe =
      packet(PacketType::subscribe, 2, 14, std::string("\0\x01\0\x02#x\x02\0\x01u\0", 11));
  CHECK(filters_in(subscribe).topics == std::vector<std::string>{"#x", "u"});
  CHECK(filters_in(subscribe).qoss == Numbers{2, 0});
  const auto unsubscribe =
      packet(PacketType::unsubscribe, 2, 9, std::string("\0\x01\0\x01t\0\x01u", 8));
  CHECK(filters_in(unsubscribe).topics == std::vector<std::string>{"t", "u"});
  CHECK(filters_in(unsubscribe).qoss.empty());
}

TEST_CASE("packets of other types, and those that end too early, have no such contents") {
  const std::string body("\0\x01t\0", 4);
  for (const auto type : {PacketType::puback, PacketType::pingresp, PacketType::suback}) {
    CHECK(payload_in(packet(type, 0x2, 6, body)).kept.empty());
    CHECK_FALSE(session_in(packet(type, 0, 6, "\x01")));
    CHECK(filters_in(packet(type, 0, 6, body)).topics.empty());
  }
  // Half of the identifier, and half of the topic.
  CHECK(payload_in(packet(PacketType::publish, 0x2, 6, body)).length == 0);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 4, std::string("\0\x05t", 3))).length == 0);
  CHECK_FALSE(session_in(packet(PacketType::connack, 0, 2, "")));
  CHECK_FALSE(session_in(packet(PacketType::connack, 0, 4, std::string("\0\0", 2))));
  CHECK(session_in(packet(PacketType::connack, 0, 4, std::string("\x01\0", 2))));
  CHECK(codes_in(packet(PacketType::connack, 0, 3, std::string("\x01", 1))).empty());
  CHECK(codes_in(packet(PacketType::suback, 0, 4, std::string("\0\x01", 2))).empty());
  CHECK(codes_in(packet(PacketType::puback, 0, 5, std::string("\0\x01\0", 3))).empty());
  CHECK(filters_in(packet(PacketType::subscribe, 0x2, 3, std::string("\0", 1))).topics.empty());
}

TEST_CASE("the length of a payload of which the beginning alone is kept") {
  const auto body = std::string("\0\x01t", 3) + std::string(97, 'x');
  // Fixed headers of two, three and four bytes.
  CHECK(payload_in(packet(PacketType::publish, 0x0, 2 + 127, body)).length == 124);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 3 + 128, body)).length == 125);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 3 + 16'383, body)).length == 16'380);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 4 + 16'384, body)).length == 16'381);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 5 + 2'097'152, body)).length == 2'097'149);
}

TEST_CASE("a payload is at least what is there of it, whatever length its packet is said to have") {
  const auto body = std::string("\0\x01thi", 5);
  for (const std::size_t length : {0U, 1U, 2U, 5U, 6U})
    CHECK(payload_in(packet(PacketType::publish, 0x0, length, body)).length == 2);
  CHECK(payload_in(packet(PacketType::publish, 0x0, 8, body)).length == 3);
}

TEST_CASE("a filter that has no qos behind it is not one of a SUBSCRIBE") {
  const auto half = packet(PacketType::subscribe, 2, 7, std::string("\0\x01\0\x01t", 5));
  CHECK(filters_in(half).topics.empty());
  CHECK(filters_in(packet(PacketType::unsubscribe, 2, 7, half.body)).topics ==
        std::vector<std::string>{"t"});
}
