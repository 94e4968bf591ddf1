// How many bytes have gone over links, both ways. Counted where the bytes pass, shown by +QGDCNT.
#pragma once

#include <cstdint>

namespace cellular {

struct Traffic {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
};

}  // namespace cellular
