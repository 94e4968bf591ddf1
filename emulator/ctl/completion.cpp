#include "emulator/ctl/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace emulator::ctl {
namespace {

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

constexpr std::string_view in_sh = R"('\'')";
constexpr std::string_view in_fish = R"(\')";

/// Whether it is what stands behind the program's name.
bool is_first(const CompletedPlace& place) { return place.words.find(' ') == std::string::npos; }

std::string first_words(const std::vector<CompletedPlace>& places, std::string_view between) {
  std::vector<std::string> words;
  for (const auto& place : places)
    if (is_first(place)) words.push_back(place.words);
  return fmt::format("{}", fmt::join(words, between));
}

constexpr std::string_view about_first_word(std::string_view word) {
  return word == "ctl" ? "Talk to a running modem" : "Make an update package for AT+QFOTADL";
}

/// The branches of `case "$place $word"` that follow the words typed so far.
std::string steps(const std::vector<CompletedPlace>& places) {
  std::string text;
  for (const auto& place : places) {
    if (!is_first(place))
      text += fmt::format("      '{}') place='{}' ;;\n", place.words, place.words);
  }
  return text;
}

/// The branches of `case "$place $before"` for the values of options.
std::string values(const std::vector<CompletedPlace>& places, std::string_view choose,
                   std::string_view files) {
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

}  // namespace

std::string bash_completion(const std::vector<CompletedPlace>& places) {
  std::string words;
  for (const auto& place : places)
    words += fmt::format("    '{}') words='{}' ;;\n", place.words, all_words(place));
  return fmt::format(R"(# eg91xq ctl completion bash
_eg91xq_ctl() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local place= words='{}' word
  COMPREPLY=()
  if [[ $COMP_CWORD -gt 1 ]]; then
    place=${{COMP_WORDS[1]}}
    case "$place" in {}) ;; *) return ;; esac
  fi
  for word in "${{COMP_WORDS[@]:2:COMP_CWORD-2}}"; do
    case "$place $word" in
{}    esac
  done
  case "$place $before" in
{}  esac
  case "$place" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _eg91xq_ctl eg91xq
)",
                     first_words(places, " "), first_words(places, "|"), steps(places),
                     values(places, "COMPREPLY=($(compgen -W '{}' -- \"$current\"))",
                            "COMPREPLY=($(compgen -f -- \"$current\"))"),
                     words);
}

std::string zsh_completion(const std::vector<CompletedPlace>& places) {
  const auto described = [](const std::string& word, const std::string& about) {
    std::string text;
    for (const char c : word) text += c == ':' ? "\\:" : std::string(1, c);
    return quoted(about.empty() ? text : text + ':' + about, in_sh);
  };
  std::string words;
  std::string first;
  for (const auto& place : places) {
    if (is_first(place))
      first += ' ' + described(place.words, std::string(about_first_word(place.words)));
    std::string each;
    for (const auto& next : place.next) each += ' ' + described(next.word, next.about);
    for (const auto& option : place.options)
      for (const auto& name : option.names) each += ' ' + described(name, option.about);
    words += fmt::format("    '{}') choices=({} ){} ;;\n", place.words, each,
                         place.takes_file ? "; _files" : "");
  }
  return fmt::format(R"(#compdef eg91xq
# eg91xq ctl completion zsh
_eg91xq() {{
  local place= word before=${{words[CURRENT-1]}}
  local -a choices
  choices=({})
  if (( CURRENT > 2 )); then
    place=${{words[2]}}
    case "$place" in {}) ;; *) _files; return ;; esac
  fi
  for word in "${{(@)words[3,CURRENT-1]}}"; do
    case "$place $word" in
{}    esac
  done
  case "$place $before" in
{}  esac
  case "$place" in
{}  esac
  _describe 'eg91xq' choices
}}
if [[ "$funcstack[1]" == _eg91xq ]]; then _eg91xq "$@"; else compdef _eg91xq eg91xq; fi
)",
                     first, first_words(places, "|"), steps(places),
                     values(places, "compadd -- {}", "_files"), words);
}

std::string fish_completion(const std::vector<CompletedPlace>& places) {
  std::string behind_ctl;
  std::string first;
  std::string lines;
  for (const auto& place : places) {
    if (is_first(place))
      first += fmt::format(
          "complete -c eg91xq -n 'test (count (commandline -opc)) -eq 1' -a {} -d '{}'\n",
          place.words, about_first_word(place.words));
    else
      behind_ctl += fmt::format(" '{}'", place.words);
    const auto behind =
        fmt::format("complete -c eg91xq -n '__eg91xq_ctl_place \"{}\"'", place.words);
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
  return fmt::format(R"(# eg91xq ctl completion fish
function __eg91xq_ctl_place
  set -l words (commandline -opc)
  test (count $words) -gt 1; or return 1
  set -l place $words[2]
  for word in $words[3..-1]
    switch "$place $word"
      case{}
        set place "$place $word"
    end
  end
  test "$place" = "$argv[1]"
end
{}{})",
                     behind_ctl, first, lines);
}

}  // namespace emulator::ctl
