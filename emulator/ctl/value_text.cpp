#include "emulator/ctl/value_text.hpp"

#include "codec/json_text.hpp"
#include "emulator/ctl/failure.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace emulator::ctl {

using nlohmann::json;

json value_of(const std::string& text) {
  auto value = codec::parse_json(text);
  return value.is_discarded() ? json(text) : value;
}

std::pair<std::string, json> assignment(const std::string& word) {
  const auto sign = word.find('=');
  if (sign == std::string::npos || sign == 0)
    throw Failure(fmt::format("{}: give it as name=value", word));
  return {word.substr(0, sign), value_of(word.substr(sign + 1))};
}

std::string plain(const json& value) {
  constexpr auto keep_going = json::error_handler_t::replace;
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, keep_going);
}

std::string pairs(const json& object) {
  std::string text;
  for (const auto& [name, value] : object.items())
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, plain(value));
  return text.empty() ? "-" : text;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

std::string as_is(const std::string& body) {
  return body.empty() || body.back() == '\n' ? body : body + '\n';
}

}  // namespace emulator::ctl
