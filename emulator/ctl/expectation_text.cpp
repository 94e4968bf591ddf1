#include "emulator/ctl/expectation_text.hpp"

#include "codec/json_text.hpp"
#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/value_text.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace emulator::ctl {
namespace {

using nlohmann::json;

bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

/// Whether `text` begins with `member=`.
bool begins_member(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_name_letter(text[size])) ++size;
  return size > 0 && size < text.size() && text[size] == '=';
}

std::vector<std::string> members_in(std::string_view text) {
  std::vector<std::string> members(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      // A comma needs no backslash where the pattern is read.
      if (text[i + 1] != ',') members.back() += text[i];
      members.back() += text[++i];
    } else if (text[i] == ',' && begins_member(text.substr(i + 1))) {
      members.emplace_back();
    } else {
      members.back() += text[i];
    }
  }
  return members;
}

json value_in(const std::string& member, const std::string& text) {
  if (!text.starts_with('=')) return text;
  auto value = codec::parse_json(text.substr(1));
  if (!value.is_number() && !value.is_boolean())
    throw Failure(
        fmt::format("{}=={}: has to be a number, true or false; a pattern that begins "
                    "with = is [=]",
                    member, text.substr(1)));
  return value;
}

}  // namespace

json wanted(const std::string& word) {
  const auto colon = word.find(':');
  json object{{"kind", word.substr(0, colon)}};
  if (colon == std::string::npos) return object;
  for (const auto& text : members_in(std::string_view(word).substr(colon + 1))) {
    if (!begins_member(text))
      throw Failure(fmt::format("{}: give it as KIND:member=PATTERN[,member=PATTERN]", word));
    const auto sign = text.find('=');
    const auto member = text.substr(0, sign);
    if (object.contains(member)) throw Failure(fmt::format("{}: {} is there twice", word, member));
    object[member] = value_in(member, text.substr(sign + 1));
  }
  return object;
}

std::string wanted_text(const json& wanted) {
  std::string text = wanted.value("kind", "");
  char separator = ':';
  for (const auto& [member, value] : wanted.items()) {
    if (member == "kind") continue;
    text += fmt::format("{}{}={}{}", separator, member, value.is_string() ? "" : "=", plain(value));
    separator = ',';
  }
  return text;
}

}  // namespace emulator::ctl
