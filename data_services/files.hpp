// The module's files as the services need them: whole ones by name ("UFS:x" and "x" are one file).
// Implemented by the file store of the device.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

class Files {
 public:
  virtual ~Files() = default;

  /// Whether a file can be called so.
  [[nodiscard]] virtual bool is_name(std::string_view name) const = 0;
  /// Nothing when there is no such file.
  [[nodiscard]] virtual std::optional<std::string> content(std::string_view name) const = 0;
  /// Most bytes that the file may have once it is replaced; nothing while it is open.
  [[nodiscard]] virtual std::optional<std::size_t> room_for(std::string_view name) const = 0;
  /// Makes or replaces it. False when that failed; what was there then stays.
  [[nodiscard]] virtual bool replace(std::string_view name, std::string_view content) = 0;
};

}  // namespace data_services
