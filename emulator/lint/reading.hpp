// Whether the host reads what its clients store (rule messages-never-read). Owned by the Linter.
#pragma once

#include "emulator/lint/check.hpp"

#include <chrono>
#include <cstddef>
#include <map>

namespace emulator::lint {

class Reading : public Check {
 public:
  /// How long a message may wait for its host.
  static constexpr std::chrono::seconds reading_time{1};

  using Check::Check;
  using Observer::saw;

  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override;
  void end(at::Time at) override;

 private:
  struct Buffer {
    std::map<std::size_t, at::Time> unread{};  // by recv_id: since when
    std::size_t dropped = 0;                   // while they stood there
    bool reported = false;
  };

  [[nodiscard]] static bool waited_long(at::Time at, const Buffer& buffer);
  void tell(at::Time at, int client_idx, Buffer& buffer) const;

  std::map<int, Buffer> buffers_;  // by client_idx
};

}  // namespace emulator::lint
