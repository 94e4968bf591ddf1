// What the suite knows of the application note, written by hand: the statements, and how long each
// command may take. Read from statements.csv and limits.csv.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

struct Statement {
  std::string id;
  std::string clause;  // of the note, or the standard
  std::string source;  // document, field, decision, standard; joined with +
  std::string level;   // must, should, observed
  std::string needs;   // broker, tls, time; joined with blanks
  std::string text;
};

/// The Maximum Response Time of a command; nothing where the note gives none.
struct Limit {
  std::optional<std::chrono::milliseconds> answer{};  // to the final result code
  std::optional<std::chrono::milliseconds> result{};  // from OK to the result URC
};

struct Catalogue {
  std::vector<Statement> statements{};
  std::map<std::string, Limit> limits{};  // by name, "+QMTOPEN"
  std::chrono::milliseconds usual_answer{300};

  [[nodiscard]] const Statement* find(const std::string& id) const;
  /// It stands in the manual; what a case types wrong on purpose does not.
  [[nodiscard]] bool has(const std::string& command) const { return limits.count(command) != 0; }
  [[nodiscard]] Limit limit_of(const std::string& command) const;
};

/// Throws std::runtime_error.
Catalogue read_catalogue(const std::filesystem::path& folder);

}  // namespace conformance
