// How long the steps of a start take, from switching on to everything loaded (--boot).
#pragma once

#include "at_engine/timeline.hpp"

namespace emulator::device {

struct BootTimes {
  at::Duration ready{};         // from power to RDY; the module is deaf until then
  at::Duration function{};      // then +CFUN: 1
  at::Duration sim{};           // then the SIM answers
  at::Duration usim{};          // then its applications are known
  at::Duration messages{};      // then the message memory can be used
  at::Duration contacts{};      // then the phone book
  at::Duration registration{};  // from SIM and radio to the network, whenever they come
};

constexpr BootTimes instant_boot{};

/// As logs of this generation show it: RDY after 3.3 s, the rest some 5 s later.
constexpr BootTimes typical_boot{
    std::chrono::milliseconds(3300), std::chrono::milliseconds(30),
    std::chrono::milliseconds(450),  std::chrono::milliseconds(60),
    std::chrono::milliseconds(4600), std::chrono::milliseconds(300),
    std::chrono::milliseconds(2100),
};

}  // namespace emulator::device
