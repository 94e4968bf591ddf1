#include "emulator/stores/flash.hpp"

#include "codec/json_text.hpp"
#include "emulator/stores/private_file.hpp"
#include "emulator/stores/regular_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

constexpr const char* profiles_file = "profiles.json";
constexpr const char* settings_file = "settings.json";

std::string reason() { return std::generic_category().message(errno); }

/// Numbers are those that a Profile can hold.
bool has_sound_numbers(const nlohmann::json& value) {
  if (value.is_object()) return std::all_of(value.begin(), value.end(), has_sound_numbers);
  if (value.is_string()) return true;
  const auto number = codec::whole_number(value);
  return number && *number == static_cast<int>(*number);
}

/// Fills `target` from a file, if there is one. Returns why one that is there cannot be read.
template <class Map>
std::optional<std::string> read(const std::filesystem::path& file, Map& target) {
  const auto stored = read_regular_file(file, Flash::file_limit);
  if (stored.absent) return std::nullopt;
  if (!stored.content) return fmt::format("{}: cannot be read: {}", file.string(), stored.wrong);
  const auto json = codec::parse_json(*stored.content);
  try {
    if (has_sound_numbers(json)) {
      target = json.get<Map>();
      return std::nullopt;
    }
  } catch (const nlohmann::json::exception&) {
    target.clear();
  }
  const auto aside = file.string() + ".damaged";
  std::error_code ignored;
  std::filesystem::rename(file, aside, ignored);
  spdlog::warn("{} is damaged; kept as {}, starting with factory settings", file.string(), aside);
  return std::nullopt;
}

}  // namespace

Flash::~Flash() {
  if (disk_) disk_->flush();
  if (lock_ >= 0) ::close(lock_);
}

template <class Map>
bool Flash::write(const char* name, const Map& content) {
  if (directory_.empty()) return true;
  constexpr auto keep_going = nlohmann::json::error_handler_t::replace;
  const auto text = nlohmann::json(content).dump(2, ' ', false, keep_going);
  return disk_->take({directory_ / name, {}, text + '\n'});
}

std::optional<std::string> Flash::open(const std::filesystem::path& directory,
                                       std::shared_ptr<DiskWriter> disk) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fmt::format("--state-dir {}: {}", directory.string(), error.message());
  lock_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0 || ::access(directory.c_str(), W_OK) != 0)
    return fmt::format("--state-dir {}: {}", directory.string(), reason());
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
    return fmt::format("--state-dir {}: {}", directory.string(),
                       errno == EWOULDBLOCK ? "another emulator uses it" : reason());
  directory_ = directory;
  disk_ = std::move(disk);
  for (const auto* name : {profiles_file, settings_file}) make_private((directory_ / name).c_str());
  if (auto wrong = read(directory_ / profiles_file, profiles_)) return wrong;
  return read(directory_ / settings_file, settings_);
}

std::optional<at::Profile> Flash::load(const std::string& channel) {
  const auto found = profiles_.find(channel);
  if (found == profiles_.end()) return std::nullopt;
  return found->second;
}

bool Flash::save(const at::Profiles& changes) {
  auto changed = changes;
  changed.insert(profiles_.begin(), profiles_.end());
  // Also what is there already: whether it can be stored shows only in storing it.
  if (!write(profiles_file, changed)) return false;
  profiles_ = std::move(changed);
  return true;
}

bool Flash::replace_profiles(const at::Profiles& profiles) {
  if (profiles == profiles_) return true;
  if (!write(profiles_file, profiles)) return false;
  profiles_ = profiles;
  return true;
}

std::optional<std::string> Flash::get(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) return std::nullopt;
  return found->second;
}

bool Flash::set(std::string_view name, const std::string& value) {
  if (get(name) == value) return true;
  auto changed = settings_;
  changed[std::string(name)] = value;
  return replace_settings(changed);
}

bool Flash::replace_settings(const Settings& settings) {
  if (settings == settings_) return true;
  if (!write(settings_file, settings)) return false;
  settings_ = settings;
  return true;
}

}  // namespace emulator
