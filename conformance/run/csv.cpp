#include "conformance/run/csv.hpp"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace conformance {
namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool quote = line[i] == '"';
    if (quote && quoted && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[i++];
    else if (quote)
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

}  // namespace

std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error("cannot read " + file.string());
  const auto width = fields_of(line).size();
  std::vector<std::vector<std::string>> rows;
  for (int number = 2; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    rows.push_back(fields_of(line));
    if (rows.back().size() != width)
      throw std::runtime_error(fmt::format("{}:{}: {} fields, not {}", file.string(), number,
                                           rows.back().size(), width));
  }
  return rows;
}

}  // namespace conformance
