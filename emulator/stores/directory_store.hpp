// The module's files: in a real directory, DIR/ufs under --state-dir, where a file is replaced in
// one step and written behind the module's back; else in memory, and gone with the program. Owned
// by the Unit.
#pragma once

#include "emulator/device/files/file_store.hpp"
#include "emulator/stores/disk_writer.hpp"
#include "emulator/stores/regular_file.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class DirectoryStore : public device::FileStore {
 public:
  DirectoryStore() = default;
  ~DirectoryStore() override;
  DirectoryStore(const DirectoryStore&) = delete;
  DirectoryStore& operator=(const DirectoryStore&) = delete;

  /// Keeps the files in `directory`/ufs, taking over what is there; without a directory in memory.
  /// Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> open(
      const std::optional<std::filesystem::path>& directory,
      std::shared_ptr<DiskWriter> disk = std::make_shared<DiskWriter>());

  /// Puts a file of this machine into the module's flash, in place of one of that name. `name` is
  /// as a host types it. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> preload(const std::string& name,
                                                   const std::string& path);

  /// As write(). Returns what went wrong, without the name.
  [[nodiscard]] std::optional<std::string> put(const std::string& name, std::string_view content);

  /// What the module has under a name, or why that cannot be read.
  [[nodiscard]] RegularFile look_up(const std::string& name) const;

  [[nodiscard]] const device::FileSizes& sizes() const override { return sizes_; }
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const override;
  [[nodiscard]] bool write(const std::string& name, std::string_view content) override;
  [[nodiscard]] bool remove(const std::string& name) override;

 private:
  [[nodiscard]] std::optional<std::string> take_over();
  [[nodiscard]] std::optional<std::string> store(const std::string& name,
                                                 std::optional<std::string> content);

  std::filesystem::path root_;  // where parts are written before they become files
  std::filesystem::path files_;
  std::shared_ptr<DiskWriter> disk_;         // null: nothing is to last
  std::map<std::string, std::string> kept_;  // then
  device::FileSizes sizes_;
};

}  // namespace emulator
