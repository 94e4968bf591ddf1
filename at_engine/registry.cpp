#include "at_engine/registry.hpp"

#include "at_engine/cme.hpp"
#include "at_engine/text.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace at {
namespace {

std::string shown_words(std::string_view words) {
  std::string list = "(\"";
  for (const char c : words) {
    if (c == '|')
      list += "\",\"";
    else
      list += c;
  }
  return list + "\")";
}

std::string shown_values(const Param& param) {
  if (!param.words.empty()) return shown_words(param.words);
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
      if (!param.words.empty()) break;
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

bool is_quote_open(std::string_view text) {
  return std::count(text.begin(), text.end(), '"') % 2 != 0;
}

Outcome refusal(BadParam bad_param) {
  switch (bad_param) {
    case BadParam::cme:
      return Outcome::cme(cme::incorrect_parameters);
    case BadParam::file:
      return Outcome::cme(cme::invalid_input);
    case BadParam::error:
      break;
  }
  return Outcome::error();
}

}  // namespace

std::string test_line(const Registry::Row& row) {
  std::string line = fmt::format("{}: ", row.name);
  if (!row.key.empty()) line += fmt::format("\"{}\"", row.key);
  if (!row.shown.empty()) {
    if (!row.key.empty()) line += ',';
    return line + std::string(row.shown);
  }
  bool first = row.key.empty();
  for (const auto& param : *row.params) {
    if (!std::exchange(first, false)) line += ',';
    line += shown(param);
  }
  return line;
}

void Registry::insert(const Row& row) {
  assert(row.reads || row.writes || row.executes);
  rows_.push_back(row);
  by_name_[row.name].push_back(&rows_.back());
}

const Registry::Row* Registry::find(const ParsedCall& call) const {
  const auto rows = by_name_.find(call.name);
  if (rows == by_name_.end()) return nullptr;
  const auto* first = rows->second.front();
  if (first->key.empty() || call.type != CallType::write) return first;
  // The family's own error answers a line whose quote is not closed, whatever its key.
  if (is_quote_open(call.text)) return first;
  const auto key = split_key(call.text).first;
  // A row that was added later stands for one of the same key that was there before.
  const auto& keyed = rows->second;
  const auto found = std::find_if(keyed.rbegin(), keyed.rend(), [&](const Row* row) {
    return equal_ignoring_case(row->key, key);
  });
  if (found != keyed.rend()) return *found;
  return first->answers_malformed ? first : nullptr;
}

Outcome Registry::run(const Row& row, const ParsedCall& call, const Families& families,
                      Asker asker) const {
  const Args none;
  const auto answer = [&](Form form, const Args& args) {
    return row.run(row.command, families.object(row.family), form, Call{args, asker});
  };
  switch (call.type) {
    case CallType::test:
      return row.searches ? answer(Form::search, none) : test(row);
    case CallType::read:
      return row.reads ? answer(Form::read, none) : Outcome::error("it cannot be read");
    case CallType::exec:
      if (row.executes) return answer(Form::exec, none);
      if (!row.bare) return Outcome::error("it needs parameters");
      break;
    case CallType::write:
      break;
  }
  if (!row.writes) return Outcome::error("it takes no parameters");
  const auto malformed = [&](std::string_view why) {
    const auto outcome =
        row.answers_malformed ? answer(Form::malformed, none) : refusal(row.bad_param);
    return Outcome(outcome).because(why);
  };
  if (is_quote_open(call.text)) return malformed("a quote is not closed");
  const auto [key, values] = split_key(call.text);
  if (!row.key.empty() && !equal_ignoring_case(row.key, key)) return malformed("no such key");
  const auto text = row.key.empty() ? std::string_view(call.text) : values;
  Args::Misfit misfit{};
  auto args = Args::parse(text, *row.params, row.repeats, &misfit);
  constexpr std::string_view why = "a parameter is missing, too many, or out of range";
  if (!args && misfit == Args::Misfit::range && row.out_of_range != 0)
    return Outcome::cme(row.out_of_range).because(why);
  if (!args) return malformed(why);
  args->set_key(row.key);
  return answer(Form::write, *args);
}

Outcome Registry::test(const Row& row) const {
  std::vector<std::string> lines;
  for (const auto* each : by_name_.at(row.name)) {
    if (each->test == TestForm::none) return Outcome::error("it has no test form");
    if (each->test == TestForm::declared) lines.push_back(test_line(*each));
  }
  return Outcome::ok(std::move(lines));
}

}  // namespace at
