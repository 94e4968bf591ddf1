#include "codec/http_response.hpp"

#include <string>

#include <catch2/catch.hpp>

using codec::HttpResponse;

namespace {

/// What a response holds of a body when its bytes come one at a time.
std::string bytewise(HttpResponse& response, const std::string& bytes) {
  std::string body;
  for (const char byte : bytes) body += response.take({&byte, 1});
  return body;
}

}  // namespace

TEST_CASE("a response with a length ends behind its last byte, however it is cut [HTTP-53]") {
  const std::string head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\n";
  HttpResponse whole;
  CHECK(whole.take(head + "hello") == "hello");
  REQUIRE(whole.head());
  CHECK(whole.head()->status == 200);
  CHECK(whole.head()->text == head);
  CHECK(whole.head()->length == 5U);
  CHECK(whole.is_complete());
  CHECK(whole.keeps_alive());

  HttpResponse pieces;
  CHECK(bytewise(pieces, head + "hello") == "hello");
  REQUIRE(pieces.head());
  CHECK(pieces.head()->text == head);
  CHECK(pieces.is_complete());
}

TEST_CASE("chunks are put together, and have no length [HTTP-53] [HTTP-31]") {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=y\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n";
  HttpResponse whole;
  CHECK(whole.take(bytes) == "abc0123456789abcdef");
  CHECK(whole.is_complete());
  CHECK_FALSE(whole.head()->length);
  HttpResponse pieces;
  CHECK(bytewise(pieces, bytes) == "abc0123456789abcdef");
  CHECK(pieces.is_complete());
  CHECK(pieces.keeps_alive());
}

TEST_CASE("a body without length ends with the connection; HTTP/1.0 does not keep it [HTTP-53]") {
  HttpResponse response;
  CHECK(response.take("HTTP/1.0 200 OK\r\n\r\nsome") == "some");
  CHECK_FALSE(response.is_complete());
  CHECK(response.take("thing") == "thing");
  response.peer_ended();
  CHECK(response.is_complete());
  CHECK_FALSE(response.keeps_alive());
}

TEST_CASE(
    "204 and 304 have no body, whatever their fields say; nor has the answer to HEAD [HTTP-53]") {
  for (const auto* status : {"204 No Content", "304 Not Modified"}) {
    HttpResponse response;
    CHECK(
        response.take(std::string("HTTP/1.1 ") + status + "\r\nContent-Length: 9\r\n\r\n").empty());
    CHECK(response.is_complete());
  }
  HttpResponse to_head(true);
  CHECK(to_head.take("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n").empty());
  CHECK(to_head.is_complete());
  CHECK(to_head.head()->length == 9U);
}

TEST_CASE("interim responses are passed over") {
  HttpResponse response;
  CHECK(response
            .take("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nLocation: /a\r\n"
                  "Content-Length: 0\r\n\r\n")
            .empty());
  REQUIRE(response.head());
  CHECK(response.head()->status == 201);
  CHECK(response.head()->location == "/a");
  CHECK(response.is_complete());
}

TEST_CASE("what is no response is malformed, and so is a head without end") {
  HttpResponse nonsense;
  CHECK(nonsense.take("SSH-2.0-OpenSSH_9.2\r\n").empty());
  CHECK(nonsense.is_malformed());

  for (const bool at_once : {true, false}) {
    HttpResponse endless;
    std::string head = "HTTP/1.1 200 OK\r\n";
    while (head.size() <= HttpResponse::max_head) head += "X-Field: something\r\n";
    static_cast<void>(at_once ? endless.take(head) : bytewise(endless, head));
    CHECK(endless.is_malformed());
  }

  for (const auto* line : {"101 Switching Protocols", "099 Nothing"}) {
    HttpResponse switched;
    CHECK(switched.take(std::string("HTTP/1.1 ") + line + "\r\n\r\n").empty());
    CHECK(switched.is_malformed());
  }

  // 2^63, the most of 64 bits, and more
  for (const auto* length :
       {"9223372036854775808", "18446744073709551615", "99999999999999999999"}) {
    HttpResponse huge;
    CHECK(huge.take(std::string("HTTP/1.1 200 OK\r\nContent-Length: ") + length + "\r\n\r\n")
              .empty());
    CHECK(huge.is_malformed());
  }
  HttpResponse longest;
  CHECK(longest.take("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n").empty());
  REQUIRE(longest.head());
  CHECK(longest.head()->length == 9'223'372'036'854'775'807U);

  HttpResponse chunk;
  CHECK(chunk.take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").empty());
  CHECK(chunk.is_malformed());
}

TEST_CASE(
    "a response that is cut is not complete, and what comes behind one spoils the connection") {
  HttpResponse cut;
  CHECK(cut.take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") == "hel");
  cut.peer_ended();
  CHECK_FALSE(cut.is_complete());
  CHECK_FALSE(cut.is_malformed());
  HttpResponse surplus;
  CHECK(surplus.take("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab") == "a");
  CHECK(surplus.is_complete());
  CHECK_FALSE(surplus.keeps_alive());
  HttpResponse nothing;
  nothing.peer_ended();
  CHECK_FALSE(nothing.has_begun());
}

TEST_CASE("a last chunk that comes first, byte by byte, is the end of an empty body") {
  codec::HttpResponse response;
  CHECK(response.take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").empty());
  for (const char byte : std::string_view("0\r\n\r\n")) {
    CHECK_FALSE(response.is_complete());
    CHECK(response.take({&byte, 1}).empty());
  }
  CHECK(response.is_complete());
}

TEST_CASE("what has come of a chunk is not kept back, however little it is") {
  codec::HttpResponse response;
  CHECK(response.take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n").empty());
  CHECK(response.take("a") == "a");
  CHECK(response.take("bc") == "bc");
  CHECK(response.take("\r\n0\r\nTrailer: x\r\n\r").empty());
  CHECK(response.take("\n").empty());
  CHECK(response.is_complete());
}

TEST_CASE("an end of the connection makes whole only what had no length [HTTP-53]") {
  HttpResponse early;
  CHECK(early.take("").empty());
  CHECK_FALSE(early.has_begun());
  early.peer_ended();
  CHECK_FALSE(early.is_complete());

  HttpResponse open;
  CHECK(open.take("HTTP/1.1 200 OK\r\n\r\nhi") == "hi");
  CHECK_FALSE(open.is_complete());
  open.peer_ended();
  CHECK(open.is_complete());
  open.peer_ended();
  CHECK(open.is_complete());
  CHECK_FALSE(open.keeps_alive());

  HttpResponse half;
  CHECK(half.take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi") == "hi");
  half.peer_ended();
  CHECK_FALSE(half.is_complete());
  CHECK_FALSE(half.keeps_alive());
}

TEST_CASE("nothing comes of a response that went wrong in its body [HTTP-53]") {
  HttpResponse response;
  CHECK(response.take("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nx\r\n") ==
        "hi");
  CHECK(response.head());
  CHECK(response.is_malformed());
  CHECK(response.take("2\r\nhi\r\n0\r\n\r\n").empty());
  response.peer_ended();
  CHECK_FALSE(response.is_complete());
  CHECK_FALSE(response.keeps_alive());
}

TEST_CASE("what comes behind the end of a response ends its connection [HTTP-52]") {
  HttpResponse response;
  CHECK(response.take("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") == "hi");
  CHECK(response.keeps_alive());
  CHECK(response.take("more").empty());
  CHECK(response.is_complete());
  CHECK_FALSE(response.keeps_alive());
}
