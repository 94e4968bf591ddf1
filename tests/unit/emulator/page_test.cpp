// The files of the page as the control interface gives them out [CTL-22].
#include "emulator/control/access.hpp"
#include "emulator/control/page_files.hpp"
#include "emulator/control/route_table.hpp"
#include "emulator/control/routes_page.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

using namespace emulator::control;

namespace {

struct Heard : Exchange {
  Reply reply{0};
  void answer(Reply answer) override { reply = std::move(answer); }
  std::shared_ptr<Stream> stream(const std::string&) override { return nullptr; }
  void on_gone(std::function<void()>) override {}
};

Reply get(const std::string& target) {
  RouteTable table;
  table.add(page_routes());
  const auto heard = std::make_shared<Heard>();
  table.dispatch({"GET", target}, Responder(heard));
  return heard->reply;
}

std::string header(const Reply& reply, const std::string& name) {
  const auto found = std::find_if(reply.headers.begin(), reply.headers.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == reply.headers.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("/ is the page, and its parts stand below /page/ [CTL-22]") {
  const auto page = get("/");
  CHECK(page.status == 200);
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(page.body.starts_with("<!doctype html>"));
  CHECK(get("/page/main.js").content_type == "text/javascript; charset=utf-8");
  CHECK(get("/page/style.css").content_type == "text/css; charset=utf-8");
  CHECK(get("/page/icon.svg").content_type == "image/svg+xml");
  for (const auto* nothing : {"/page/nothing.js", "/page/..%2fmain.cpp", "/page/"})
    CHECK(get(nothing).status == 404);
}

TEST_CASE("every file that the page names is there, and none has script in a document [CTL-22]") {
  const std::string_view start = R"(="/page/)";
  const auto page = get("/").body;
  std::size_t named = 0;
  for (auto at = page.find(start); at != std::string::npos; at = page.find(start, at + 1)) {
    const auto begin = at + 2;
    CHECK(get(page.substr(begin, page.find('"', begin) - begin)).status == 200);
    ++named;
  }
  CHECK(named >= 3);
  CHECK(page.find("<script>") == std::string::npos);
  const auto policy = header(get("/"), "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; script-src 'self'; "));
  CHECK(policy.find("unsafe") == std::string::npos);
  for (const auto& file : page_files()) CHECK_FALSE(file.content.empty());
}

TEST_CASE("the page wants no token, what it asks does; other names and origins stay out [CTL-2]") {
  const Access access("secret");
  const std::vector<std::string> served{"127.0.0.1:1"};
  CHECK(access.refusal({"127.0.0.1:1", std::nullopt, std::nullopt}, served)->status == 401);
  CHECK_FALSE(access.refusal({"127.0.0.1:1", std::nullopt, std::nullopt}, served, true));
  CHECK(access.refusal({"127.0.0.1:1", "http://elsewhere", std::nullopt}, served, true)->status ==
        403);
  CHECK(is_page("/"));
  CHECK(is_page("/page/main.js"));
  CHECK_FALSE(is_page("/v1/modems"));
  CHECK_FALSE(is_page("/pages"));
}
