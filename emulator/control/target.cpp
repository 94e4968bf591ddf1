#include "emulator/control/target.hpp"

#include <charconv>

namespace emulator::control {
namespace {

constexpr std::string_view scheme = "http://";

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      unsigned byte = 0;
      const auto digits = text.substr(i + 1, 2);
      const auto* const end = digits.data() + digits.size();
      const auto [stopped, error] = std::from_chars(digits.data(), end, byte, 16);
      if (digits.size() != 2 || error != std::errc{} || stopped != end) return std::nullopt;
      decoded += static_cast<char>(byte);
      i += 2;
    }
  }
  return decoded;
}

/// The text up to `separator`, which leaves `rest` with what is behind it.
std::string_view cut(std::string_view& rest, char separator) {
  const auto at = rest.find(separator);
  const auto piece = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return piece;
}

bool split_query(std::string_view text, Target& target) {
  while (!text.empty()) {
    auto value = cut(text, '&');
    if (value.empty()) continue;
    const auto name = cut(value, '=');
    auto decoded_name = decode(name, true);
    auto decoded_value = decode(value, true);
    if (!decoded_name || !decoded_value) return false;
    target.query.emplace_back(*std::move(decoded_name), *std::move(decoded_value));
  }
  return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
  Target target;
  if (text.starts_with(scheme)) {
    text.remove_prefix(scheme.size());
    const auto end = text.find_first_of("/?");
    target.authority = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view("/") : text.substr(end);
  }
  auto path = cut(text, '?');
  if (path.empty() || path.front() != '/') return std::nullopt;
  target.path = path;
  if (!split_query(text, target)) return std::nullopt;
  path.remove_prefix(1);
  for (;;) {
    const bool last = path.find('/') == std::string_view::npos;
    auto segment = decode(cut(path, '/'), false);
    if (!segment) return std::nullopt;
    target.segments.push_back(*std::move(segment));
    if (last) return target;
  }
}

}  // namespace emulator::control
