#include "data_services/http/http_request.hpp"

#include "at_engine/text.hpp"
#include "codec/digest.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace data_services {
namespace {

constexpr std::array<std::string_view, 6> content_types{"application/x-www-form-urlencoded",
                                                        "text/plain",
                                                        "application/octet-stream",
                                                        "multipart/form-data",
                                                        "application/json",
                                                        "image/jpeg"};

bool is_token_byte(char c) {
  return at::is_letter(c) || at::is_digit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_value_byte(char c) {
  constexpr unsigned char blank = 0x20;
  constexpr unsigned char del = 0x7F;
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= blank && byte != del) || c == '\t';
}

using Fields = std::vector<HeaderField>;

HeaderField* named(Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) {
    return at::equal_ignoring_case(field.name, name);
  });
  return found == fields.end() ? nullptr : &*found;
}

Fields host_fields(const HttpSettings& settings) {
  auto fields = settings.fields;
  if (auto custom = parse_field(settings.custom_header)) fields.push_back(*std::move(custom));
  return fields;
}

Fields leading_fields(const HttpMessage& message, const HttpUrl& url, const HttpSettings& settings,
                      std::string_view user_agent) {
  Fields fields{{"Host", url.authority}};
  if (const auto& range = message.range)
    fields.push_back(
        {"Range", fmt::format("bytes={}-{}", range->first, range->first + range->length - 1)});
  fields.push_back({"User-Agent", std::string(user_agent)});
  fields.push_back({"Accept", "*/*"});
  if (!settings.credentials.empty())
    fields.push_back({"Authorization", "Basic " + codec::base64_encode(settings.credentials)});
  return fields;
}

Fields trailing_fields(const HttpMessage& message, const HttpSettings& settings) {
  Fields fields{{"Connection", "Keep-Alive"}};
  if (!message.body) return fields;
  const auto type = content_types[static_cast<std::size_t>(settings.content_type)];
  fields.push_back(
      {"Content-Type", message.content_type.empty() ? std::string(type) : message.content_type});
  fields.push_back({"Content-Length", std::to_string(message.body->size())});
  return fields;
}

}  // namespace

bool is_field(const HeaderField& field) {
  return !field.name.empty() && std::all_of(field.name.begin(), field.name.end(), is_token_byte) &&
         std::all_of(field.value.begin(), field.value.end(), is_value_byte);
}

std::optional<HeaderField> parse_field(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  HeaderField field{std::string(at::trim(text.substr(0, colon))),
                    std::string(at::trim(text.substr(colon + 1)))};
  if (!is_field(field)) return std::nullopt;
  return field;
}

std::string compose(const HttpMessage& message, const HttpUrl& url, const HttpSettings& settings,
                    std::string_view user_agent) {
  auto fields = leading_fields(message, url, settings, user_agent);
  auto trailing = trailing_fields(message, settings);
  for (const auto& own : host_fields(settings)) {
    auto* standing = named(fields, own.name);
    if (standing == nullptr) standing = named(trailing, own.name);
    if (standing == nullptr)
      fields.push_back(own);
    else
      standing->value = own.value;
  }
  fields.insert(fields.end(), trailing.begin(), trailing.end());
  auto text = fmt::format("{} {} HTTP/1.1\r\n", message.method, url.target);
  for (const auto& field : fields) text += fmt::format("{}: {}\r\n", field.name, field.value);
  return text + "\r\n" + message.body.value_or("");
}

std::string_view user_agent(const cellular::Knobs& knobs) {
  constexpr std::array<std::string_view, 2> agents{"QUECTEL_MODULE", "Quectel-Module"};
  return agents[static_cast<std::size_t>(knobs.get(cellular::Knob::user_agent))];
}

bool is_redirection(int status) {
  constexpr std::array statuses{301, 302, 303, 307, 308};
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

HttpMessage form_of(std::string method, std::string_view file, std::string content,
                    const HttpSettings& settings) {
  constexpr std::string_view usual_type = "application/octet-stream";
  std::string boundary = "----QuectelFormBoundary";
  while (content.find(boundary) != std::string::npos) boundary += '-';
  const auto head = fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n"
      "Content-Type: {}\r\n\r\n",
      boundary, settings.form_name.empty() ? "file" : settings.form_name,
      settings.form_file_name.empty() ? file : std::string_view(settings.form_file_name),
      settings.form_type.empty() ? usual_type : std::string_view(settings.form_type));
  content = fmt::format("{}{}\r\n--{}--\r\n", head, content, boundary);
  return {std::move(method), {}, std::move(content), "multipart/form-data; boundary=" + boundary};
}

}  // namespace data_services
