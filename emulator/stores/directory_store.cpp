#include "emulator/stores/directory_store.hpp"

#include "emulator/device/files/file_name.hpp"
#include "emulator/stores/private_file.hpp"

#include <sys/stat.h>

#include <cerrno>
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
}

std::optional<std::string> DirectoryStore::open(const std::optional<fs::path>& directory,
                                                std::shared_ptr<DiskWriter> disk) {
  if (!directory) return std::nullopt;
  root_ = *directory;
  disk_ = std::move(disk);
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
    const auto size = static_cast<std::size_t>(it->file_size(unknown));
    if (!device::fits(sizes_, name, size))
      return fmt::format("{}: no room, the module has {} bytes for files", it->path().string(),
                         device::flash_bytes);
    make_private(it->path().c_str());
    sizes_[name] = size;
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
  if (const auto wrong = put(*known, *file.content))
    return fmt::format("--file {}={}: cannot be stored: {}", name, path, *wrong);
  return std::nullopt;
}

RegularFile DirectoryStore::look_up(const std::string& name) const {
  RegularFile nothing;
  nothing.absent = true;
  if (sizes_.find(name) == sizes_.end()) return nothing;
  if (!disk_) return {kept_.at(name), {}};
  const auto change = disk_->waiting(files_ / name);
  if (!change) return read_regular_file(files_ / name, device::flash_bytes, Links::refused);
  return change->content ? RegularFile{change->content, {}} : nothing;
}

std::optional<std::string> DirectoryStore::read(const std::string& name) const {
  return look_up(name).content;
}

/// Without content the file is removed.
std::optional<std::string> DirectoryStore::store(const std::string& name,
                                                 std::optional<std::string> content) {
  if (disk_) {
    if (disk_->take({files_ / name, root_ / part, std::move(content)})) return std::nullopt;
    return "the disk fails or is stuck";
  }
  if (content)
    kept_[name] = *std::move(content);
  else
    kept_.erase(name);
  return std::nullopt;
}

std::optional<std::string> DirectoryStore::put(const std::string& name, std::string_view content) {
  if (auto wrong = store(name, std::string(content))) return wrong;
  sizes_[name] = content.size();
  return std::nullopt;
}

bool DirectoryStore::write(const std::string& name, std::string_view content) {
  const auto wrong = put(name, content);
  return !wrong;
}

bool DirectoryStore::remove(const std::string& name) {
  const auto wrong = store(name, std::nullopt);
  if (!wrong) sizes_.erase(name);
  return !wrong;
}

}  // namespace emulator
