// How far a run is, in a line: on a terminal written over each second, elsewhere a line of its own
// now and then. Owned by whoever runs the fleet.
#pragma once

#include "storm/core/tally.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace storm {

class Progress {
 public:
  enum class Kind : std::uint8_t { terminal, lines };

  Progress(Kind kind, std::function<void(std::string_view)> print)
      : kind_(kind), print_(std::move(print)) {}

  /// How often tick() wants to be called.
  [[nodiscard]] Time interval() const {
    return kind_ == Kind::terminal ? std::chrono::seconds(1) : std::chrono::seconds(5);
  }
  void tick(const Tally& tally, Time now);

  /// Nothing of it stays on a terminal.
  void end();

 private:
  Kind kind_;
  std::function<void(std::string_view)> print_;
  std::uint64_t confirmed_ = 0;  // at the last line
  Time last_{};
};

}  // namespace storm
