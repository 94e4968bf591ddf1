#include "at_engine/grammar.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <utility>

namespace at {
namespace {

bool is_extended_lead(char c) { return c == '+' || c == '*' || c == '^' || c == '$'; }
bool is_name_char(char c) {
  return is_letter(c) || (c >= '-' && c <= ':') || c == '_' || c == '!' || c == '%';
}

std::string without_control_characters(std::string_view body) {
  std::string kept;
  bool quoted = false;
  for (const char c : body) {
    if (c == '"') quoted = !quoted;
    if (quoted || !is_control(c)) kept += c;
  }
  return kept;
}

class Parser {
 public:
  explicit Parser(std::string_view body) : text_(body) {}

  ParsedLine run() {
    ParsedLine line;
    for (skip(); !done(); skip()) {
      auto call = is_extended_lead(peek()) ? extended() : basic();
      if (!call) {
        line.complete = false;
        return line;
      }
      line.calls.push_back(std::move(*call));
    }
    return line;
  }

 private:
  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  void blanks() {
    while (peek() == ' ') ++at_;
  }
  void skip() {
    while (peek() == ' ' || peek() == ';') ++at_;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool ends_here() {
    blanks();
    return done() || peek() == ';';
  }
  std::string digits() {
    std::string result;
    while (is_digit(peek())) result += text_[at_++];
    return result;
  }
  std::string until_semicolon() {
    const auto begin = at_;
    for (bool quoted = false; !done() && (quoted || text_[at_] != ';'); ++at_)
      if (text_[at_] == '"') quoted = !quoted;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::optional<ParsedCall> extended() {
    ParsedCall call;
    const auto begin = at_++;
    while (is_name_char(peek())) ++at_;
    call.name = upper(text_.substr(begin, at_ - begin));
    blanks();
    if (take('=')) {
      blanks();
      if (take('?')) {
        call.type = CallType::test;
      } else {
        call.type = CallType::write;
        call.text = until_semicolon();
      }
    } else if (take('?')) {
      call.type = CallType::read;
    }
    if (!ends_here()) return std::nullopt;
    return call;
  }

  std::optional<ParsedCall> basic() {
    ParsedCall call;
    if (take('&')) call.name = "&";
    if (!is_letter(peek())) return std::nullopt;
    call.name += upper(text_[at_++]);
    if (call.name == "S") return s_register(std::move(call));
    if (call.name == "D") {
      call.type = CallType::write;
      call.text = std::string(text_.substr(at_));
      at_ = text_.size();
      return call;
    }
    if (take('?')) {
      call.type = CallType::read;
      return call;
    }
    call.text = digits();
    call.type = call.text.empty() ? CallType::exec : CallType::write;
    return call;
  }

  std::optional<ParsedCall> s_register(ParsedCall call) {
    const auto which = digits();
    if (which.empty()) return std::nullopt;
    call.name += which;
    blanks();
    if (take('?')) {
      call.type = CallType::read;
      return call;
    }
    if (!take('=')) return std::nullopt;
    blanks();
    call.type = CallType::write;
    call.text = digits();
    if (call.text.empty()) return std::nullopt;
    return call;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

ParsedLine parse_line(std::string_view body) {
  if (std::none_of(body.begin(), body.end(), is_control)) return Parser(body).run();
  const auto text = without_control_characters(body);
  return Parser(text).run();
}

namespace {

/// Its number or text follows the name directly.
bool is_basic(const std::string& name) {
  return name[0] == '&' || (is_letter(name[0]) && name[0] != 'S');
}

}  // namespace

std::string typed(const ParsedCall& call) {
  switch (call.type) {
    case CallType::read:
      return call.name + '?';
    case CallType::test:
      return call.name + "=?";
    case CallType::write:
      return call.name + (is_basic(call.name) ? "" : "=") + call.text;
    case CallType::exec:
      break;
  }
  return call.name + call.text;
}

}  // namespace at
