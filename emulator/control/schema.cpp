#include "emulator/control/schema.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator::control {
namespace {

constexpr std::size_t longest_name = 64;

bool is_name(std::string_view text) {
  const auto begins = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const auto goes_on = [&](char c) { return begins(c) || c == '.' || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= longest_name && begins(text.front()) &&
         std::all_of(text.begin(), text.end(), goes_on);
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
  });
}

Schema of_kind(Schema::Kind kind) {
  Schema schema;
  schema.kind = kind;
  return schema;
}

Schema ranged(Schema::Kind kind, double least, double most) {
  Schema schema = of_kind(kind);
  schema.least = least;
  schema.most = most;
  return schema;
}

std::string allowed_list(const Schema& schema) {
  if (schema.max_length)
    return fmt::format("a list of {} to {} items", schema.min_length, *schema.max_length);
  return schema.min_length == 0 ? "a list"
                                : fmt::format("a list of at least {} items", schema.min_length);
}

std::string allowed_text(const Schema& schema) {
  if (!schema.choices.empty()) return fmt::format("one of {}", fmt::join(schema.choices, ", "));
  if (!schema.pattern.empty()) return fmt::format("a text like {}", schema.pattern);
  if (schema.max_length)
    return fmt::format("a text of {} to {} characters", schema.min_length, *schema.max_length);
  return schema.min_length == 0
             ? "a text"
             : fmt::format("a text of at least {} characters", schema.min_length);
}

}  // namespace

Schema Schema::described(std::string text) const {
  Schema copy = *this;
  copy.about = std::move(text);
  return copy;
}

Schema Schema::as_component(std::string name) const {
  Schema copy = *this;
  copy.component = std::move(name);
  return copy;
}

Schema anything() { return {}; }

Schema boolean() { return of_kind(Schema::Kind::boolean); }

Schema integer(std::int64_t least, std::int64_t most) {
  return ranged(Schema::Kind::integer, static_cast<double>(least), static_cast<double>(most));
}

Schema number(double least, double most) { return ranged(Schema::Kind::number, least, most); }

Schema text(std::size_t min_length, std::optional<std::size_t> max_length) {
  Schema schema = of_kind(Schema::Kind::text);
  schema.min_length = min_length;
  schema.max_length = max_length;
  return schema;
}

Schema text_like(std::string pattern, bool (*fits)(std::string_view)) {
  Schema schema = text();
  schema.pattern = std::move(pattern);
  schema.fits = fits;
  return schema;
}

Schema one_of(std::vector<std::string> choices) {
  Schema schema = text();
  schema.choices = std::move(choices);
  return schema;
}

Schema name() { return text_like("^[a-z0-9][a-z0-9._-]{0,63}$", is_name); }

Schema base64() {
  return text_like("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", is_base64);
}

Schema list_of(Schema item, std::size_t min_items, std::optional<std::size_t> max_items) {
  Schema schema = of_kind(Schema::Kind::list);
  schema.items.push_back(std::move(item));
  schema.min_length = min_items;
  schema.max_length = max_items;
  return schema;
}

Schema object(std::vector<Member> members) {
  Schema schema = of_kind(Schema::Kind::object);
  schema.members = std::move(members);
  return schema;
}

Schema open_object(std::vector<Member> members) {
  Schema schema = object(std::move(members));
  schema.open = true;
  return schema;
}

Schema with_exactly_one(Schema object, std::vector<std::string> names) {
  object.exactly_one = std::move(names);
  return object;
}

Schema with_variants(Schema object, std::string member, std::vector<Variant> variants) {
  object.chosen_by = std::move(member);
  object.variants = std::move(variants);
  return object;
}

std::string allowed(const Schema& schema) {
  switch (schema.kind) {
    case Schema::Kind::any:
      return "any value";
    case Schema::Kind::boolean:
      return "true or false";
    case Schema::Kind::integer:
      return fmt::format("an integer from {:.0f} to {:.0f}", schema.least.value_or(0),
                         schema.most.value_or(0));
    case Schema::Kind::number:
      return fmt::format("a number from {} to {}", schema.least.value_or(0),
                         schema.most.value_or(0));
    case Schema::Kind::text:
      return allowed_text(schema);
    case Schema::Kind::list:
      return allowed_list(schema);
    case Schema::Kind::object:
      return "an object";
  }
  return {};
}

}  // namespace emulator::control
