// URLs, header fields and requests, taken apart and put together.
#include "data_services/http/http_request.hpp"
#include "data_services/http/http_url.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace data_services;

TEST_CASE("a URL in its parts [HTTP-22]") {
  const auto url = parse_url("HTTPS://Host.example:8443/a/b?c=d#e");
  REQUIRE(url);
  CHECK(url->secure);
  CHECK(url->host == "Host.example");
  CHECK(url->port == 8443);
  CHECK(url->authority == "Host.example:8443");
  CHECK(url->target == "/a/b?c=d");
  // The usual port is not said.
  CHECK(parse_url("http://a:80/")->authority == "a");
  CHECK(parse_url("https://a:443/")->authority == "a");
  CHECK(parse_url("https://a:80/")->authority == "a:80");
  CHECK(parse_url("http://a:")->port == 80);
  CHECK(parse_url("https://a")->port == 443);
  CHECK(parse_url("http://a?q")->target == "/?q");
  CHECK(parse_url("http://a#f")->target == "/");
  CHECK(parse_url("http://[::1]:81/x")->host == "::1");
  CHECK(parse_url("http://[::1]:81/x")->authority == "[::1]:81");
  CHECK(parse_url("http://[::1]/x")->authority == "[::1]");
}

TEST_CASE("what is no URL [HTTP-22]") {
  for (const auto* text : {"",
                           "http",
                           "http://",
                           "https://",
                           "http:///x",
                           "http://:80",
                           "ftp://a",
                           "//a",
                           "a.b/c",
                           "http://a:0/",
                           "http://a:65536",
                           "http://a:x",
                           "http://a:-1",
                           "http://[::1",
                           "http://[]/",
                           "http://[::1]x/",
                           "http://a b/",
                           "http://a/\r\nX: y",
                           "http://a/\x7f",
                           "http://u:p@a/",
                           "http://a\\b/"}) {
    INFO(text);
    CHECK_FALSE(parse_url(text));
  }
}

TEST_CASE("where a redirect leads [HTTP-37]") {
  const auto base = *parse_url("http://a:81/x/y?z");
  const auto leads = [&](const std::string& location) {
    const auto url = resolve_url(base, location);
    return url ? url->authority + url->target : "nowhere";
  };
  CHECK(leads("https://b/c") == "b/c");
  CHECK(leads("//b/c") == "b/c");
  CHECK(leads("/c") == "a:81/c");
  CHECK(leads("c") == "a:81/x/c");
  CHECK(leads("?c") == "a:81/x/y?c");
  CHECK(leads("/c d") == "nowhere");
  CHECK(is_absolute_url("HTTP://b"));
  CHECK_FALSE(is_absolute_url("/b"));
}

TEST_CASE("a header field of the host's [HTTP-9]") {
  const auto field = parse_field("X-Name:  a value ");
  REQUIRE(field);
  CHECK(field->name == "X-Name");
  CHECK(field->value == "a value");
  CHECK(parse_field("X-1_2~!: a\tb \xC3\xA4")->value == "a\tb \xC3\xA4");
  for (const auto* text :
       {"", "name", ": value", "a b: c", "a: b\rc", "a: b\nc", "a: b\x7f", "\xff: b"}) {
    INFO(text);
    CHECK_FALSE(parse_field(text));
  }
}

TEST_CASE("a form's boundary is nowhere in the file [HTTP-10]") {
  const auto form = form_of("POST", "f", "x----QuectelFormBoundary-y", {});
  CHECK(form.content_type == "multipart/form-data; boundary=----QuectelFormBoundary--");
  CHECK(*form.body ==
        "------QuectelFormBoundary--\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n"
        "x----QuectelFormBoundary-y\r\n------QuectelFormBoundary----\r\n");
}
