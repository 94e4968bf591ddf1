#include "emulator/journal/selection.hpp"

#include <algorithm>

namespace emulator::journal {
namespace {

bool has_text(const Event& event, const faults::Pattern& pattern) {
  return std::any_of(event.fields.begin(), event.fields.end(), [&](const Field& field) {
    // Of bytes the member `text` is made.
    if (const auto* bytes = std::get_if<Bytes>(&field.value))
      return pattern.found_in(readable(bytes->bytes));
    if (field.name != "line" && field.name != "topic" && field.name != "text") return false;
    const auto* const text = std::get_if<std::string>(&field.value);
    return text != nullptr && pattern.found_in(*text);
  });
}

template <class Wanted>
bool is(const Event& event, std::string_view name, const Wanted& wanted) {
  const auto* const value = event.find(name);
  const auto* const found = value == nullptr ? nullptr : std::get_if<Wanted>(value);
  return found != nullptr && *found == wanted;
}

}  // namespace

bool Selection::takes(const Event& event) const {
  if (!kinds.empty() && kinds.count(event.kind) == 0) return false;
  if (from && event.at < *from) return false;
  if (to && event.at > *to) return false;
  if (channel && !is(event, "channel", *channel)) return false;
  if (client && !is(event, "client", *client)) return false;
  return !text || has_text(event, *text);
}

}  // namespace emulator::journal
