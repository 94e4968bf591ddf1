// Plays a transcript (a session written down as text) against a modem in virtual time. Every byte
// that the modem says must be expected, every request to a broker too. The language is described in
// tests/transcripts/README.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace support {

/// How the host's bytes arrive: as written, one at a time, or as much as possible in one piece.
enum class Delivery { as_written, byte_by_byte, burst };

/// Nothing when the transcript holds; else the line and what differs.
std::optional<std::string> play(const std::filesystem::path& file, Delivery delivery);

struct TroubleReport {
  std::size_t runs = 0;
  std::size_t followed = 0;  // of which the ledger could follow to the end
  std::vector<std::string> failures{};
};

/// Plays the transcript once for each of its link steps and each kind of trouble: up to that step
/// as written, then the link dies or falls silent. Nothing is compared after that, but every
/// operation must end as the statements say, no timer may be left, and `AT` must be answered.
TroubleReport play_with_trouble(const std::filesystem::path& file);

/// All transcripts below `folder`, sorted.
std::vector<std::filesystem::path> transcripts(const std::filesystem::path& folder);

}  // namespace support
