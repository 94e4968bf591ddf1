// Scripts that let a shell complete a program's options, commands and files: what `--completion`
// prints.
#pragma once

#include "command_line/completion_tree.hpp"

#include <functional>
#include <string>
#include <vector>

namespace command_line {

/// Adds `--completion SHELL` to `app`, which has the program's name: parsing ends with the script
/// as it ends with the text of `--version`. `more` adds what the program takes beside the options.
void offer_completion(CLI::App& app,
                      std::function<void(std::vector<CompletedPlace>& places)> more = nullptr);

/// The script for a shell: bash, zsh or fish. The first of `places` is that behind the program's
/// name alone. Words behind `--` are another program's.
[[nodiscard]] std::string completion(const std::string& shell,
                                     const std::vector<CompletedPlace>& places);

}  // namespace command_line
