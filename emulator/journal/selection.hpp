// Which events of a journal somebody wants to see; what is not told does not matter (contract
// CTL-12). Plain value.
#pragma once

#include "emulator/faults/pattern.hpp"
#include "emulator/journal/event.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace emulator::journal {

struct Selection {
  std::set<Kind> kinds{};          // empty: all
  std::optional<at::Time> from{};  // both included
  std::optional<at::Time> to{};
  std::optional<std::string> channel{};
  std::optional<std::int64_t> client{};
  std::optional<faults::Pattern> text{};  // searched in `line`, `topic` and `text`

  [[nodiscard]] bool takes(const Event& event) const;
};

}  // namespace emulator::journal
