// The commands and options of a program as a shell completes them, read from what CLI11 was told:
// what is declared is completed. Used by the completion scripts.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace command_line {

struct CompletedWord {
  std::string word;
  std::string about;  // one line; may be empty
};

struct CompletedOption {
  std::vector<std::string> names;  // with dashes
  std::string about;               // one line
  bool takes_value = false;
  bool takes_file = false;
  std::vector<std::string> choices;  // of its value; empty: any
};

/// What may stand behind some words.
struct CompletedPlace {
  std::string words;                  // "eg91xq ctl fault add"
  std::vector<CompletedWord> next{};  // commands, or choices of a positional argument
  std::vector<CompletedOption> options{};
  bool takes_file = false;  // as a positional argument
  bool has_commands = false;
};

/// Every place of `app`, the one behind its `words` first; options of the places around it
/// included.
[[nodiscard]] std::vector<CompletedPlace> completed_places(const CLI::App& app,
                                                           const std::string& words);

}  // namespace command_line
