// What a terminal's tap gets to hear: lines and answers as they are, contents of files apart.
// Behind a command that takes a file everything counts as content, also when the command was
// refused, up to a line of commands that the module knows: Base64 has its "AT" too. Owned by the
// Terminal.
#pragma once

#include "at_engine/tap.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace at {

class TapFeed {
 public:
  /// Most of a file's content that is kept before it is passed on.
  static constexpr std::size_t max_kept = 512 * 1024;
  /// Where in an answer the content of a file stands, and how long it is.
  using Span = std::pair<std::size_t, std::size_t>;

  /// `tap` may be null.
  explicit TapFeed(Tap* tap) : tap_(tap) {}

  void heard(char byte);

  /// A command that takes a file is about to run.
  void expect_file();
  [[nodiscard]] bool file_expected() const { return file_expected_; }

  /// "AT" was just heard at what may be a command line.
  void line_began();
  /// That line is complete and a command, no content.
  void line_was_command();

  /// Passes on what was heard so far: outside a file, or of a file.
  void pass_heard();
  void pass_file();

  void echoed(std::string_view bytes, bool of_file);
  void said(std::string_view unit, const std::vector<Span>& files);
  /// Input that is not looked at; it may be the content of a file, whose command goes too.
  void dropped(std::string_view bytes);

 private:
  Tap* tap_;
  bool file_expected_ = false;
  std::string heard_;
  std::string file_;
  std::size_t line_at_ = 0;  // in file_
};

}  // namespace at
