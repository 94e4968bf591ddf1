// The module's flash: what AT&W stores, as JSON in --state-dir, or in memory only. A file is
// replaced in one step; a damaged one is kept aside and reported. Owned by the Emulator.
#pragma once

#include "at_engine/channel.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace emulator {

class Flash : public at::ProfileStore {
 public:
  Flash() = default;
  ~Flash() override;
  Flash(const Flash&) = delete;
  Flash& operator=(const Flash&) = delete;

  /// Keeps the flash in `directory` (made if missing) from now on. Returns what went wrong, in one
  /// line: it cannot be written, or another emulator uses it.
  [[nodiscard]] std::optional<std::string> open(const std::filesystem::path& directory);

  std::optional<at::Profile> load(const std::string& channel) override;
  bool save(const std::string& channel, const at::Profile& profile) override;

 private:
  void read();
  [[nodiscard]] bool write() const;

  std::filesystem::path file_;
  int lock_ = -1;
  std::map<std::string, at::Profile> profiles_;
};

}  // namespace emulator
