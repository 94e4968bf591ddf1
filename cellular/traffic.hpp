// How many bytes have gone over links, both ways, in all and by context. Counted where the bytes
// pass, shown by +QGDCNT and to onlookers. One for each modem; io thread only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cellular {

struct Traffic {
  struct Context {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
  };
  static constexpr int max_cid = 15;

  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  std::array<Context, max_cid + 1> contexts{};  // by cid; 0: of none that is known

  void count_sent(int cid, std::size_t bytes) {
    sent += bytes;
    of(cid).sent += bytes;
  }
  void count_received(int cid, std::size_t bytes) {
    received += bytes;
    of(cid).received += bytes;
  }

 private:
  [[nodiscard]] Context& of(int cid) {
    return contexts[cid < 0 || cid > max_cid ? 0 : static_cast<std::size_t>(cid)];
  }
};

}  // namespace cellular
