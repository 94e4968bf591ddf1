#include "emulator/flash.hpp"

#include "emulator/whole_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace emulator {

Flash::~Flash() {
  if (lock_ >= 0) ::close(lock_);
}

std::optional<std::string> Flash::open(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fmt::format("--state-dir {}: {}", directory.string(), error.message());
  lock_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_ < 0 || ::access(directory.c_str(), W_OK) != 0)
    return fmt::format("--state-dir {}: not a directory that can be written", directory.string());
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
    return fmt::format("--state-dir {}: another emulator uses it", directory.string());
  file_ = directory / "profiles.json";
  read();
  return std::nullopt;
}

void Flash::read() {
  std::ifstream in(file_);
  if (!in) return;
  const auto json = nlohmann::json::parse(in, nullptr, false);
  try {
    profiles_ = json.get<std::map<std::string, at::Profile>>();
  } catch (const nlohmann::json::exception&) {
    const auto aside = file_.string() + ".damaged";
    std::error_code ignored;
    std::filesystem::rename(file_, aside, ignored);
    profiles_.clear();
    spdlog::warn("{} is damaged; kept as {}, starting with factory settings", file_.string(),
                 aside);
  }
}

bool Flash::write() const {
  if (file_.empty()) return true;
  const auto error = write_whole_file(file_, nlohmann::json(profiles_).dump(2) + '\n');
  if (error) spdlog::warn("{}: {}", file_.string(), *error);
  return !error;
}

std::optional<at::Profile> Flash::load(const std::string& channel) {
  const auto found = profiles_.find(channel);
  if (found == profiles_.end()) return std::nullopt;
  return found->second;
}

bool Flash::save(const std::string& channel, const at::Profile& profile) {
  auto previous = profiles_;
  profiles_[channel] = profile;
  if (write()) return true;
  profiles_ = std::move(previous);
  return false;
}

}  // namespace emulator
