#include "data_services/http/http_commands.hpp"

#include "at_engine/text.hpp"

#include <chrono>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::text;
using cellular::Knob;
using namespace std::chrono_literals;

namespace {

constexpr int max_seconds = 65'535;
constexpr int usual_seconds = 60;
constexpr int max_url = 2048;
constexpr int max_raw_get = 2048;
constexpr int max_post = 1'024'000;
constexpr std::int64_t max_file_name = 80;
constexpr std::int64_t any = std::numeric_limits<std::int32_t>::max();
constexpr int bad_parameter = code(HttpError::parameter);
/// As long as a request may take, where a failure is the final result.
constexpr at::Duration request_limit = 125s + std::chrono::seconds(max_seconds);

constexpr at::Param rsptime = number("rsptime", 1, max_seconds).as(at::Shown::angled).optional();
constexpr at::Param input_time =
    number("input_time", 1, max_seconds).as(at::Shown::angled).optional();
constexpr at::Param wait_time =
    number("wait_time", 1, max_seconds).as(at::Shown::angled).optional();
constexpr at::Param file_name = text("file_name", 1, max_file_name).as(at::Shown::angled);

at::Duration seconds(const at::Args& args, std::size_t i) {
  return std::chrono::seconds(args.number_or(i, usual_seconds));
}

Outcome refuse(HttpError error) { return Outcome::cme(code(error)); }

consteval Command<Qhttp> sends(std::string_view name, at::Handler<Qhttp> handler,
                               std::string_view section, std::string_view summary) {
  return {.name = name,
          .params = {number("data_length", 1, max_post), input_time, rsptime},
          .limit = request_limit,
          .write = handler,
          .out_of_range = bad_parameter,
          .section = section,
          .source = Source::sibling,
          .summary = summary};
}

consteval Command<Qhttp> sends_file(std::string_view name, at::Handler<Qhttp> handler,
                                    std::string_view section, std::string_view summary) {
  return {.name = name,
          .params = {file_name, rsptime, number("post_mode", 0, 2).optional()},
          .limit = request_limit,
          .write = handler,
          .out_of_range = bad_parameter,
          .section = section,
          .source = Source::sibling,
          .summary = summary};
}

}  // namespace

const std::array<Command<Qhttp>, 8>& Qhttp::commands() {
  static constexpr std::array<Command<Qhttp>, 8> table{{
      {.name = "+QHTTPURL",
       .params = {number("url_length", 1, max_url),
                  number("timeout", 1, max_seconds).as(at::Shown::angled).optional()},
       .read = &Qhttp::show_url,
       .write = &Qhttp::url,
       .search = &Qhttp::url_range,
       .out_of_range = bad_parameter,
       .section = "HTTP 2.3.2",
       .source = Source::sibling,
       .summary = "Set the URL, which is sent behind CONNECT"},
      {.name = "+QHTTPGET",
       .params = {rsptime, number("data_length", 1, max_raw_get).optional(), input_time},
       .limit = request_limit,
       .write = &Qhttp::get,
       .bare = true,
       .out_of_range = bad_parameter,
       .section = "HTTP 2.3.3",
       .source = Source::sibling,
       .summary = "GET the URL; with \"requestheader\" 1 by a raw request"},
      {.name = "+QHTTPGETEX",
       .params = {number("rsptime", 1, max_seconds).as(at::Shown::angled),
                  number("start_position", 0, any).as(at::Shown::angled),
                  number("read_len", 1, any).as(at::Shown::angled)},
       .limit = request_limit,
       .write = &Qhttp::get_part,
       .out_of_range = bad_parameter,
       .section = "HTTP 2.3.4",
       .source = Source::sibling,
       .summary = "GET a part of what the URL names"},
      sends(
          "+QHTTPPOST", &Qhttp::post, "HTTP 2.3.5",
          "POST what is sent behind CONNECT: the body, or with \"requestheader\" 1 a raw request"),
      sends_file("+QHTTPPOSTFILE", &Qhttp::post_file, "HTTP 2.3.6",
                 "POST a file; post_mode 1 remembers it, 2 sends the remembered one before it"),
      {.name = "+QHTTPREAD",
       .params = {wait_time},
       .write = &Qhttp::read,
       .bare = true,
       .out_of_range = bad_parameter,
       .section = "HTTP 2.3.9",
       .source = Source::sibling,
       .summary = "Read the response"},
      {.name = "+QHTTPREADFILE",
       .params = {file_name, wait_time},
       .write = &Qhttp::read_file,
       .out_of_range = bad_parameter,
       .section = "HTTP 2.3.10",
       .source = Source::sibling,
       .summary = "Read the response into a file"},
      {.name = "+QHTTPSTOP",
       .exec = &Qhttp::stop,
       .test = at::TestForm::bare,
       .section = "HTTP 2.3.11",
       .source = Source::sibling,
       .summary = "Cancel the request, drop the response, close the connection"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

const std::array<Command<Qhttp>, 4>& Qhttp::sibling_commands() {
  static constexpr std::array<Command<Qhttp>, 4> table{{
      sends("+QHTTPPUT", &Qhttp::put, "HTTP 2.3.7", "As +QHTTPPOST, by PUT"),
      sends_file("+QHTTPPUTFILE", &Qhttp::put_file, "HTTP 2.3.8", "As +QHTTPPOSTFILE, by PUT"),
      sends("+QHTTPPATCH", &Qhttp::patch, "HTTP 2.3.7", "As +QHTTPPOST, by PATCH"),
      sends_file("+QHTTPPATCHFILE", &Qhttp::patch_file, "HTTP 2.3.8",
                 "As +QHTTPPOSTFILE, by PATCH"),
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome Qhttp::url_range() {
  const bool is_short = session_.world().knobs.is_set(Knob::url_max);
  return Outcome::ok(is_short ? "+QHTTPURL: (1-700),(1-65535)" : "+QHTTPURL: (7-2048),<timeout>");
}

Outcome Qhttp::show_url() {
  const auto& url = session_.settings().url;
  return url.empty() ? Outcome::ok() : Outcome::ok("+QHTTPURL: " + url);
}

Outcome Qhttp::url(const Args& args) {
  constexpr int shortest = 7;
  constexpr int short_most = 700;
  const bool is_short = session_.world().knobs.is_set(Knob::url_max);
  const int length = args.number(0);
  if (is_short ? length > short_most : length < shortest) return refuse(HttpError::parameter);
  return session_.enter_url({static_cast<std::size_t>(length), seconds(args, 1)});
}

Outcome Qhttp::get(const Call& call) {
  const auto& args = call.args;
  HttpSession::Request request{call.asker, "+QHTTPGET", {"GET"}, seconds(args, 0)};
  const bool is_raw = session_.settings().raw_request;
  if (is_raw != args.given(1) || (args.given(2) && !is_raw)) return refuse(HttpError::parameter);
  if (!is_raw) return session_.perform(std::move(request));
  request.raw.emplace();
  return session_.perform(std::move(request),
                          {static_cast<std::size_t>(args.number(1)), seconds(args, 2)});
}

Outcome Qhttp::get_part(const Call& call) {
  const auto& args = call.args;
  if (session_.settings().raw_request) return Outcome::error();
  return session_.perform({call.asker,
                           "+QHTTPGET",
                           {"GET", ByteRange{args.number(1), args.number(2)}},
                           seconds(args, 0)});
}

Outcome Qhttp::post(const Call& call) { return send(call, "+QHTTPPOST", "POST"); }
Outcome Qhttp::put(const Call& call) { return send(call, "+QHTTPPUT", "PUT"); }
Outcome Qhttp::patch(const Call& call) { return send(call, "+QHTTPPATCH", "PATCH"); }

Outcome Qhttp::send(const Call& call, std::string_view result, std::string method) {
  const auto& args = call.args;
  HttpSession::Request request{call.asker, result, {std::move(method)}, seconds(args, 2)};
  if (session_.settings().raw_request) request.raw.emplace();
  return session_.perform(std::move(request),
                          {static_cast<std::size_t>(args.number(0)), seconds(args, 1)});
}

Outcome Qhttp::post_file(const Call& call) { return send_file(call, "+QHTTPPOSTFILE", "POST"); }
Outcome Qhttp::put_file(const Call& call) { return send_file(call, "+QHTTPPUTFILE", "PUT"); }
Outcome Qhttp::patch_file(const Call& call) { return send_file(call, "+QHTTPPATCHFILE", "PATCH"); }

Outcome Qhttp::send_file(const Call& call, std::string_view result, std::string method) {
  enum Mode { now, remember, with_remembered };
  const auto& args = call.args;
  const auto& files = session_.world().files;
  const auto name = args.text(0);
  auto content = files.content(name);
  if (const auto why = session_.obstacle()) return refuse(*why);
  if (!content) return refuse(HttpError::parameter);
  const int mode = args.number_or(2, now);
  if (mode == remember) {
    remembered_file_ = name;
    return Outcome::ok();
  }
  if (mode == with_remembered) {
    const auto first = files.content(std::exchange(remembered_file_, {}));
    if (!first) return refuse(HttpError::parameter);
    content->insert(0, *first);
  }
  auto request = file_request(std::move(method), name, *std::move(content));
  request.asker = call.asker;
  request.result = result;
  request.patience = seconds(args, 1);
  return session_.perform(std::move(request));
}

HttpSession::Request Qhttp::file_request(std::string method, const std::string& name,
                                         std::string content) const {
  const auto& settings = session_.settings();
  HttpSession::Request request{};
  if (settings.raw_request)
    request.raw = std::move(content);
  else if (settings.content_type == form_content_type)
    request.message = form_of(std::move(method), name, std::move(content), settings);
  else
    request.message = {std::move(method), {}, std::move(content)};
  return request;
}

Outcome Qhttp::read(const Call& call) { return session_.read(call.asker, seconds(call.args, 0)); }

Outcome Qhttp::read_file(const Call& call) {
  return session_.read_file(call.asker, call.args.text(0), seconds(call.args, 1));
}

Outcome Qhttp::stop() {
  if (session_.obstacle() == HttpError::uart_busy) return refuse(HttpError::uart_busy);
  session_.stop();
  return Outcome::ok();
}

}  // namespace data_services
