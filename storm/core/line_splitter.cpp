#include "storm/core/line_splitter.hpp"

#include <utility>

namespace storm {
namespace {

/// Without the CRs around it; doubled line ends and echoes leave several.
std::string_view bare(std::string_view line) {
  while (!line.empty() && line.front() == '\r') line.remove_prefix(1);
  while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace

std::optional<Token> LineSplitter::next(std::string_view& rest) {
  if (std::exchange(told_, false)) line_.clear();
  while (!rest.empty()) {
    if (take_prompt(rest)) return Token{Token::Kind::prompt};
    const auto end = rest.find('\n');
    hold(rest.substr(0, end));
    if (end == std::string_view::npos) {
      rest = {};
      break;
    }
    rest.remove_prefix(end + 1);
    if (std::exchange(too_long_, false)) ++overlong_lines_;
    const auto text = bare(line_);
    if (!text.empty()) {
      told_ = true;
      return Token{Token::Kind::line, text};
    }
    line_.clear();
  }
  return std::nullopt;
}

void LineSplitter::reset() {
  line_.clear();
  told_ = false;
  too_long_ = false;
}

/// A prompt has no line end: it is "> " where a line begins.
bool LineSplitter::take_prompt(std::string_view& rest) {
  if (too_long_) return false;
  constexpr std::string_view prompt = "> ";
  const auto missing = prompt.substr(line_.size() <= 1 ? line_.size() : 0);
  const bool begun = line_.empty() || line_ == prompt.substr(0, 1);
  if (!begun || rest.substr(0, missing.size()) != missing) return false;
  rest.remove_prefix(missing.size());
  line_.clear();
  return true;
}

void LineSplitter::hold(std::string_view piece) {
  if (too_long_) return;
  if (line_.size() + piece.size() > max_line) {
    too_long_ = true;
    line_.clear();
    return;
  }
  line_ += piece;
}

}  // namespace storm
