#include "emulator/device/files/file_name.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <cctype>

namespace emulator::device {
namespace {

constexpr std::string_view forbidden = "/\\\":*?";

bool allowed(char c) { return c >= 0x20 && c <= 0x7E && forbidden.find(c) == forbidden.npos; }

}  // namespace

std::optional<std::string> file_name(std::string_view typed) {
  auto name = at::trim(typed);
  if (at::equal_ignoring_case(name.substr(0, storage_prefix.size()), storage_prefix))
    name = at::trim(name.substr(storage_prefix.size()));
  // reading: the limit holds for the name with its prefix, however it was typed
  if (name.empty() || name.size() + storage_prefix.size() > max_file_name) return std::nullopt;
  if (name == "." || name == "..") return std::nullopt;
  if (!std::all_of(name.begin(), name.end(), allowed)) return std::nullopt;
  return std::string(name);
}

}  // namespace emulator::device
