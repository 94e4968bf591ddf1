#include "pty/device_link.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

namespace pty {

namespace fs = std::filesystem;

namespace {

bool left_behind(const std::string& device, const std::string& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  if (error) return false;
  // The kernel gives numbers out again: a dead emulator's link may name our own new device.
  return target == device || (!fs::exists(link, error) && !error);
}

}  // namespace

std::string first_writable(std::initializer_list<const char*> places) {
  for (const char* const place : places)
    if (place != nullptr && *place != '\0' && ::access(place, W_OK | X_OK) == 0) return place;
  return "/tmp";
}

std::string unique_link_path() {
  static std::atomic<int> count = 0;
  std::error_code error;
  const auto place =
      first_writable({std::getenv("XDG_RUNTIME_DIR"), "/tmp", std::getenv("TMPDIR"), "/dev/shm"});
  // One of that name is of a process that has died, and whose number is ours now.
  std::string path;
  do path = fmt::format("{}/eg91xq-{}-{}", place, ::getpid(), ++count);
  while (fs::exists(fs::symlink_status(path, error)));
  return path;
}

std::optional<std::string> make_link(const std::string& device, const std::string& link) {
  std::error_code error;
  if (left_behind(device, link)) fs::remove(link, error);
  fs::create_symlink(device, link, error);
  if (error == std::errc::file_exists) {
    return fmt::format("{} exists already; choose another name, or remove it if nothing uses it",
                       link);
  }
  if (error)
    return fmt::format("cannot make the link {}: {}; name another place with --port pty:LINK", link,
                       error.message());
  return std::nullopt;
}

void remove_link(const std::string& device, const std::string& link) {
  std::error_code error;
  if (fs::read_symlink(link, error) == device && !error) fs::remove(link, error);
}

}  // namespace pty
