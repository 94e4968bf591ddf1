// The seam to the module's file system as TLS sees it: whole files by name, read when a connection
// is opened. Implemented by the file store of the device (and by the tests' memory).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ssl_ctx {

class Files {
 public:
  virtual ~Files() = default;

  /// The content of a file; nothing when there is none of that name. "UFS:x" and "x" are one file.
  [[nodiscard]] virtual std::optional<std::string> read_file(std::string_view name) const = 0;
};

}  // namespace ssl_ctx
