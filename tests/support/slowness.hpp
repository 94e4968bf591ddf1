// How much slower than an idle machine this one is at the moment: what limits of real time in tests
// are multiplied with.
#pragma once

#include <cstdint>

namespace support {

/// From 1 (idle, no sanitizer) upwards. Measures for about 20 ms.
double slowness();

/// `ms` of an idle machine on this one.
std::int64_t slowed(std::int64_t ms);

}  // namespace support
