#include "emulator/first_line.hpp"

#include <fstream>

namespace emulator {

std::optional<std::string> first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return std::nullopt;
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace emulator
