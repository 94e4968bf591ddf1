// All commands of a module, from the tables of its families: finds the row for a call, checks its
// arguments, prints `=?`. It keeps pointers to constexpr rows, so one serves every channel of every
// module; which object of a family answers is told by the channel's Families. Owned by the program.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/grammar.hpp"

#include <array>
#include <cassert>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace at {

class Families;

class Registry {
 public:
  enum class Form { read, write, exec, search, malformed };

  /// A row of a table, without its family's type.
  struct Row {
    std::string_view name;
    std::string_view key;
    const ParamList* params;
    std::size_t repeats;
    Duration limit;
    TestForm test;
    BadParam bad_param;
    int out_of_range;
    bool bare;
    bool takes_file;
    bool reads, writes, executes, searches;  // the forms that it has
    bool answers_malformed;
    std::string_view shown;
    std::string_view section;
    Source source;
    std::string_view summary;

    const void* command;
    std::size_t family;
    Outcome (*run)(const void* command, void* family, Form form, const Call& call);
  };

  /// Adds the rows of a family; the table must outlive the registry.
  template <class Family, std::size_t n>
  void add(const std::array<Command<Family>, n>& table) {
    const auto family = slot<Family>();
    for (const auto& row : table) insert(row_of(row, family));
  }

  /// The row that `call` meets; nothing when the module has no such command.
  [[nodiscard]] const Row* find(const ParsedCall& call) const;

  /// Runs one call on the row that it met; a form that the row lacks is ERROR (GRAM-4).
  [[nodiscard]] Outcome run(const Row& row, const ParsedCall& call, const Families& families,
                            Asker asker) const;

  /// All rows in the order in which they were added.
  [[nodiscard]] const std::deque<Row>& rows() const { return rows_; }

  /// The number of a family's place among Families.
  template <class Family>
  [[nodiscard]] std::size_t slot_of() const {
    const auto found = slots_.find(&type_key<Family>);
    assert(found != slots_.end());
    return found->second;
  }
  [[nodiscard]] std::size_t family_count() const { return slots_.size(); }

 private:
  template <class Family>
  static constexpr char type_key{};

  template <class Family>
  std::size_t slot() {
    return slots_.try_emplace(&type_key<Family>, slots_.size()).first->second;
  }

  template <class Family>
  static Outcome run_row(const void* command, void* family, Form form, const Call& call) {
    const auto& row = *static_cast<const Command<Family>*>(command);
    auto& target = *static_cast<Family*>(family);
    switch (form) {
      case Form::read:
        return row.read(target, call);
      case Form::write:
        return row.write(target, call);
      case Form::exec:
        return row.exec(target, call);
      case Form::search:
        return row.search(target, call);
      case Form::malformed:
        break;
    }
    return row.malformed(target, call);
  }

  template <class Family>
  static Row row_of(const Command<Family>& c, std::size_t family) {
    return {c.name,
            c.key,
            &c.params,
            c.repeats,
            c.limit,
            c.test,
            c.bad_param,
            c.out_of_range,
            c.bare,
            c.takes_file,
            static_cast<bool>(c.read),
            static_cast<bool>(c.write),
            static_cast<bool>(c.exec),
            static_cast<bool>(c.search),
            static_cast<bool>(c.malformed),
            c.shown,
            c.section,
            c.source,
            c.summary,
            &c,
            family,
            &run_row<Family>};
  }

  void insert(const Row& row);
  [[nodiscard]] Outcome test(const Row& row) const;

  std::deque<Row> rows_;
  std::unordered_map<std::string_view, std::vector<const Row*>> by_name_;
  std::unordered_map<const void*, std::size_t> slots_;
};

/// The objects that answer the commands of one channel: its own, and those of its module.
class Families {
 public:
  explicit Families(const Registry& registry)
      : registry_(registry), objects_(registry.family_count()) {}

  template <class Family>
  void bind(Family& family) {
    objects_[registry_.slot_of<Family>()] = &family;
  }

  [[nodiscard]] const Registry& registry() const { return registry_; }
  [[nodiscard]] void* object(std::size_t slot) const { return objects_[slot]; }

 private:
  const Registry& registry_;
  std::vector<void*> objects_;
};

/// What `=?` prints for a row, without framing: `+QMTOPEN: (0-5),"hostname",(1-65535)`.
std::string test_line(const Registry::Row& row);

}  // namespace at
