// What fuzz targets share: an input cut into pieces of one size, and a claim that ends the run
// where it does not hold.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fuzz {

inline void require(bool holds, std::string_view claim, std::string_view said = {}) {
  if (holds) return;
  std::fprintf(stderr, "%.*s\n%.*s\n", static_cast<int>(claim.size()), claim.data(),
               static_cast<int>(said.size()), said.data());
  std::abort();
}

/// Takes `text` off the front of `said`, where it must stand.
inline void take(std::string& said, std::string_view text) {
  require(said.starts_with(text), text, said);
  said.erase(0, text.size());
}

/// The line that `said` begins with, behind its CR LF, and off it.
inline std::string take_line(std::string& said) {
  take(said, "\r\n");
  const auto end = said.find("\r\n");
  require(end != std::string::npos, "a whole line", said);
  auto line = said.substr(0, end);
  said.erase(0, end + 2);
  return line;
}

class Pieces {
 public:
  Pieces(std::string_view bytes, std::size_t size)
      : bytes_(bytes), size_(std::max<std::size_t>(1, size)) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  /// The next one, of `most` bytes at the most.
  [[nodiscard]] std::string next(std::size_t most) {
    const auto piece = bytes_.substr(0, std::min(size_, most));
    bytes_.remove_prefix(piece.size());
    return std::string(piece);
  }

 private:
  std::string_view bytes_;
  std::size_t size_;
};

}  // namespace fuzz
