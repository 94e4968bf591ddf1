// The declaration of an AT command: one constexpr row in its family's table. From it come the `=?`
// line, the checks of arity, type and range, the response limit and the command manual.
#pragma once

#include "at_engine/handler.hpp"
#include "at_engine/param.hpp"
#include "at_engine/timeline.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace at {

using namespace std::chrono_literals;

/// What `=?` answers: the declared line, OK alone, or ERROR.
enum class TestForm { declared, bare, none };

/// How a bad parameter is answered: ERROR, or a CME error as +CMEE shows it, 50 or (of a command
/// for files) 400.
enum class BadParam { error, cme, file };

/// How sure we are that a real module answers so.
enum class Source { note, manual, sibling, driver, standard, inferred };

/// The usual Maximum Response Time of the manual.
constexpr Duration default_limit = 300ms;

template <class Family>
struct Command {
  std::string_view name;
  std::string_view key = {};  // first argument of a keyed command, lower case as printed
  ParamList params = {};
  std::size_t repeats = 0;  // the last so many parameters may come again, as a group
  Duration limit = default_limit;
  Handler<Family> read = {};
  Handler<Family> write = {};
  Handler<Family> exec = {};
  Handler<Family> search = {};     // answers `=?` in place of the declared line
  Handler<Family> malformed = {};  // answers bad parameters in place of bad_param
  bool bare = false;               // the execution form is a write with nothing given
  TestForm test = TestForm::declared;
  BadParam bad_param = BadParam::error;
  int out_of_range = 0;         // CME error of a value out of its range; 0: as bad_param
  bool takes_file = false;      // what the host sends next is the content of a file
  std::string_view shown = {};  // what `=?` prints instead of the declared parameters
  std::string_view section = {};
  Source source = Source::manual;
  std::string_view summary = {};
};

template <class Family>
consteval bool well_formed(const Command<Family>& command) {
  bool optional_seen = false;
  for (const auto& param : command.params) {
    if (param.name.empty() || param.low > param.high) return false;
    if (optional_seen && !param.is_optional) return false;
    optional_seen = param.is_optional;
  }
  if (command.repeats > command.params.size()) return false;
  return !command.name.empty() && !command.summary.empty() && !command.section.empty();
}

/// True when no name (with key) is declared twice and every row makes sense. For static_assert.
template <class Family, std::size_t n>
consteval bool well_formed(const std::array<Command<Family>, n>& table) {
  for (std::size_t i = 0; i < n; ++i) {
    if (!well_formed(table[i])) return false;
    for (std::size_t j = i + 1; j < n; ++j)
      if (table[i].name == table[j].name && table[i].key == table[j].key) return false;
  }
  return true;
}

}  // namespace at
