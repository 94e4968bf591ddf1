// Files called "RAM:x", which FTP alone can name: they last until the module stops. Owned by the
// FtpSession.
#pragma once

#include "data_services/files.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace data_services {

class RamFiles : public Files {
 public:
  /// Bytes of all files, their names included.
  static constexpr std::size_t capacity = std::size_t{512} * 1024;
  static constexpr std::string_view prefix = "RAM:";

  /// Whether it is this storage that `name` is about.
  [[nodiscard]] static bool are_meant(std::string_view name);

  [[nodiscard]] bool is_name(std::string_view name) const override;
  [[nodiscard]] std::optional<std::string> content(std::string_view name) const override;
  [[nodiscard]] std::optional<std::size_t> room_for(std::string_view name) const override;
  [[nodiscard]] bool replace(std::string_view name, std::string_view content) override;

  void clear() { contents_.clear(); }

 private:
  std::map<std::string, std::string, std::less<>> contents_;
};

}  // namespace data_services
