// What a JSON value has to be, declared once: requests are checked by it, and OpenAPI is told it as
// JSON Schema. Part of the table of routes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::control {

struct Member;
struct Variant;

struct Schema {
  enum class Kind { any, boolean, integer, number, text, list, object };

  Kind kind = Kind::any;
  std::string about;                         // for OpenAPI
  std::optional<double> least;               // of a number
  std::optional<double> most;                // of a number
  std::size_t min_length = 0;                // of a text, in characters; of a list, in items
  std::optional<std::size_t> max_length;     // likewise
  std::vector<std::string> choices;          // of a text; empty: any
  std::string pattern;                       // of a text, for OpenAPI; `fits` decides
  bool (*fits)(std::string_view) = nullptr;  // of a text
  std::vector<Schema> items;                 // of a list: one schema, for each item
  std::vector<Member> members;               // of an object
  bool open = false;                         // an object may have other members, too
  std::vector<std::string> exactly_one;      // of an object: members of which one must be there
  std::string chosen_by;                     // of an object: the member that tells the variant
  std::vector<Variant> variants;             // what an object has more, by that member
  std::string component;                     // under which OpenAPI keeps it; empty: in its place

  /// Says more about it.
  [[nodiscard]] Schema described(std::string text) const;
  /// Has a name in OpenAPI, for what stands in several places.
  [[nodiscard]] Schema as_component(std::string name) const;
};

struct Member {
  std::string name;
  Schema schema;
  bool required = false;
};

struct Variant {
  std::string value;
  std::vector<Member> members;
  std::string about{};
};

[[nodiscard]] Schema anything();
[[nodiscard]] Schema boolean();
[[nodiscard]] Schema integer(std::int64_t least, std::int64_t most);
[[nodiscard]] Schema number(double least, double most);
[[nodiscard]] Schema text(std::size_t min_length = 0, std::optional<std::size_t> max_length = {});
/// `pattern` (ECMA-262, anchored) says what `fits` checks.
[[nodiscard]] Schema text_like(std::string pattern, bool (*fits)(std::string_view));
/// One of these texts.
[[nodiscard]] Schema one_of(std::vector<std::string> choices);
/// `[a-z0-9][a-z0-9._-]{0,63}`.
[[nodiscard]] Schema name();
/// Base64 (RFC 4648, with padding).
[[nodiscard]] Schema base64();
[[nodiscard]] Schema list_of(Schema item, std::size_t min_items = 0,
                             std::optional<std::size_t> max_items = {});
[[nodiscard]] Schema object(std::vector<Member> members);
/// An object that may have any members beside these.
[[nodiscard]] Schema open_object(std::vector<Member> members = {});
/// Exactly one of the members `names` has to be there.
[[nodiscard]] Schema with_exactly_one(Schema object, std::vector<std::string> names);
/// Of what `member` (a text, required) says depends which members the object has more.
[[nodiscard]] Schema with_variants(Schema object, std::string member,
                                   std::vector<Variant> variants);

/// Why a value does not do.
struct Violation {
  std::string field;   // as in a Problem; empty: the value itself
  std::string detail;  // "must be an integer from 0 to 5"
};

/// Whether `value` is what `schema` says; nothing if so.
[[nodiscard]] std::optional<Violation> check(const Schema& schema, const nlohmann::json& value);

/// "an integer from 0 to 5".
[[nodiscard]] std::string allowed(const Schema& schema);

}  // namespace emulator::control
