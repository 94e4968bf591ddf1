#include "emulator/snapshot/json_memo.hpp"

#include "codec/digest.hpp"
#include "codec/json_text.hpp"

#include <cassert>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator::snapshot {
namespace {

using nlohmann::json;

constexpr const char* bytes_member = "base64";

json as_json(const std::string& text) {
  json plain = text;
  try {
    static_cast<void>(plain.dump());
    return plain;
  } catch (const json::exception&) {
    return {{bytes_member, codec::base64_encode(text)}};
  }
}

std::optional<std::string> as_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object() || value.size() != 1 || !value.contains(bytes_member)) return std::nullopt;
  const auto& bytes = value.at(bytes_member);
  if (!bytes.is_string()) return std::nullopt;
  return codec::base64_decode(bytes.get<std::string>());
}

bool admits(const at::Param& range, const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (size == 0 && range.low == 0) return true;
  return size >= range.low && size <= range.high && range.admits_word(text);
}

std::string allowed(const at::Param& range) {
  if (range.kind == at::Kind::choice)
    return fmt::format(
        "must be one of {}",
        fmt::join(range.choices.begin(),
                  range.choices.begin() + static_cast<long>(range.choice_count), ", "));
  if (range.kind == at::Kind::number)
    return fmt::format("must be an integer from {} to {}", range.low, range.high);
  if (!range.words.empty()) return fmt::format("must be one of {}", range.words);
  return fmt::format("must be a text of {} to {} bytes", range.low, range.high);
}

std::string joined(const std::string& path, std::string_view name) {
  if (name.empty()) return path;
  return fmt::format("{}{}{}", path, path.empty() ? "" : ".", name);
}

}  // namespace

json& WritingMemo::make(std::string_view name, json value) {
  auto& place = *places_.back();
  const std::string key(name);
  assert(!place.contains(key));
  return place[key] = std::move(value);
}

void WritingMemo::number(std::string_view name, std::int64_t& value, const at::Param&) {
  make(name, value);
}

void WritingMemo::flag(std::string_view name, bool& value) { make(name, value); }

void WritingMemo::bytes(std::string_view name, std::string& value, const at::Param&) {
  make(name, as_json(value));
}

bool WritingMemo::maybe(std::string_view name, bool there) {
  if (!there) make(name, nullptr);
  return there;
}

void WritingMemo::enter(std::string_view name) { places_.push_back(&make(name, json::object())); }

std::size_t WritingMemo::enter_list(std::string_view name, std::size_t count,
                                    [[maybe_unused]] std::size_t most) {
  assert(count <= most);
  places_.push_back(&make(name, json::array()));
  return count;
}

void WritingMemo::enter_item(std::size_t) {
  auto& list = *places_.back();
  list.push_back(json::object());
  places_.push_back(&list.back());
}

// A part that finds its own values impossible has got there by itself: they are what they are.
void WritingMemo::refuse(std::string_view, std::string_view) {}

std::string ReadingMemo::path_of(std::string_view name) const {
  return joined(places_.back().path, name);
}

void ReadingMemo::refuse(std::string_view name, std::string_view why) {
  if (!damage_) damage_ = Damage{path_of(name), std::string(why)};
}

const json* ReadingMemo::find(std::string_view name) {
  const auto* const place = places_.back().value;
  if (damage_ || place == nullptr) return nullptr;
  const auto found = place->find(std::string(name));
  if (found != place->end()) return &*found;
  refuse(name, "is missing");
  return nullptr;
}

void ReadingMemo::number(std::string_view name, std::int64_t& value, const at::Param& range) {
  const auto* const found = find(name);
  if (found == nullptr) return;
  const auto given = codec::whole_number(*found);
  if (!given || !range.admits(*given)) return refuse(name, allowed(range));
  value = *given;
}

void ReadingMemo::flag(std::string_view name, bool& value) {
  const auto* const found = find(name);
  if (found == nullptr) return;
  if (!found->is_boolean()) return refuse(name, "must be true or false");
  value = found->get<bool>();
}

void ReadingMemo::bytes(std::string_view name, std::string& value, const at::Param& range) {
  const auto* const found = find(name);
  if (found == nullptr) return;
  auto text = as_text(*found);
  if (!text || !admits(range, *text)) return refuse(name, allowed(range));
  value = *std::move(text);
}

bool ReadingMemo::maybe(std::string_view name, bool) {
  const auto* const found = find(name);
  return found != nullptr && !found->is_null();
}

void ReadingMemo::enter(std::string_view name) {
  const auto* found = find(name);
  if (found != nullptr && !found->is_object()) {
    refuse(name, "must be an object");
    found = nullptr;
  }
  places_.push_back({found, path_of(name)});
}

std::size_t ReadingMemo::enter_list(std::string_view name, std::size_t, std::size_t most) {
  const auto* found = find(name);
  if (found != nullptr && (!found->is_array() || found->size() > most)) {
    refuse(name, fmt::format("must be a list of at most {} items", most));
    found = nullptr;
  }
  places_.push_back({found, path_of(name)});
  return found == nullptr ? 0 : found->size();
}

void ReadingMemo::enter_item(std::size_t i) {
  const auto* const list = places_.back().value;
  auto path = fmt::format("{}[{}]", places_.back().path, i);
  const json* item = list == nullptr ? nullptr : &list->at(i);
  const bool is_group = item == nullptr || item->is_object();
  places_.push_back({is_group ? item : nullptr, std::move(path)});
  if (!is_group) refuse("", "must be an object");
}

std::string first_difference(const json& one, const json& other) {
  if (one.type() != other.type()) return {};
  if (one.is_array()) {
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
      if (one[i] == other[i]) continue;
      const auto inner = first_difference(one[i], other[i]);
      return fmt::format("[{}]{}{}", i, inner.empty() || inner[0] == '[' ? "" : ".", inner);
    }
    return {};
  }
  if (!one.is_object()) return {};
  std::set<std::string> names;
  for (const auto* object : {&one, &other})
    for (const auto& [name, value] : object->items()) names.insert(name);
  for (const auto& name : names) {
    if (!one.contains(name) || !other.contains(name)) return name;
    if (one.at(name) == other.at(name)) continue;
    const auto inner = first_difference(one.at(name), other.at(name));
    return fmt::format("{}{}{}", name, inner.empty() || inner[0] == '[' ? "" : ".", inner);
  }
  return {};
}

}  // namespace emulator::snapshot
