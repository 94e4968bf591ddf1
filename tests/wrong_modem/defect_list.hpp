// defects.txt, read. Used by the program that makes the edited sources and by the test that plays
// the suite against each defect.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace wrong_modem {

struct Defect {
  std::string name;
  std::string statement;  // what it breaks
  std::string what;
};

struct Edit {
  std::string file;
  std::string from;
  std::string to;
};

struct DefectList {
  std::vector<Defect> defects{};
  std::vector<Edit> edits{};
};

/// Throws std::runtime_error for a line that it cannot read, and for a defect that is named but not
/// seeded, or seeded but not named.
DefectList read_defects(const std::filesystem::path& file);

}  // namespace wrong_modem
