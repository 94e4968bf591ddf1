#include "at_engine/families/clac.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace at::families {

const std::array<Command<Clac>, 1>& Clac::commands() {
  static constexpr std::array<Command<Clac>, 1> table{
      Command<Clac>{.name = "+CLAC",
                    .exec = &Clac::list,
                    .test = TestForm::bare,
                    .section = "27.007 8.37",
                    .source = Source::standard,
                    .summary = "List of all commands"},
  };
  static_assert(well_formed(table));
  return table;
}

Outcome Clac::list() {
  std::vector<std::string> names;
  for (const auto& row : registry_.rows()) {
    auto name = "AT" + std::string(row.name);
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return Outcome::ok(std::move(names));
}

}  // namespace at::families
