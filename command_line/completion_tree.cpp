#include "command_line/completion_tree.hpp"

#include <CLI/CLI.hpp>

namespace command_line {
namespace {

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

/// CLI11 shows a choice as {a,b,c} behind the type's name.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const auto shown = option.get_type_name();
  const auto begin = shown.find('{');
  const auto end = shown.find('}');
  std::vector<std::string> choices;
  if (begin == std::string::npos || end == std::string::npos) return choices;
  for (auto at = begin + 1; at < end;) {
    const auto comma = std::min(shown.find(',', at), end);
    choices.push_back(shown.substr(at, comma - at));
    at = comma + 1;
  }
  return choices;
}

bool is_file(const CLI::Option& option) {
  const auto type = option.get_type_name();
  return type == "FILE" || type == "DIR";
}

CompletedOption shown(const CLI::Option& option) {
  CompletedOption made;
  for (const auto& name : option.get_lnames()) made.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) made.names.push_back("-" + name);
  made.about = first_line_of(option.get_description());
  made.takes_value = option.get_items_expected_max() > 0;
  made.takes_file = is_file(option);
  made.choices = choices_of(option);
  return made;
}

void add_options(const CLI::App& app, CompletedPlace& place) {
  for (const auto* option : app.get_options()) {
    if (option->nonpositional()) {
      place.options.push_back(shown(*option));
      continue;
    }
    place.takes_file |= is_file(*option);
    for (const auto& choice : choices_of(*option)) place.next.push_back({choice, {}});
  }
}

void add_place(const CLI::App& app, const std::string& words,
               const std::vector<CompletedOption>& around, std::vector<CompletedPlace>& places) {
  CompletedPlace place{words};
  add_options(app, place);
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  place.has_commands = !commands.empty();
  for (const auto* command : commands)
    place.next.push_back({command->get_name(), first_line_of(command->get_description())});
  auto inherited = around;
  for (const auto& option : place.options)
    if (option.names.front() != "--help") inherited.push_back(option);
  place.options.insert(place.options.end(), around.begin(), around.end());
  places.push_back(std::move(place));
  for (const auto* command : commands)
    add_place(*command, words + ' ' + command->get_name(), inherited, places);
}

}  // namespace

std::vector<CompletedPlace> completed_places(const CLI::App& app, const std::string& words) {
  std::vector<CompletedPlace> places;
  add_place(app, words, {}, places);
  return places;
}

}  // namespace command_line
