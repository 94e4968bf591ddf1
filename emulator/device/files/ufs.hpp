// The files in the module's flash: AT+QF* (FILE note of the sibling modules, 2). Files last in the
// FileStore; handles are the module's own and end with a restart. Owned by the Device.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "emulator/device/files/file_store.hpp"
#include "ssl_ctx/files.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace emulator::device {

class Ufs : public ssl_ctx::Files {
 public:
  /// Most files open at a time.
  static constexpr std::size_t max_open = 10;
  static constexpr int first_handle = 3000;

  explicit Ufs(FileStore& store) : store_(store) {}

  static const std::array<at::Command<Ufs>, 15>& commands();

  [[nodiscard]] std::optional<std::string> read_file(std::string_view name) const override;

  /// Most bytes that a file of this name may have; nothing when it is open, or cannot be called so.
  [[nodiscard]] std::optional<std::size_t> room_for(std::string_view name) const;
  /// Makes or replaces a file. False when there is no room for it, or it failed.
  [[nodiscard]] bool replace_file(std::string_view name, std::string_view content);

  /// The module restarts: nothing is open any more.
  void close_all() { open_.clear(); }

  /// What is open; the files are in the store, which holds them already.
  void snapshot(at::Memo& memo);

 private:
  /// How QFOPEN opens a file, by its number.
  enum class Mode { create_or_open, create_or_empty, read_only };

  struct OpenFile {
    std::string name{};
    Mode mode{};
    std::size_t position = 0;
  };
  using OpenFilePtr = std::shared_ptr<OpenFile>;

  at::Outcome used();
  at::Outcome space(const at::Args& args);
  at::Outcome list_all();
  at::Outcome list(const at::Args& args);
  at::Outcome remove(const at::Args& args);
  at::Outcome size(const at::Args& args);
  at::Outcome md5(const at::Args& args);

  at::Outcome upload(const at::Args& args);
  at::Outcome download(const at::Args& args);
  at::Outcome keep(const std::string& name, const std::string& data, at::Outcome ending);

  at::Outcome handles();
  at::Outcome open(const at::Args& args);
  at::Outcome read(const at::Args& args);
  at::Outcome write(const at::Args& args);
  at::Outcome seek(const at::Args& args);
  at::Outcome position(const at::Args& args);
  at::Outcome truncate(const at::Args& args);
  at::Outcome flush(const at::Args& args);
  at::Outcome close(const at::Args& args);

  at::Outcome with_file(const at::Args& args, at::Outcome (Ufs::*action)(const std::string&));
  at::Outcome size_of(const std::string& name);
  at::Outcome md5_of(const std::string& name);
  at::Outcome content_of(const std::string& name);
  at::Outcome remove_all();
  at::Outcome insert(OpenFile& file, const std::string& data, at::Outcome ending);
  [[nodiscard]] OpenFilePtr opened(const at::Args& args) const;
  [[nodiscard]] bool is_open(std::string_view name) const;
  [[nodiscard]] bool exists(std::string_view name) const { return store_.sizes().count(name) != 0; }
  [[nodiscard]] std::size_t stored_size(std::string_view name) const;

  FileStore& store_;
  std::map<int, OpenFilePtr> open_;
};

}  // namespace emulator::device
