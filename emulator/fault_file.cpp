#include "emulator/fault_file.hpp"

#include "emulator/faults/fault_set.hpp"
#include "emulator/stores/regular_file.hpp"

#include <utility>

namespace emulator {

std::optional<std::string> read_fault_file(const std::string& path, std::string& faults) {
  auto file = read_regular_file(path, max_fault_file);
  if (!file.content) return "cannot be read: " + file.wrong;
  if (auto wrong = faults::complaint_about(*file.content)) return wrong;
  faults = *std::move(file.content);
  return std::nullopt;
}

}  // namespace emulator
