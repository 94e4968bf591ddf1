#include "emulator/faults/slow_way.hpp"

#include <algorithm>

namespace emulator::faults {

void SlowWay::become(Slowness slowness, std::uint64_t seed) {
  slowness_ = slowness;
  clear();
  draw_.seed(seed);
}

at::Duration SlowWay::on_the_way(std::size_t bytes) const {
  if (slowness_.bytes_per_s == 0) return {};
  const auto seconds = static_cast<double>(bytes) / static_cast<double>(slowness_.bytes_per_s);
  return std::chrono::duration_cast<at::Duration>(std::chrono::duration<double>(seconds));
}

at::Time SlowWay::goes_out(std::size_t bytes) {
  out_free_ = std::max(out_free_, timeline_.now()) + on_the_way(bytes);
  return out_free_;
}

at::Time SlowWay::arrives(std::size_t bytes, at::Time earliest) {
  const auto most = static_cast<double>(slowness_.jitter.count());
  const auto drift = std::uniform_real_distribution<>(-most, most)(draw_);
  auto delay = std::max(slowness_.delay + at::Duration(static_cast<at::Duration::rep>(drift)),
                        at::Duration::zero());
  constexpr int tries = 6;
  at::Duration again = retransmission;
  for (int i = 0; i < tries && bytes > 0 && slowness_.loss > 0; ++i, again *= 2) {
    if (std::uniform_int_distribution<>(0, 99)(draw_) >= slowness_.loss) break;
    delay += again;
  }
  in_free_ = std::max({in_free_, out_free_, timeline_.now()}) + on_the_way(bytes);
  return std::max(in_free_ + delay, earliest);
}

}  // namespace emulator::faults
