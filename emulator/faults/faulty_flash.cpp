#include "emulator/faults/faulty_flash.hpp"

#include <utility>

namespace emulator::faults {

void FaultyFlash::cache(bool on) {
  if (!std::exchange(caching_, on) || on) return;
  // What the stores do not take now is lost, as it is when the module goes down.
  if (const auto profiles = std::exchange(profiles_, {}); !profiles.empty())
    static_cast<void>(stores_.profiles.save(profiles));
  for (const auto& [name, value] : std::exchange(settings_, {}))
    static_cast<void>(stores_.settings.set(name, value));
  for (const auto& [name, content] : std::exchange(files_, {}))
    static_cast<void>(content ? stores_.files.write(name, *content) : stores_.files.remove(name));
}

void FaultyFlash::lose_cache() {
  profiles_.clear();
  settings_.clear();
  files_.clear();
}

std::optional<at::Profile> FaultyFlash::load(const std::string& channel) {
  const auto found = profiles_.find(channel);
  return found == profiles_.end() ? stores_.profiles.load(channel) : found->second;
}

bool FaultyFlash::save(const at::Profiles& changes) {
  if (full_) return false;
  if (!caching_) return stores_.profiles.save(changes);
  for (const auto& [channel, profile] : changes) profiles_[channel] = profile;
  return true;
}

const at::Profiles& FaultyFlash::all_profiles() const {
  if (profiles_.empty()) return stores_.profiles.all_profiles();
  all_profiles_ = profiles_;
  all_profiles_.insert(stores_.profiles.all_profiles().begin(),
                       stores_.profiles.all_profiles().end());
  return all_profiles_;
}

bool FaultyFlash::replace_profiles(const at::Profiles& profiles) {
  if (full_ && profiles != all_profiles()) return false;
  if (!stores_.profiles.replace_profiles(profiles)) return false;
  profiles_.clear();
  return true;
}

const FaultyFlash::Settings& FaultyFlash::all_settings() const {
  if (settings_.empty()) return stores_.settings.all_settings();
  all_settings_ = settings_;
  all_settings_.insert(stores_.settings.all_settings().begin(),
                       stores_.settings.all_settings().end());
  return all_settings_;
}

bool FaultyFlash::replace_settings(const Settings& settings) {
  if (full_ && settings != all_settings()) return false;
  if (!stores_.settings.replace_settings(settings)) return false;
  settings_.clear();
  return true;
}

std::optional<std::string> FaultyFlash::get(std::string_view name) const {
  const auto found = settings_.find(name);
  return found == settings_.end() ? stores_.settings.get(name) : found->second;
}

bool FaultyFlash::set(std::string_view name, const std::string& value) {
  if (get(name) == value) return true;
  if (full_) return false;
  if (!caching_) return stores_.settings.set(name, value);
  settings_[std::string(name)] = value;
  return true;
}

std::optional<std::string> FaultyFlash::read(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? stores_.files.read(name) : found->second;
}

bool FaultyFlash::write(const std::string& name, std::string_view content) {
  if (full_) return false;
  return caching_ ? change_file(name, std::string(content)) : stores_.files.write(name, content);
}

bool FaultyFlash::remove(const std::string& name) {
  if (full_) return false;
  return caching_ ? change_file(name, std::nullopt) : stores_.files.remove(name);
}

bool FaultyFlash::change_file(const std::string& name, std::optional<std::string> content) {
  if (files_.empty()) sizes_ = stores_.files.sizes();
  if (content)
    sizes_[name] = content->size();
  else
    sizes_.erase(name);
  files_[name] = std::move(content);
  return true;
}

}  // namespace emulator::faults
