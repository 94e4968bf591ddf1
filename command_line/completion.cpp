#include "command_line/completion.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace command_line {
namespace {

using Places = std::vector<CompletedPlace>;

constexpr std::string_view in_sh = R"('\'')";
constexpr std::string_view in_fish = R"(\')";

/// In single quotes of any of the three.
std::string quoted(const std::string& text, std::string_view quote_inside) {
  std::string made = "'";
  for (const char c : text) {
    if (c == '\'')
      made += quote_inside;
    else
      made += c;
  }
  return made + '\'';
}

const std::string& program_of(const Places& places) { return places.front().words; }

/// A name for the function that completes.
std::string function_of(const Places& places) {
  auto name = "_" + program_of(places);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// The branches of `case "$place $word"` that follow the words typed so far.
std::string steps(const Places& places) {
  std::string text;
  for (const auto& place : places) {
    if (&place != &places.front())
      text += fmt::format("      '{}') place='{}' ;;\n", place.words, place.words);
  }
  return text;
}

/// The branches of `case "$place $before"` for the values of options.
std::string values(const Places& places, std::string_view choose, std::string_view files) {
  std::string text;
  for (const auto& place : places) {
    for (const auto& option : place.options) {
      if (!option.takes_value) continue;
      std::string patterns;
      for (const auto& name : option.names)
        patterns += fmt::format("{}'{} {}'", patterns.empty() ? "" : "|", place.words, name);
      const auto chosen = option.choices.empty()
                              ? std::string(option.takes_file ? files : "")
                              : fmt::format(fmt::runtime(choose), fmt::join(option.choices, " "));
      text += fmt::format("    {}) {}{}return ;;\n", patterns, chosen, chosen.empty() ? "" : "; ");
    }
  }
  return text;
}

std::string all_words(const CompletedPlace& place) {
  std::vector<std::string> words;
  for (const auto& next : place.next) words.push_back(next.word);
  for (const auto& option : place.options)
    words.insert(words.end(), option.names.begin(), option.names.end());
  return fmt::format("{}", fmt::join(words, " "));
}

std::string for_bash(const Places& places) {
  std::string words;
  for (const auto& place : places)
    words += fmt::format("    '{}') words='{}' ;;\n", place.words, all_words(place));
  return fmt::format(R"(# {0} --completion bash
{1}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local place='{0}' words= word
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$place $word" in
      *' --') return ;;
{2}    esac
  done
  case "$place $before" in
{3}  esac
  case "$place" in
{4}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F {1} {0})",
                     program_of(places), function_of(places), steps(places),
                     values(places, "COMPREPLY=($(compgen -W '{}' -- \"$current\"))",
                            "COMPREPLY=($(compgen -f -- \"$current\"))"),
                     words);
}

/// A word as _describe takes it.
std::string described(const std::string& word, const std::string& about) {
  std::string text;
  for (const char c : word) text += c == ':' ? "\\:" : std::string(1, c);
  return quoted(about.empty() ? text : text + ':' + about, in_sh);
}

std::string for_zsh(const Places& places) {
  std::string words;
  for (const auto& place : places) {
    std::string each;
    for (const auto& next : place.next) each += ' ' + described(next.word, next.about);
    for (const auto& option : place.options)
      for (const auto& name : option.names) each += ' ' + described(name, option.about);
    words += fmt::format("    '{}') choices=({} ){} ;;\n", place.words, each,
                         place.takes_file ? "; _files" : "");
  }
  return fmt::format(R"(#compdef {0}
# {0} --completion zsh
{1}() {{
  local place='{0}' word before=${{words[CURRENT-1]}}
  local -a choices
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$place $word" in
      *' --') _files; return ;;
{2}    esac
  done
  case "$place $before" in
{3}  esac
  case "$place" in
{4}  esac
  _describe '{0}' choices
}}
if [[ "$funcstack[1]" == {1} ]]; then {1} "$@"; else compdef {1} {0}; fi)",
                     program_of(places), function_of(places), steps(places),
                     values(places, "compadd -- {}", "_files"), words);
}

std::string for_fish(const Places& places) {
  const auto& program = program_of(places);
  const auto function = "_" + function_of(places) + "_place";
  std::string commands;
  std::string lines;
  for (const auto& place : places) {
    if (&place != &places.front()) commands += fmt::format(" '{}'", place.words);
    const auto behind =
        fmt::format("complete -c {} -n '{} \"{}\"'", program, function, place.words);
    if (!place.takes_file) lines += behind + " -f\n";
    for (const auto& next : place.next)
      lines += fmt::format("{} -a {} -d {}\n", behind, quoted(next.word, in_fish),
                           quoted(next.about, in_fish));
    for (const auto& option : place.options) {
      auto line = behind;
      for (const auto& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (option.takes_value) line += option.takes_file ? " -rF" : " -x";
      if (!option.choices.empty()) line += fmt::format(" -a '{}'", fmt::join(option.choices, " "));
      lines += fmt::format("{} -d {}\n", line, quoted(option.about, in_fish));
    }
  }
  if (!lines.empty()) lines.pop_back();  // the last line end is the printer's
  return fmt::format(R"(# {0} --completion fish
function {1}
  set -l words (commandline -opc)
  set -l place '{0}'
  for word in $words[2..-1]
    switch "$place $word"
      case '* --'
        return 1
      case '' {2}
        set place "$place $word"
    end
  end
  test "$place" = "$argv[1]"
end
{3})",
                     program, function, commands, lines);
}

}  // namespace

void offer_completion(CLI::App& app, std::function<void(Places& places)> more) {
  const auto print = [&app, more = std::move(more)](const std::string& shell) {
    auto places = completed_places(app, app.get_name());
    if (more) more(places);
    throw CLI::CallForVersion(completion(shell, places), 0);
  };
  app.add_option_function<std::string>("--completion", print,
                                       "Print a script by which this shell completes the program")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
}

std::string completion(const std::string& shell, const Places& places) {
  if (shell == "bash") return for_bash(places);
  return shell == "zsh" ? for_zsh(places) : for_fish(places);
}

}  // namespace command_line
