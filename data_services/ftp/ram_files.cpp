#include "data_services/ftp/ram_files.hpp"

#include "at_engine/text.hpp"

namespace data_services {
namespace {

std::string key_of(std::string_view name) {
  return std::string(name.substr(RamFiles::prefix.size()));
}

}  // namespace

bool RamFiles::are_meant(std::string_view name) {
  return at::equal_ignoring_case(name.substr(0, prefix.size()), prefix);
}

bool RamFiles::is_name(std::string_view name) const {
  return are_meant(name) && name.size() > prefix.size() && at::is_printable(name);
}

std::optional<std::string> RamFiles::content(std::string_view name) const {
  const auto found = contents_.find(key_of(name));
  if (found == contents_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::size_t> RamFiles::room_for(std::string_view name) const {
  const auto key = key_of(name);
  std::size_t used = key.size();
  for (const auto& [other, content] : contents_)
    if (other != key) used += other.size() + content.size();
  return used < capacity ? capacity - used : 0;
}

bool RamFiles::replace(std::string_view name, std::string_view content) {
  if (content.size() > room_for(name).value_or(0)) return false;
  contents_[key_of(name)] = content;
  return true;
}

}  // namespace data_services
