// A regular expression of a user's (Perl syntax): whatever it is and whatever it is tried on, it
// answers, and an expression that takes too long has no match, which the log says once. Plain
// value.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace emulator::faults {

class Pattern {
 public:
  static constexpr std::size_t max_size = 1024;

  /// The alternative is what is wrong with it.
  static std::variant<Pattern, std::string> compile(const std::string& text);

  /// Whether it is found anywhere in `text`.
  [[nodiscard]] bool found_in(std::string_view text) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  struct Compiled;

  std::string text_;
  std::shared_ptr<Compiled> compiled_;
};

}  // namespace emulator::faults
