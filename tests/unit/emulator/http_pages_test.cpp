// The pages of http.demo, without a connection.
#include "emulator/demo/http_pages.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace emulator::demo;

namespace {

Page get(std::string_view target, std::string_view range = {}) {
  PageRequest request;
  request.method = "GET";
  request.target = target;
  request.host = "http.demo";
  request.range = range;
  return answer(request);
}

std::string field(const Page& page, std::string_view name) {
  const auto found = std::find_if(page.fields.begin(), page.fields.end(),
                                  [&](const auto& each) { return each.first == name; });
  return found == page.fields.end() ? std::string() : found->second;
}

}  // namespace

TEST_CASE("the first page is a line of text") {
  CHECK(get("/").text == "Hello from http.demo.\n");
  CHECK(get("/?and=a query").status == 200);
  CHECK(get("/nothing").status == 404);
}

TEST_CASE("bytes are known beforehand, whole and in ranges") {
  const auto whole = get("/bytes/1000");
  CHECK(whole.status == 200);
  CHECK(whole.from == 0);
  CHECK(whole.to == 1000);
  CHECK(pattern(0) == 0);
  CHECK(pattern(250) == 250);
  CHECK(pattern(251) == 0);
  struct Case {
    const char* range;
    unsigned status;
    std::uint64_t from;
    std::uint64_t to;
    const char* told;
  };
  const auto asked = GENERATE(
      Case{"bytes=5-9", 206, 5, 10, "bytes 5-9/1000"},
      Case{"bytes=999-", 206, 999, 1000, "bytes 999-999/1000"},
      Case{"bytes=990-2000", 206, 990, 1000, "bytes 990-999/1000"},
      Case{"bytes=-1", 206, 999, 1000, "bytes 999-999/1000"},
      Case{"bytes=-5000", 206, 0, 1000, "bytes 0-999/1000"},
      Case{"bytes=1000-", 416, 0, 0, "bytes */1000"}, Case{"bytes=-0", 416, 0, 0, "bytes */1000"},
      Case{"bytes=9-5", 200, 0, 1000, ""}, Case{"bytes=1-2,4-5", 200, 0, 1000, ""},
      Case{"lines=1-2", 200, 0, 1000, ""}, Case{"bytes=-", 200, 0, 1000, ""});
  CAPTURE(asked.range);
  const auto page = get("/bytes/1000", asked.range);
  CHECK(page.status == asked.status);
  CHECK(page.from == asked.from);
  CHECK(page.to == asked.to);
  CHECK(field(page, "Content-Range") == asked.told);
}

TEST_CASE("a page has at most a gibibyte, and a number for a size") {
  CHECK(get("/bytes/1073741824").status == 200);
  CHECK(get("/bytes/1073741825").status == 404);
  CHECK(get("/bytes/").status == 404);
  CHECK(get("/bytes/-1").status == 404);
  CHECK(get("/bytes/99999999999999999999999").status == 404);
  CHECK(get("/chunked/12").chunked);
  CHECK(get("/chunked/12").to == 12);
}

TEST_CASE("any final status can be had") {
  CHECK(get("/status/503").status == 503);
  CHECK(get("/status/503").text == "status 503\n");
  CHECK(get("/status/204").text.empty());
  CHECK(get("/status/199").status == 404);
  CHECK(get("/status/600").status == 404);
}

TEST_CASE("a redirection is absolute, or is not") {
  CHECK(get("/redirect").status == 302);
  CHECK(field(get("/redirect"), "Location") == "http://http.demo/");
  CHECK(field(get("/redirect/relative"), "Location") == "/");
}

TEST_CASE("what is posted to /echo comes back as it was") {
  PageRequest request;
  request.method = "POST";
  request.target = "/echo";
  request.content_type = "application/json";
  request.body = "{}";
  const auto page = answer(request);
  CHECK(page.status == 200);
  CHECK(page.content_type == "application/json");
  CHECK(page.text == "{}");
  CHECK(get("/echo").status == 405);
  CHECK(field(get("/echo"), "Allow") == "POST");
}
