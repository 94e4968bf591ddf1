// The module's flash with the faults that act on it: full, or with a cache that is lost when the
// module goes down. In front of any stores. Owned by the FaultInjector.
#pragma once

#include "at_engine/channel.hpp"
#include "emulator/device/files/file_store.hpp"
#include "emulator/device/settings/nvram.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::faults {

class FaultyFlash : public at::ProfileStore, public device::Nvram, public device::FileStore {
 public:
  struct Stores {
    at::ProfileStore& profiles;
    device::Nvram& settings;
    device::FileStore& files;
  };

  explicit FaultyFlash(Stores stores) : stores_(stores) {}

  /// Refuses every change from now on, or no longer.
  void be_full(bool on) { full_ = on; }
  /// What is stored from now on goes into a cache; at the end of that the cache is written.
  void cache(bool on);
  /// The module goes down, and the cache with it.
  void lose_cache();

  [[nodiscard]] std::optional<at::Profile> load(const std::string& channel) override;
  [[nodiscard]] bool save(const at::Profiles& changes) override;

  /// What is in the cache included; valid until the next call of anything here.
  [[nodiscard]] const at::Profiles& all_profiles() const override;
  /// Not into the cache, which is emptied of what it has of them.
  [[nodiscard]] bool replace_profiles(const at::Profiles& profiles) override;

  [[nodiscard]] std::optional<std::string> get(std::string_view name) const override;
  [[nodiscard]] bool set(std::string_view name, const std::string& value) override;
  [[nodiscard]] const Settings& all_settings() const override;
  [[nodiscard]] bool replace_settings(const Settings& settings) override;

  [[nodiscard]] const device::FileSizes& sizes() const override {
    return files_.empty() ? stores_.files.sizes() : sizes_;
  }
  [[nodiscard]] std::optional<std::string> read(const std::string& name) const override;
  [[nodiscard]] bool write(const std::string& name, std::string_view content) override;
  [[nodiscard]] bool remove(const std::string& name) override;

 private:
  [[nodiscard]] bool change_file(const std::string& name, std::optional<std::string> content);

  Stores stores_;
  bool full_ = false;
  bool caching_ = false;
  at::Profiles profiles_;
  Settings settings_;
  mutable at::Profiles all_profiles_;  // what all_profiles() has answered
  mutable Settings all_settings_;
  std::map<std::string, std::optional<std::string>> files_;  // nothing: removed
  device::FileSizes sizes_;  // of all files, once there is one in the cache
};

}  // namespace emulator::faults
