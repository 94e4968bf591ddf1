// What a modem says, cut into lines and prompts, however the bytes come in. Holds no more than one
// line, and of that a bounded part. Owned by the Host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storm {

struct Token {
  enum class Kind : std::uint8_t { line, prompt };
  Kind kind = Kind::line;
  std::string_view text{};  // of a line without CR and LF, never empty; valid until the next call
};

class LineSplitter {
 public:
  /// In bytes. A longer line is left out as a whole.
  static constexpr std::size_t max_line = 4096;

  /// The next token of `rest`, which is shortened by what was taken. Nothing: all was taken.
  std::optional<Token> next(std::string_view& rest);

  /// Forgets a line that has begun.
  void reset();

  [[nodiscard]] std::uint64_t overlong_lines() const { return overlong_lines_; }

 private:
  [[nodiscard]] bool take_prompt(std::string_view& rest);
  void hold(std::string_view piece);

  std::string line_;
  bool told_ = false;      // line_ was given away with the last call
  bool too_long_ = false;  // the line has exceeded max_line
  std::uint64_t overlong_lines_ = 0;
};

}  // namespace storm
