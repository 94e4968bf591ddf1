// One thing that happened to a modem, as onlookers are shown it: when, of what kind, and named
// values. Cheap to make; JSON only where somebody asks for it (contract CTL-12, CTL-13). Kept by
// the Journal.
#pragma once

#include "at_engine/timeline.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace emulator::journal {

/// In the order of their names' appearance in the contract.
enum class Kind {
  rx,
  tx,
  command,
  result,
  urc,
  prompt,
  data,
  link,
  packet,
  client,
  stat,
  device,
  fault,
  lint,
  control,
  time,
  timer,
  wire,
};

constexpr std::size_t kind_count = 18;

[[nodiscard]] std::string_view name_of(Kind kind);
/// Nothing for a name that is no kind.
[[nodiscard]] std::optional<Kind> kind_of(std::string_view name);

/// Shown twice: as base64, and readably with \xNN for what cannot be printed.
struct Bytes {
  std::string bytes;
};
/// The numbers of other events.
using Because = std::vector<std::uint64_t>;
using Numbers = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

using Value = std::variant<bool, std::int64_t, double, std::string, Bytes, Numbers, Texts>;

struct Field {
  std::string_view name;  // of static storage
  Value value;
};

/// A list of them, moved into place.
template <class... F>
[[nodiscard]] std::vector<Field> make_fields(F... each) {
  std::vector<Field> all;
  all.reserve(sizeof...(each));
  (all.push_back(std::move(each)), ...);
  return all;
}

struct Event {
  std::uint64_t seq = 0;
  at::Time at{};
  Kind kind = Kind::rx;
  std::vector<Field> fields;

  /// Null when there is none of that name.
  [[nodiscard]] const Value* find(std::string_view name) const;
  /// What it occupies, about.
  [[nodiscard]] std::size_t size() const;
};

/// The printable bytes as they are, others as \xNN.
[[nodiscard]] std::string readable(std::string_view bytes);

/// Seconds since the start.
[[nodiscard]] double seconds(at::Time at);

[[nodiscard]] nlohmann::json to_json(const Event& event);
/// One line of NDJSON, without its end.
[[nodiscard]] std::string to_line(const Event& event);

}  // namespace emulator::journal
