#include "at_engine/registry.hpp"

#include <cassert>
#include <cctype>
#include <utility>

#include <fmt/format.h>

namespace at {
namespace {

constexpr int cme_incorrect_parameters = 50;
constexpr int cme_invalid_input = 400;

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string shown_values(const Param& param) {
  if (param.kind != Kind::choice) return fmt::format("({}-{})", param.low, param.high);
  std::string list;
  for (std::size_t i = 0; i < param.choice_count; ++i)
    list += fmt::format("{}{}", i == 0 ? "" : ",", param.choices[i]);
  return fmt::format("({})", list);
}

std::string shown(const Param& param) {
  switch (param.shown) {
    case Shown::angled:
      return fmt::format("<{}>", param.name);
    case Shown::quoted:
      return fmt::format("\"{}\"", param.name);
    case Shown::values:
      break;
  }
  return shown_values(param);
}

/// The key of a keyed command and what stands behind it.
std::pair<std::string_view, std::string_view> split_key(std::string_view text) {
  const auto comma = text.find(',');
  auto key = text.substr(0, comma);
  while (!key.empty() && (key.front() == ' ' || key.front() == '"')) key.remove_prefix(1);
  while (!key.empty() && (key.back() == ' ' || key.back() == '"')) key.remove_suffix(1);
  return {key, comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1)};
}

}  // namespace

std::string test_line(const Declaration& declaration) {
  std::string line = fmt::format("{}: ", declaration.name);
  if (!declaration.key.empty()) line += fmt::format("\"{}\"", declaration.key);
  if (!declaration.shown.empty()) {
    if (!declaration.key.empty()) line += ',';
    return line + std::string(declaration.shown);
  }
  bool first = declaration.key.empty();
  for (const auto& param : declaration.params) {
    if (!std::exchange(first, false)) line += ',';
    line += shown(param);
  }
  return line;
}

void Registry::insert(Entry entry) {
  assert(entry.read || entry.write || entry.exec);
  by_name_[std::string(entry.declaration.name)].push_back(entries_.size());
  entries_.push_back(std::move(entry));
}

const Registry::Entry* Registry::find(const Call& call) const {
  const auto rows = by_name_.find(call.name);
  if (rows == by_name_.end()) return nullptr;
  const auto& first = entries_[rows->second.front()];
  if (first.declaration.key.empty() || call.type != CallType::write) return &first;
  const auto key = split_key(call.text).first;
  for (const auto row : rows->second)
    if (same_ignoring_case(entries_[row].declaration.key, key)) return &entries_[row];
  return nullptr;
}

Duration Registry::limit(const Call& call) const {
  const auto* entry = find(call);
  return entry == nullptr ? default_limit : entry->declaration.limit;
}

bool Registry::takes_file(const Call& call) const {
  const auto* entry = find(call);
  return entry != nullptr && entry->declaration.takes_file;
}

Outcome Registry::run(const Call& call) const {
  const auto* entry = find(call);
  if (entry == nullptr) return Outcome::error();
  switch (call.type) {
    case CallType::test:
      if (entry->search) return entry->search();
      return test(by_name_.at(call.name));
    case CallType::read:
      return entry->read ? entry->read() : Outcome::error();
    case CallType::exec:
      if (entry->exec) return entry->exec();
      if (!entry->bare) return Outcome::error();
      break;
    case CallType::write:
      break;
  }
  if (!entry->write) return Outcome::error();
  const auto& declaration = entry->declaration;
  const std::string_view text =
      declaration.key.empty() ? std::string_view(call.text) : split_key(call.text).second;
  auto args = Args::parse(text, declaration.params, declaration.repeats);
  if (args) {
    args->set_key(declaration.key);
    return entry->write(*args);
  }
  switch (declaration.bad_param) {
    case BadParam::cme:
      return Outcome::cme(cme_incorrect_parameters);
    case BadParam::file:
      return Outcome::cme(cme_invalid_input);
    case BadParam::error:
      break;
  }
  return Outcome::error();
}

Outcome Registry::test(const std::vector<std::size_t>& rows) const {
  std::vector<std::string> lines;
  for (const auto row : rows) {
    const auto& declaration = entries_[row].declaration;
    if (declaration.test == TestForm::none) return Outcome::error();
    if (declaration.test == TestForm::declared) lines.push_back(test_line(declaration));
  }
  return Outcome::ok(std::move(lines));
}

}  // namespace at
