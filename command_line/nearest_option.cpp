#include "command_line/nearest_option.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

namespace command_line {
namespace {

std::string without_dashes(const std::string& word) {
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

/// The first word that looks like an option, up to its `=`.
std::optional<std::string> unknown_option(const std::vector<std::string>& words) {
  for (const auto& word : words)
    if (word.size() > 1 && word.front() == '-') return word.substr(0, word.find('='));
  return std::nullopt;
}

/// Those of the commands that were given included.
std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  auto options = app.get_options();
  for (const auto* command : app.get_subcommands()) {
    const auto more = options_of(*command);
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

}  // namespace

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearest_option(const CLI::App& app, const std::string& typed) {
  const auto word = without_dashes(typed);
  std::string nearest;
  auto least = (word.size() + 2) / 3 + 1;
  for (const auto* option : options_of(app)) {
    for (const auto& name : option->get_lnames()) {
      const bool begins = word.size() > 1 && name.rfind(word, 0) == 0;
      const auto apart = begins ? std::size_t{1} : distance(word, name);
      if (apart >= least) continue;
      least = apart;
      nearest = "--" + name;
    }
  }
  return nearest;
}

/// Of the file that --config names.
std::string complaint_about_file(const CLI::App& app, std::string item) {
  const auto file = app.get_config_ptr()->as<std::string>();
  // The beginning of a section is an item of it to CLI11.
  const auto section = item.find(".++");
  if (section != std::string::npos)
    return file + ": [" + item.substr(0, section) + "]: there are no sections";
  const auto meant = nearest_option(app, item);
  return file + ": " + item + ": unknown option" +
         (meant.empty() ? "" : "; did you mean " + meant.substr(2) + "?");
}

std::string complaint(const CLI::App& app, const CLI::ParseError& error) {
  constexpr std::string_view in_file = "INI was not able to parse ";
  std::string what = error.what();
  if (what.starts_with(in_file)) return complaint_about_file(app, what.substr(in_file.size()));
  const auto unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr
                           ? unknown_option(app.remaining())
                           : std::nullopt;
  if (!unknown) return what;
  const auto meant = nearest_option(app, *unknown);
  return *unknown + ": unknown option" + (meant.empty() ? "" : "; did you mean " + meant + "?");
}

}  // namespace command_line
