#include "conformance/run/catalogue.hpp"

#include "conformance/run/csv.hpp"

#include <algorithm>

namespace conformance {
namespace {

std::optional<std::chrono::milliseconds> milliseconds_in(const std::string& field) {
  if (field.empty()) return std::nullopt;
  return std::chrono::milliseconds(std::stol(field));
}

}  // namespace

const Statement* Catalogue::find(const std::string& id) const {
  const auto found = std::find_if(statements.begin(), statements.end(),
                                  [&](const auto& each) { return each.id == id; });
  return found == statements.end() ? nullptr : &*found;
}

Limit Catalogue::limit_of(const std::string& command) const {
  const auto found = limits.find(command);
  Limit limit = found == limits.end() ? Limit{} : found->second;
  if (!limit.answer) limit.answer = usual_answer;
  return limit;
}

Catalogue read_catalogue(const std::filesystem::path& folder) {
  Catalogue catalogue;
  for (const auto& row : read_csv(folder / "statements.csv"))
    catalogue.statements.push_back({row[0], row[1], row[2], row[3], row[4], row[5]});
  for (const auto& row : read_csv(folder / "limits.csv"))
    catalogue.limits[row[0]] = {milliseconds_in(row[1]), milliseconds_in(row[2])};
  return catalogue;
}

}  // namespace conformance
