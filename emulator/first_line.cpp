#include "emulator/first_line.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>

namespace emulator {

std::optional<std::string> first_line(const std::string& path) {
  constexpr std::size_t max_line = 4096;
  std::ifstream file(path);
  std::string line(max_line, '\0');
  file.read(line.data(), max_line);
  line.resize(static_cast<std::size_t>(file.gcount()));
  const auto end = line.find('\n');
  if (line.empty() || (end == std::string::npos && line.size() == max_line)) return std::nullopt;
  line.resize(std::min(end, line.size()));
  const auto begin = line.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return std::nullopt;
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace emulator
