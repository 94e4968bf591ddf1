// All commands that a channel knows, from the tables of its families. Finds the row for a call,
// checks its arguments, prints `=?`. Owned by the Terminal.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/grammar.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace at {

class Registry {
 public:
  struct Entry {
    Declaration declaration;
    bool bare;
    std::function<Outcome()> read;
    std::function<Outcome(const Args&)> write;
    std::function<Outcome()> exec;
    std::function<Outcome()> search{};
  };

  /// Adds the rows of a family, which must outlive the registry.
  template <class Family, std::size_t n>
  void add(Family& family, const std::array<Command<Family>, n>& table) {
    for (const auto& row : table) {
      Entry entry{row.declaration(), row.bare, {}, {}, {}};
      if (row.read != nullptr) entry.read = [&family, f = row.read] { return (family.*f)(); };
      if (row.exec != nullptr) entry.exec = [&family, f = row.exec] { return (family.*f)(); };
      if (row.search != nullptr) entry.search = [&family, f = row.search] { return (family.*f)(); };
      if (row.write != nullptr)
        entry.write = [&family, f = row.write](const Args& args) { return (family.*f)(args); };
      insert(std::move(entry));
    }
  }

  /// Runs one call; an unknown command or a type that it lacks is ERROR (GRAM-4).
  [[nodiscard]] Outcome run(const Call& call) const;

  /// The declared Maximum Response Time of the row that `call` meets.
  [[nodiscard]] Duration limit(const Call& call) const;

  [[nodiscard]] bool knows(const Call& call) const { return find(call) != nullptr; }

  /// True when a host sends the content of a file behind `call`.
  [[nodiscard]] bool takes_file(const Call& call) const;

  /// All rows in the order in which they were added.
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  void insert(Entry entry);
  [[nodiscard]] const Entry* find(const Call& call) const;
  [[nodiscard]] Outcome test(const std::vector<std::size_t>& rows) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
};

/// What `=?` prints for a row, without framing: `+QMTOPEN: (0-5),"hostname",(1-65535)`.
std::string test_line(const Declaration& declaration);

}  // namespace at
