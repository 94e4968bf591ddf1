// What a program says to an option that it does not have: which of its own is meant, probably.
// Knows CLI11 and nothing of the programs.
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace command_line {

/// How many letters must be added, left out, replaced or exchanged with their neighbour to make one
/// word of the other.
std::size_t distance(std::string_view a, std::string_view b);

/// The option of `app`, or of a command of it that was given, that `typed` (with its dashes,
/// without `=value`) is most like, with its dashes; empty when none is near: more than a third of
/// the letters differ, and `typed` is not the beginning of one.
std::string nearest_option(const CLI::App& app, const std::string& typed);

/// What went wrong when `app` parsed its arguments, with what was typed as it is: who
/// prints it makes it one_line().
std::string complaint(const CLI::App& app, const CLI::ParseError& error);

}  // namespace command_line
