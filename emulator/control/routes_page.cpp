#include "emulator/control/routes_page.hpp"

#include "emulator/control/page_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace emulator::control {
namespace {

constexpr std::string_view below = "/page/";

/// Nothing but what this server serves, and no script in a document.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string content_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> types{
      {{".html", "text/html; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".svg", "image/svg+xml"}}};
  const auto* const found = std::find_if(
      types.begin(), types.end(), [&](const auto& type) { return name.ends_with(type.first); });
  return std::string(found == types.end() ? "text/plain; charset=utf-8" : found->second);
}

void send(std::string_view name, const Responder& responder) {
  const auto files = page_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  if (found == files.end())
    return responder.problem({404, fmt::format("the page has no file {}", name)});
  responder.answer({200,
                    content_type_of(name),
                    std::string(found->content),
                    {{"Content-Security-Policy", std::string(policy)},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Referrer-Policy", "no-referrer"}}});
}

Route file_route(std::string path, std::string id, std::string summary) {
  Route route;
  route.path = std::move(path);
  route.id = std::move(id);
  route.summary = std::move(summary);
  Outcome file{200, "The file"};
  file.content_type = "text/html";
  route.outcomes = {std::move(file)};
  return route;
}

}  // namespace

Routes page_routes() {
  auto page = file_route("/", "getPage", "A page for a person, who sees what happens and acts");
  page.handler = [](const Call&, const Responder& responder) { send("index.html", responder); };
  auto part = file_route("/page/{file}", "getPageFile", "A file of that page");
  part.parameters.push_back({"file", text(1, 64), "Its name"});
  part.handler = [](const Call& call, const Responder& responder) {
    send(call.parameters.at("file").get<std::string>(), responder);
  };
  return {std::move(page), std::move(part)};
}

bool is_page(std::string_view path) { return path == "/" || path.starts_with(below); }

}  // namespace emulator::control
