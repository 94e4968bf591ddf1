// What the program does instead of being a modem, when its first argument is one of these words.
#pragma once

#include "command_line/completion_tree.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace emulator {

struct FirstWord {
  std::string_view word;
  const char* about;  // one line
  /// `argv[0]` is the word; returns the exit code.
  int (*run)(int argc, const char* const* argv);
  /// What a shell completes behind it.
  std::vector<command_line::CompletedPlace> (*places)();
};

[[nodiscard]] std::span<const FirstWord> first_words();

/// For the completion: the first of `places` is that behind the program's name.
void add_first_words(std::vector<command_line::CompletedPlace>& places);

}  // namespace emulator
