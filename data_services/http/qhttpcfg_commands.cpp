// AT+QHTTPCFG: what is set for HTTP, one row a key (data services 8.1).
#include "at_engine/setting.hpp"
#include "at_engine/text.hpp"
#include "data_services/http/http_commands.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace data_services {
namespace {

using at::choice;
using at::field;
using at::number;
using at::Outcome;
using at::text;
using S = HttpSettings;
using Key = at::Setting<HttpSettings>;

constexpr std::int64_t max_url = 2048;
constexpr std::int64_t max_name = 128;
constexpr std::int64_t max_value = 1024;
constexpr std::size_t shown_keys = 12;

constexpr at::Param flag = choice("value", {0, 1});
constexpr at::Param field_name = text("name", 1, max_name).as(at::Shown::angled);
constexpr at::Param field_value = text("value", 0, max_value).as(at::Shown::angled);

consteval at::Param named(std::string_view name, std::int64_t most) {
  return text(name, 0, most).as(at::Shown::angled);
}

bool settle_custom_header(S& settings) {
  return settings.custom_header.empty() || parse_field(settings.custom_header);
}

constexpr at::FieldList<S> custom_header{
    field<&S::custom_header>(named("header_value", max_value))};

/// Those without fields have handlers of their own.
constexpr std::array<Key, Qhttp::key_count> keys{{
    {.key = "contextid",
     .fields = {field<&S::cid>(number("contextID", 1, 15))},
     .summary = "PDP context that is used"},
    {.key = "requestheader",
     .fields = {field<&S::raw_request>(flag)},
     .summary = "Requests are the module's, or wholly the host's"},
    {.key = "responseheader",
     .fields = {field<&S::response_head>(flag)},
     .summary = "What is read begins with status line and fields"},
    {.key = "sslctxid",
     .fields = {field<&S::ssl_ctx>(number("ctx_id", 0, ssl_ctx::context_count - 1))},
     .summary = "Context of AT+QSSLCFG that HTTPS uses"},
    {.key = "contenttype",
     .fields = {field<&S::content_type>(number("content_type", 0, 5))},
     .summary =
         "Field Content-Type of a body: URL-encoded, plain text, octets, form (3), JSON, JPEG"},
    {.key = "rspout/auto",
     .fields = {field<&S::prints_response>(flag)},
     .summary = "A response is told by itself"},
    {.key = "closed/ind",
     .fields = {field<&S::tells_closed>(flag)},
     .summary = "The server's end of the connection is told"},
    {.key = "url", .fields = {}, .summary = "The URL, as AT+QHTTPURL"},
    {.key = "custom_header",
     .fields = custom_header,
     .summary = "One more header field, \"Name: value\"",
     .settle = settle_custom_header},
    {.key = "auth",
     .fields = {field<&S::credentials>(named("user_pwd", max_value))},
     .summary = "Basic authentication, \"user:password\""},
    {.key = "form/option",
     .fields = {field<&S::form_name>(named("name", max_name)),
                field<&S::form_file_name>(named("file_name", max_name)),
                field<&S::form_type>(named("content_type", max_name))},
     .summary = "Name, file name and type of a file that is posted as a form (\"contenttype\" 3)"},
    {.key = "reset", .fields = {}, .summary = "Everything as after a start"},
    {.key = "customheader",
     .fields = custom_header,
     .summary = "Second spelling of \"custom_header\"",
     .settle = settle_custom_header},
    {.key = "reqheader/add", .fields = {}, .summary = "Add a header field, or show it"},
    {.key = "reqheader/remove", .fields = {}, .summary = "Remove a field of \"reqheader/add\""},
    {.key = "header", .fields = {}, .summary = "Taken, and without effect"},
}};

std::string line_of(const Key& key, const S& settings) {
  if (key.key == "url") return fmt::format("+QHTTPCFG: \"url\",\"{}\"", settings.url);
  return fmt::format("+QHTTPCFG: \"{}\",{}", key.key, key.values(settings));
}

std::string line_of(const HeaderField& field) {
  return fmt::format("+QHTTPCFG: \"reqheader/add\",\"{}\",\"{}\"", field.name, field.value);
}

auto has_name(std::string_view name) {
  return [name](const HeaderField& field) { return at::equal_ignoring_case(field.name, name); };
}

}  // namespace

const std::array<at::Command<Qhttp>, Qhttp::key_count>& Qhttp::config_commands() {
  static const auto table = [] {
    std::array<at::Command<Qhttp>, key_count> rows;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& key = keys[i];
      auto& row = rows[i] = {.name = "+QHTTPCFG",
                             .key = key.key,
                             .params = key.params({}),
                             .read = &Qhttp::show_all,
                             .write = &Qhttp::configure,
                             .out_of_range = code(HttpError::parameter),
                             .section = "HTTP 2.3.1",
                             .source = at::Source::sibling,
                             .summary = key.summary};
      if (i >= shown_keys) row.test = at::TestForm::bare;
      if (key.key == "url") {
        row.params = {named("url_string", max_url).optional()};
        row.write = &Qhttp::url_key;
      } else if (key.key == "reset") {
        row.write = &Qhttp::reset_settings;
      } else if (key.key == "reqheader/add") {
        row.params = {field_name.optional(), field_value.optional()};
        row.write = &Qhttp::add_field;
      } else if (key.key == "reqheader/remove") {
        row.params = {field_name};
        row.write = &Qhttp::remove_field;
      } else if (key.key == "header") {
        row.params = {field_value.optional(), field_value.optional()};
        row.write = &Qhttp::pass_over;
      }
    }
    return rows;
  }();
  return table;
}

Outcome Qhttp::show_all() {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown_keys; ++i)
    if (keys[i].key != "reset") lines.push_back(line_of(keys[i], session_.settings()));
  for (const auto& field : session_.settings().fields) lines.push_back(line_of(field));
  return Outcome::ok(std::move(lines));
}

Outcome Qhttp::configure(const Args& args) {
  const auto& key = *std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return each.key == args.key(); });
  auto& settings = session_.settings();
  if (!args.given_from(0)) return Outcome::ok(line_of(key, settings));
  if (const auto why = session_.obstacle()) return Outcome::cme(code(*why));
  return key.set(settings, args, 0) ? Outcome::ok() : Outcome::cme(code(HttpError::parameter));
}

Outcome Qhttp::url_key(const Args& args) {
  if (!args.given(0)) return Outcome::ok(line_of(keys[7], session_.settings()));
  if (const auto why = session_.obstacle()) return Outcome::cme(code(*why));
  return session_.set_url(args.text(0)) ? Outcome::ok() : Outcome::cme(code(HttpError::url));
}

Outcome Qhttp::add_field(const Args& args) {
  auto& fields = session_.settings().fields;
  std::vector<std::string> lines;
  if (!args.given(1)) {
    for (const auto& field : fields)
      if (!args.given(0) || has_name(args.text_view(0))(field)) lines.push_back(line_of(field));
    return Outcome::ok(std::move(lines));
  }
  if (const auto why = session_.obstacle()) return Outcome::cme(code(*why));
  if (!args.given(0)) return Outcome::cme(code(HttpError::parameter));
  const HeaderField field{args.text(0), args.text(1)};
  if (!is_field(field)) return Outcome::cme(code(HttpError::parameter));
  const auto standing = std::find_if(fields.begin(), fields.end(), has_name(field.name));
  if (standing != fields.end())
    *standing = field;
  else if (fields.size() == HttpSettings::max_fields)
    return Outcome::cme(code(HttpError::no_memory));
  else
    fields.push_back(field);
  return Outcome::ok();
}

Outcome Qhttp::remove_field(const Args& args) {
  if (const auto why = session_.obstacle()) return Outcome::cme(code(*why));
  const auto removed = std::erase_if(session_.settings().fields, has_name(args.text_view(0)));
  return removed > 0 ? Outcome::ok() : Outcome::cme(code(HttpError::parameter));
}

Outcome Qhttp::pass_over(const Args&) { return Outcome::ok(); }

Outcome Qhttp::reset_settings() {
  if (const auto why = session_.obstacle()) return Outcome::cme(code(*why));
  session_.settings() = {};
  return Outcome::ok();
}

void Qhttp::snapshot(at::Memo& memo) {
  auto& settings = session_.settings();
  memo.enter("http");
  if (memo.restoring()) {
    session_.stop();
    settings = {};
    remembered_file_.clear();
  }
  for (const auto& key : keys)
    if (key.key != "customheader") key.snapshot(memo, settings);
  memo.bytes("url", settings.url, text("url", 0, max_url));
  memo.require(settings.url.empty() || parse_url(settings.url).has_value(), "url", "is no URL");
  memo.list("fields", settings.fields, HttpSettings::max_fields, [&](HeaderField& item) {
    memo.text("name", item.name, field_name);
    memo.text("value", item.value, field_value);
    memo.require(is_field(item), "name", "is no header field");
  });
  memo.leave();
}

}  // namespace data_services
