// The grammar of a command line (V.250): what follows "AT" becomes a row of calls. Basic commands
// may stand side by side (E0V1), extended ones are joined with ';'. Knows no command by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace at {

enum class CallType { exec, read, test, write };

struct ParsedCall {
  std::string name;  // upper case: "+QMTOPEN", "E", "&F", "S3"
  CallType type = CallType::exec;
  std::string text;  // what follows '=' (or the digits of a basic command)
};

/// As it stands on a line, without AT.
std::string typed(const ParsedCall& call);

/// The calls of a line, in order; `complete` is false when the rest of the line made no sense (the
/// calls before it are to be run, then the line fails).
struct ParsedLine {
  std::vector<ParsedCall> calls;
  bool complete = true;
};

/// Parses the text after "AT". Control characters outside quotes are ignored, as are blanks.
ParsedLine parse_line(std::string_view body);

}  // namespace at
