#include "emulator/stores/directory_store.hpp"

#include "emulator/device/files/file_name.hpp"
#include "emulator/stores/private_file.hpp"
#include "emulator/stores/regular_file.hpp"
#include "emulator/stores/whole_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

namespace fs = std::filesystem;

constexpr const char* folder = "ufs";
constexpr const char* part = "ufs.part";

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

DirectoryStore::~DirectoryStore() {
  if (disk_) disk_->flush();
  close();
}

std::optional<std::string> DirectoryStore::open(const std::optional<fs::path>& directory,
                                                std::shared_ptr<DiskWriter> disk) {
  if (directory) {
    root_ = *directory;
    disk_ = std::move(disk);
  } else {
    std::error_code error;
    auto name = (fs::temp_directory_path(error) / "eg91xq-files-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr)
      return fmt::format("no temporary directory for files (TMPDIR): {}",
                         error ? error.message() : reason());
    root_ = name;
    temporary_ = true;
  }
  files_ = root_ / folder;
  if (::mkdir(files_.c_str(), 0700) != 0 && errno != EEXIST)
    return fmt::format("{}: {}", files_.string(), reason());
  std::error_code error;
  if (fs::symlink_status(files_, error).type() != fs::file_type::directory)
    return fmt::format("{}: not a directory", files_.string());
  return take_over();
}

std::optional<std::string> DirectoryStore::take_over() {
  std::error_code error;
  for (fs::directory_iterator it(files_, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    std::error_code unknown;
    const bool regular = it->symlink_status(unknown).type() == fs::file_type::regular;
    if (!regular || device::file_name(name) != name) {
      spdlog::warn("{}: no file of the module, ignored", it->path().string());
      continue;
    }
    if (const auto wrong = unreadable(it->path()))
      return fmt::format("{}: cannot be read: {}", it->path().string(), *wrong);
    make_private(it->path().c_str());
    sizes_[name] = static_cast<std::size_t>(it->file_size(unknown));
  }
  if (error) return fmt::format("{}: cannot be read: {}", files_.string(), error.message());
  return std::nullopt;
}

std::optional<std::string> DirectoryStore::preload(const std::string& name,
                                                   const std::string& path) {
  const auto known = device::file_name(name);
  if (!known)
    return fmt::format("--file {}={}: no file of the module can be called so", name, path);
  const auto file = read_regular_file(path, device::flash_bytes);
  if (!file.content && !file.too_large)
    return fmt::format("--file {}={}: cannot be read: {}", name, path, file.wrong);
  if (file.too_large || !device::fits(sizes_, *known, file.content->size()))
    return fmt::format("--file {}={}: no room, the module has {} bytes for files", name, path,
                       device::flash_bytes);
  if (!write(*known, *file.content))
    return fmt::format("--file {}={}: cannot be stored", name, path);
  return std::nullopt;
}

void DirectoryStore::close() {
  if (!temporary_) return;
  temporary_ = false;
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::optional<std::string> DirectoryStore::read(const std::string& name) const {
  if (sizes_.find(name) == sizes_.end()) return std::nullopt;
  if (disk_)
    if (auto change = disk_->waiting(files_ / name)) return std::move(change->content);
  return read_regular_file(files_ / name, device::flash_bytes, Links::refused).content;
}

/// Without content the file is removed.
bool DirectoryStore::store(const std::string& name, std::optional<std::string> content) {
  const auto path = files_ / name;
  if (disk_) return disk_->take({path, root_ / part, std::move(content)});
  if (content) {
    const auto wrong = write_whole_file(path, *content, {.part = root_ / part});
    if (wrong) spdlog::warn("{}: {}", path.string(), *wrong);
    return !wrong;
  }
  const bool gone = ::unlink(path.c_str()) == 0 || errno == ENOENT;
  if (!gone) spdlog::warn("{}: {}", path.string(), reason());
  return gone;
}

bool DirectoryStore::write(const std::string& name, std::string_view content) {
  if (!store(name, std::string(content))) return false;
  sizes_[name] = content.size();
  return true;
}

bool DirectoryStore::remove(const std::string& name) {
  if (!store(name, std::nullopt)) return false;
  sizes_.erase(name);
  return true;
}

}  // namespace emulator
