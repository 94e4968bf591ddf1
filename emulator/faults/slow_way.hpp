// How slow a way to a peer is: when what goes one after the other over it is through. What it draws
// comes from a seed. Owned by a faulty link or connection.
#pragma once

#include "at_engine/timeline.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

namespace emulator::faults {

/// What is slow about it.
struct Slowness {
  at::Duration delay{};
  at::Duration jitter{};
  std::int64_t bytes_per_s = 0;  // 0: as many as there are
  int loss = 0;                  // percent of what the peer says
  [[nodiscard]] bool any() const {
    return delay != at::Duration::zero() || jitter != at::Duration::zero() || bytes_per_s != 0 ||
           loss != 0;
  }
};

class SlowWay {
 public:
  /// After so long what was lost is sent again (RFC 6298, 2.1).
  static constexpr std::chrono::seconds retransmission{1};

  explicit SlowWay(const at::Timeline& timeline) : timeline_(timeline) {}

  void become(Slowness slowness, std::uint64_t seed);
  /// Nothing is on the way.
  void clear() { out_free_ = in_free_ = timeline_.now(); }
  [[nodiscard]] bool slow() const { return slowness_.any(); }

  /// When these bytes have gone out, behind all before them; what is answered to them comes later.
  at::Time goes_out(std::size_t bytes);
  /// When these bytes of the peer are here; `earliest` when something before them still comes. What
  /// is no bytes (0) takes no time on the line.
  [[nodiscard]] at::Time arrives(std::size_t bytes, at::Time earliest);

 private:
  [[nodiscard]] at::Duration on_the_way(std::size_t bytes) const;

  const at::Timeline& timeline_;
  Slowness slowness_;
  at::Time out_free_{};
  at::Time in_free_{};
  std::mt19937_64 draw_;
};

}  // namespace emulator::faults
