// What a faulty port says where nobody would expect it.
#include "emulator/faults/faulty_port.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace emulator::faults {
namespace {

constexpr std::array<std::string_view, 7> place_names{
    "now",       "before-echo", "between-echo-and-reply", "inside-reply", "glued-to-result",
    "in-prompt", "after-byte"};
constexpr std::string_view line_end = "\r\n";

/// Where the result of an answer begins, with its framing.
std::size_t result_at(std::string_view answer) {
  if (answer.size() < 2 * line_end.size()) return 0;
  const auto before = answer.rfind(line_end, answer.size() - line_end.size() - 1);
  return before == std::string_view::npos ? 0 : before;
}

/// Behind the n-th information line, or behind the last one if there are fewer.
std::size_t behind_line(std::string_view answer, std::size_t n) {
  const auto end = result_at(answer);
  std::size_t at = 0;
  for (; n > 0 && at < end; --n) {
    const auto text = at + (answer.substr(at, line_end.size()) == line_end ? line_end.size() : 0);
    const auto next = answer.find(line_end, text);
    if (next == std::string_view::npos || next + line_end.size() > end) return end;
    at = next + line_end.size();
  }
  return at;
}

}  // namespace

std::optional<Place> place_of(std::string_view name) {
  const auto* const found = std::find(place_names.begin(), place_names.end(), name);
  if (found == place_names.end()) return std::nullopt;
  return static_cast<Place>(found - place_names.begin());
}

std::string_view name_of(Place place) { return place_names[static_cast<std::size_t>(place)]; }

bool FaultyPort::insert(Insertion insertion) {
  auto size = insertion.bytes.size() + insertion.line.size();
  for (const auto& other : insertions_) size += other.bytes.size() + other.line.size();
  if (insertions_.size() >= most_insertions || size > max_waiting) return false;
  const bool now = insertion.place == Place::now;
  insertions_.push_back(std::move(insertion));
  if (now && can_speak()) say_what_waits();
  return true;
}

/// What is to be said once the terminal is idle.
void FaultyPort::say_what_waits() {
  const auto due = [](const Insertion& insertion) { return insertion.place == Place::now; };
  for (const auto& insertion : insertions_) {
    if (!due(insertion)) continue;
    if (waiting_.empty())
      port_.write(insertion.bytes);
    else
      say({{}, insertion.bytes});
    hooks_.inserted(insertion);
  }
  std::erase_if(insertions_, due);
}

/// What was to come with an answer that is dropped waits for the next.
bool FaultyPort::applies(Place place, const Said& said, Unit unit) {
  if (said.unit.empty()) return false;
  switch (place) {
    case Place::now:
      return false;
    case Place::in_prompt:
      return unit.is_prompt;
    case Place::after_byte:
      return !unit.is_prompt && !unit.dropped;
    case Place::before_echo:
    case Place::between_echo_and_reply:
      return unit.is_reply && !(unit.dropped && said.echo.empty());
    case Place::inside_reply:
    case Place::glued_to_result:
      break;
  }
  return unit.is_reply && !unit.dropped;
}

bool FaultyPort::insert_into(Said& said, Unit unit) {
  const auto due = [&](const Insertion& insertion) { return applies(insertion.place, said, unit); };
  for (const auto& insertion : insertions_) {
    if (!due(insertion)) continue;
    insert_into(said, insertion);
    hooks_.inserted(insertion);
  }
  return std::erase_if(insertions_, due) > 0;
}

void FaultyPort::insert_into(Said& said, const Insertion& insertion) const {
  auto& unit = said.unit;
  switch (insertion.place) {
    case Place::before_echo:
      said.echo.insert(0, insertion.bytes);
      break;
    case Place::between_echo_and_reply:
      said.echo += insertion.bytes;
      break;
    case Place::inside_reply:
      unit.insert(behind_line(unit, std::max<std::size_t>(insertion.n, 1)), insertion.bytes);
      break;
    case Place::glued_to_result: {
      const bool framed = insertion.bytes.compare(0, line_end.size(), line_end) == 0;
      unit += insertion.bytes.substr(framed ? line_end.size() : 0);
      break;
    }
    case Place::in_prompt:
      unit += insertion.bytes;
      break;
    case Place::after_byte:
      unit.insert(std::min(insertion.n, unit.size()), insertion.bytes);
      break;
    case Place::now:
      break;
  }
}

}  // namespace emulator::faults
