#include "emulator/device/files/file_name.hpp"

#include <algorithm>
#include <cctype>

namespace emulator::device {
namespace {

constexpr std::string_view forbidden = "/\\\":*?";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool allowed(char c) { return c >= 0x20 && c <= 0x7E && forbidden.find(c) == forbidden.npos; }

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::optional<std::string> file_name(std::string_view typed) {
  auto name = trimmed(typed);
  if (same_ignoring_case(name.substr(0, storage_prefix.size()), storage_prefix))
    name = trimmed(name.substr(storage_prefix.size()));
  // reading: the limit holds for the name with its prefix, however it was typed
  if (name.empty() || name.size() + storage_prefix.size() > max_file_name) return std::nullopt;
  if (name == "." || name == "..") return std::nullopt;
  if (!std::all_of(name.begin(), name.end(), allowed)) return std::nullopt;
  return std::string(name);
}

}  // namespace emulator::device
