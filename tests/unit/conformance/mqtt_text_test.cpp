// Packets as the suite's broker tells them, and what it says: bytes written by hand from
// MQTT 3.1.1.
#include "conformance/run/mqtt.hpp"

#include <catch2/catch.hpp>

using namespace conformance::wire;
using namespace std::string_literals;

namespace {

std::string told(Narrator& narrator, std::string bytes) {
  const auto packet = take_packet(bytes);
  REQUIRE(packet);
  CHECK(bytes.empty());
  return narrator.told(*packet);
}

std::string told(const std::string& bytes) {
  Narrator narrator;
  return told(narrator, bytes);
}

}  // namespace

TEST_CASE("packets are cut out of a stream as they become whole") {
  std::string stream = "\xC0"s;
  CHECK_FALSE(take_packet(stream));
  stream += "\x00\x30\x03\x00"s;
  CHECK(take_packet(stream)->type() == 12);
  CHECK_FALSE(take_packet(stream));
  stream += "\x01t"s;
  CHECK(take_packet(stream)->body == "\x00\x01t"s);
  CHECK(stream.empty());
  stream = "\x30\xFF\xFF\xFF\xFF\x01"s;
  CHECK(take_packet(stream)->type() == 0);
}

TEST_CASE("CONNECT is told with all that it carries") {
  CHECK(told("\x10\x10\x00\x06MQIsdp\x03\x02\x00\x78\x00\x02id"s) ==
        "connect version=3 clean=1 keepalive=120 id=\"id\"");
  CHECK(
      told(
          "\x10\x1B\x00\x04MQTT\x04\xEC\x00\x3C\x00\x02id\x00\x01t\x00\x02\x00m\x00\x01u\x00\x01p"s) ==
      "connect version=4 clean=0 keepalive=60 id=\"id\" username=\"u\" password=\"p\""
      " will qos=1 retain=1 \"t\" \"\\x00m\"");
  CHECK(told("\x10\x0E\x00\x04MQTT\x03\x02\x00\x78\x00\x02id"s).rfind("connect with protocol", 0) ==
        0);
  CHECK(told("\x10\x0F\x00\x04MQTT\x04\x02\x00\x78\x00\x02idx"s).rfind("malformed", 0) == 0);
}

TEST_CASE("what comes again is a resend, with DUP where it belongs") {
  Narrator narrator;
  CHECK(told(narrator, "\x32\x07\x00\x01t\x00\x07hi"s) ==
        "publish id=7 qos=1 retain=0 \"t\" \"hi\"");
  CHECK(told(narrator, "\x3A\x07\x00\x01t\x00\x07hi"s) == "resend id=7");
  CHECK(told(narrator, "\x32\x07\x00\x01t\x00\x07hi"s) ==
        "publish id=7 qos=1 retain=0 \"t\" \"hi\" dup=0");
  CHECK(told(narrator, "\x3A\x07\x00\x01t\x00\x08hi"s) ==
        "publish id=8 qos=1 retain=0 \"t\" \"hi\" dup=1");
  CHECK(told(narrator, "\x82\x06\x00\x01\x00\x01t\x02"s) == "subscribe id=1 \"t\",2");
  CHECK(told(narrator, "\x8A\x06\x00\x01\x00\x01t\x02"s) == "resend id=1");
  CHECK(told(narrator, "\x62\x02\x00\x07"s) == "pubrel 7");
  CHECK(told(narrator, "\x62\x02\x00\x07"s) == "resend id=7");
}

TEST_CASE("other packets are told in their words") {
  CHECK(told("\x31\x05\x00\x01thi"s) == "publish id=0 qos=0 retain=1 \"t\" \"hi\"");
  CHECK(told("\xA2\x08\x00\x02\x00\x01t\x00\x01u"s) == "unsubscribe id=2 \"t\" \"u\"");
  CHECK(told("\x40\x02\x00\x03"s) == "puback 3");
  CHECK(told("\x50\x02\x00\x03"s) == "pubrec 3");
  CHECK(told("\x70\x02\x00\x03"s) == "pubcomp 3");
  CHECK(told("\xC0\x00"s) == "ping");
  CHECK(told("\xE0\x00"s) == "disconnect");
  CHECK(told("\x60\x02\x00\x03"s).rfind("malformed", 0) == 0);
  CHECK(told("\x80\x06\x00\x01\x00\x01t\x02"s).rfind("malformed", 0) == 0);
  CHECK(told("\x20\x02\x00\x00"s).rfind("malformed", 0) == 0);
  CHECK(told("\x32\x02\x00\x05"s).rfind("malformed", 0) == 0);
}

TEST_CASE("what a broker says is made of words") {
  CHECK(said({"connack", "5"}) == "\x20\x02\x00\x05"s);
  CHECK(said({"connack", "0", "session"}) == "\x20\x02\x01\x00"s);
  CHECK(said({"suback", "258", "0", "128"}) == "\x90\x04\x01\x02\x00\x80"s);
  CHECK(said({"unsuback", "1"}) == "\xB0\x02\x00\x01"s);
  CHECK(said({"pubrel", "1"}) == "\x62\x02\x00\x01"s);
  CHECK(said({"pong"}) == "\xD0\x00"s);
  CHECK(said({"message", "0", "0", "t", "hi"}) == "\x30\x05\x00\x01thi"s);
  CHECK(said({"message", "3", "2", "t", "hi", "dup"}) == "\x3C\x07\x00\x01t\x00\x03hi"s);
  CHECK(said({"message", "0", "0", "t", std::string(200, 'x')}).substr(0, 3) == "\x30\xCB\x01"s);
  CHECK(said({"bytes", "\x01"}) == "\x01");
  CHECK(said({"opened"}).empty());
  CHECK_THROWS(said({"hello"}));
}
