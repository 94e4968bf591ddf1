#include "tests/support/slowness.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>

namespace support {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double of_sanitizers = 10;
#else
constexpr double of_sanitizers = 1;
#endif
constexpr double pieces = 4;
constexpr double piece_ms = 4;

using Clock = std::chrono::steady_clock;
using Ms = std::chrono::duration<double, std::milli>;

double own_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// Real time that `piece_ms` of work take, waking up for it included.
double real_ms() {
  const auto start = Clock::now() + std::chrono::milliseconds(1);
  std::this_thread::sleep_until(start);
  for (const double began = own_ms(); own_ms() - began < piece_ms;) {
  }
  return Ms(Clock::now() - start).count();
}

}  // namespace

double slowness() {
  double real = 0;
  for (int i = 0; i < static_cast<int>(pieces); ++i) real += real_ms();
  return of_sanitizers * std::max(1.0, real / (pieces * piece_ms));
}

std::int64_t slowed(std::int64_t ms) {
  return static_cast<std::int64_t>(static_cast<double>(ms) * slowness());
}

}  // namespace support
