// The module's flash: profiles of AT&W and single settings, as JSON in --state-dir, or in memory
// only. A file is replaced in one step, behind the module's back; a damaged one is kept aside and
// reported. Owned by the Emulator.
#pragma once

#include "at_engine/channel.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/stores/disk_writer.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

class Flash : public at::ProfileStore, public device::Nvram {
 public:
  /// Longest file that is read, in bytes: no longer one can be written.
  static constexpr std::size_t file_limit = DiskWriter::queue_limit;

  Flash() = default;
  ~Flash() override;
  Flash(const Flash&) = delete;
  Flash& operator=(const Flash&) = delete;

  /// Keeps the flash in `directory` (made if missing) from now on. Returns what went wrong, in one
  /// line: it cannot be written, what is there cannot be read, or another emulator uses it.
  [[nodiscard]] std::optional<std::string> open(
      const std::filesystem::path& directory,
      std::shared_ptr<DiskWriter> disk = std::make_shared<DiskWriter>());

  std::optional<at::Profile> load(const std::string& channel) override;
  bool save(const at::Profiles& changes) override;

  [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
  [[nodiscard]] bool set(std::string_view name, const std::string& value) override;

  [[nodiscard]] const at::Profiles& all_profiles() const override { return profiles_; }
  [[nodiscard]] bool replace_profiles(const at::Profiles& profiles) override;
  [[nodiscard]] const Settings& all_settings() const override { return settings_; }
  [[nodiscard]] bool replace_settings(const Settings& settings) override;

 private:
  template <class Map>
  [[nodiscard]] bool write(const char* name, const Map& content);

  std::filesystem::path directory_;  // empty: nothing is kept
  std::shared_ptr<DiskWriter> disk_;
  int lock_ = -1;
  at::Profiles profiles_;
  Settings settings_;
};

}  // namespace emulator
