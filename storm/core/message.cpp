#include "storm/core/message.hpp"

#include <charconv>

#include <fmt/format.h>

namespace storm {

std::string message_payload(std::string_view tag, std::uint32_t sequence, std::size_t size) {
  auto payload = fmt::format("{} {:0{}} ", tag, sequence, sequence_digits);
  payload.reserve(size);
  // Each message another stretch of the alphabet, so that a mix-up of two shows.
  for (std::uint32_t letter = sequence; payload.size() < size; ++letter)
    payload += static_cast<char>('a' + letter % 26);
  return payload;
}

std::optional<std::uint32_t> sequence_of(std::string_view payload, std::string_view tag) {
  if (payload.size() < min_payload || payload.substr(0, tag_size) != tag) return std::nullopt;
  const auto digits = payload.substr(tag_size + 1, sequence_digits);
  std::uint32_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return sequence;
}

}  // namespace storm
