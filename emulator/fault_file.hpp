// Reads the faults that are there from the start (--faults FILE): a list of them as JSON, as the
// control interface takes one. Read once, before anything is started.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace emulator {

/// Longest file of faults, in bytes.
constexpr std::size_t max_fault_file = std::size_t{1} << 20U;

/// Its text into `faults`, when each of them could be set. Returns what is wrong, in one line.
[[nodiscard]] std::optional<std::string> read_fault_file(const std::string& path,
                                                         std::string& faults);

}  // namespace emulator
