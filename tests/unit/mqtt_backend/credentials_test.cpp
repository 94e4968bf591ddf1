#include "mqtt_backend/credentials.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"

#include <catch2/catch.hpp>

using namespace mqtt_backend;

TEST_CASE("HMAC and Base64 give the published vectors") {
  using codec::Digest;
  // RFC 2202, test cases 2 and 3; RFC 4231, test case 2
  CHECK(at::hex(codec::hmac(Digest::sha1, "Jefe", "what do ya want for nothing?")) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(at::hex(codec::hmac(Digest::sha1, std::string(20, '\xaa'), std::string(50, '\xdd'))) ==
        "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
  CHECK(at::hex(codec::hmac(Digest::sha256, "Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // RFC 4648, section 10
  CHECK(codec::base64_encode("") == "");
  CHECK(codec::base64_encode("fo") == "Zm8=");
  CHECK(codec::base64_encode("foobar") == "Zm9vYmFy");
  CHECK(codec::base64_decode("Zm8=") == "fo");
  CHECK(codec::base64_decode("Zg==") == "f");
  CHECK(codec::base64_decode("Zm9vYmFy") == "foobar");
  CHECK_FALSE(codec::base64_decode("Zm9"));
  CHECK_FALSE(codec::base64_decode("Zm9*"));
  CHECK_FALSE(codec::base64_decode(""));
}

// Expected values computed apart: printf %s CONTENT | openssl dgst -sha1 -hmac KEY
TEST_CASE("the Alibaba sign-in [CFG-aliauth]") {
  const auto tcp = aliauth_sign_in({"pk", "dev", "secret"}, "12345", false, 789);
  CHECK(tcp.client_id == "12345|securemode=3,signmethod=hmacsha1,timestamp=789|");
  CHECK(tcp.username == "dev&pk");
  CHECK(tcp.password == "678ae15bdef4b947ac44fc13ddfbb198cef70f6a");
  const auto tls = aliauth_sign_in({"pk", "dev", "secret"}, "12345", true, 789);
  CHECK(tls.client_id == "12345|securemode=2,signmethod=hmacsha1,timestamp=789|");
}

TEST_CASE("the OneNET token [CFG-onenet]") {
  const auto token = onenet_sign_in({"123123", "a2V5"}, "mqtt-dev", 3592000);
  CHECK(token.client_id == "mqtt-dev");
  CHECK(token.username == "123123");
  CHECK(token.password ==
        "version=2018-10-31&res=products%2F123123%2Fdevices%2Fmqtt-dev&et=3592000&method=sha1"
        "&sign=AB4aNpr1yAJwjZnk%2FxeFISQgU6A%3D");
  const auto plain_key = onenet_sign_in({"123123", "no base64!"}, "mqtt-dev", 3592000);
  CHECK(plain_key.password != token.password);
}

TEST_CASE("in a OneNET token all but letters, digits and four signs is escaped (RFC 3986, 2.3)") {
  const auto token = onenet_sign_in({"Zz-09", "a2V5"}, "a_.~%[:{", 3592000);
  CHECK(token.password ==
        "version=2018-10-31&res=products%2FZz-09%2Fdevices%2Fa_.~%25%5B%3A%7B&et=3592000"
        "&method=sha1&sign=PCVjSnUkVv4yD7Ja7ccw3AXxyV4%3D");
}
