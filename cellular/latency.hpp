// How long a cellular network takes (TIME-6): a result URC follows its OK no sooner than a round
// trip. Drawn from a seeded table, fixed, or nothing. Owned by the Modem, asked by the clients.
#pragma once

#include "at_engine/timeline.hpp"

#include <cstdint>
#include <random>
#include <variant>

namespace cellular {

class Latency {
 public:
  enum class Step { open, connect, answer, radio, restart, search };

  struct Instant {};
  struct Typical {
    std::uint32_t seed = 1;
  };
  struct Fixed {
    at::Duration delay;
  };
  using Mode = std::variant<Instant, Typical, Fixed>;

  explicit Latency(Mode mode = Instant{});

  /// The shortest time from now to the result of `step`.
  at::Duration draw(Step step);

 private:
  Mode mode_;
  std::minstd_rand random_;
};

}  // namespace cellular
