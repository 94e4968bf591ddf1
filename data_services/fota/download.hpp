// One try to download a package, by HTTP or by FTP. It begins when it is made, and is cut when it
// is let go. Owned by the Fota.
#pragma once

#include "at_engine/timeline.hpp"

#include <functional>
#include <string_view>

namespace data_services {

class Download {
 public:
  /// `refused`: another try would end in the same way.
  enum class End { complete, refused, failed };

  struct Order {
    int cid = 1;
    int ssl_ctx = 1;
    at::Duration patience{};  // with a silent server
    /// Takes what comes; false when it is too much.
    std::function<bool(std::string_view bytes)> take{};
    /// Told once, never from inside the constructor. The download must not be let go in it.
    std::function<void(End)> done{};
  };

  Download() = default;
  virtual ~Download() = default;
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;
};

}  // namespace data_services
