#include "emulator/demo/http_pages.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace emulator::demo {
namespace {

constexpr std::string_view bytes_path = "/bytes/";
constexpr std::string_view chunked_path = "/chunked/";
constexpr std::string_view status_path = "/status/";
constexpr unsigned least_status = 200;
constexpr unsigned most_status = 599;
constexpr const char* octets = "application/octet-stream";

struct Range {
  std::uint64_t from;
  std::uint64_t to;  // one past the last
};

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// What stands behind `prefix`.
std::optional<std::string_view> behind(std::string_view path, std::string_view prefix) {
  if (path.substr(0, prefix.size()) != prefix) return std::nullopt;
  return path.substr(prefix.size());
}

Page text_page(unsigned status, std::string text) {
  Page page;
  page.status = status;
  page.text = std::move(text);
  return page;
}

Page not_found() { return text_page(404, "There is no such page here.\n"); }

Page not_allowed(const char* methods) {
  auto page = text_page(405, "This page has other methods.\n");
  page.fields.emplace_back("Allow", methods);
  return page;
}

/// One range of RFC 9110, 14.1.2: `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`. Nothing for
/// what is to be passed over; from == to where it cannot be satisfied.
std::optional<Range> parse_range(std::string_view text, std::uint64_t length) {
  const auto given = behind(text, "bytes=");
  if (!given) return std::nullopt;
  const auto dash = given->find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto before = given->substr(0, dash);
  const auto after = given->substr(dash + 1);
  const auto first = number<std::uint64_t>(before);
  const auto last = number<std::uint64_t>(after);
  if ((!before.empty() && !first) || (!after.empty() && !last) || (!first && !last))
    return std::nullopt;
  if (!first) return Range{length - std::min(*last, length), length};
  if (last && *last < *first) return std::nullopt;
  if (*first >= length) return Range{0, 0};
  return Range{*first, last && *last < length ? *last + 1 : length};
}

Page bytes(std::string_view count, std::string_view range, bool chunked) {
  const auto length = number<std::uint64_t>(count);
  if (!length || *length > max_bytes) return not_found();
  Page page;
  page.content_type = octets;
  page.to = *length;
  page.chunked = chunked;
  if (chunked) return page;
  page.fields.emplace_back("Accept-Ranges", "bytes");
  const auto part = parse_range(range, *length);
  if (!part) return page;
  if (part->from == part->to) {
    auto none = text_page(416, "There is nothing in that range.\n");
    none.fields.emplace_back("Content-Range", fmt::format("bytes */{}", *length));
    return none;
  }
  page.status = 206;
  page.from = part->from;
  page.to = part->to;
  page.fields.emplace_back("Content-Range",
                           fmt::format("bytes {}-{}/{}", page.from, page.to - 1, *length));
  return page;
}

Page status(std::string_view text) {
  const auto code = number<unsigned>(text);
  if (!code || *code < least_status || *code > most_status) return not_found();
  constexpr unsigned no_content = 204;
  constexpr unsigned not_modified = 304;
  const bool has_body = *code != no_content && *code != not_modified;
  return text_page(*code, has_body ? fmt::format("status {}\n", *code) : std::string());
}

Page redirect(const PageRequest& request, bool relative) {
  auto page = text_page(302, "The page is at /.\n");
  const bool whole = !relative && !request.host.empty();
  page.fields.emplace_back(
      "Location",
      whole ? fmt::format("{}://{}/", request.tls ? "https" : "http", request.host) : "/");
  return page;
}

Page echo(const PageRequest& request) {
  Page page;
  page.content_type = request.content_type.empty() ? octets : std::string(request.content_type);
  page.text = request.body;
  return page;
}

}  // namespace

Page answer(const PageRequest& request) {
  const auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/echo") return request.method == "POST" ? echo(request) : not_allowed("POST");
  if (request.method != "GET" && request.method != "HEAD") return not_allowed("GET, HEAD");
  if (path == "/") return text_page(200, "Hello from http.demo.\n");
  if (path == "/redirect") return redirect(request, false);
  if (path == "/redirect/relative") return redirect(request, true);
  if (const auto count = behind(path, bytes_path)) return bytes(*count, request.range, false);
  if (const auto count = behind(path, chunked_path)) return bytes(*count, {}, true);
  if (const auto code = behind(path, status_path)) return status(*code);
  return not_found();
}

}  // namespace emulator::demo
