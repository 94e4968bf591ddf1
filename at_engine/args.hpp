// The arguments of one call, already checked against the declaration: a handler never sees a value
// of the wrong type or out of range. Views into the command line; they live as long as the call.
#pragma once

#include "at_engine/param.hpp"

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace at {

class Args {
 public:
  /// Most arguments that one call may have.
  static constexpr std::size_t max_args = 32;

  /// What keeps arguments from being taken: they are too few, too many or of a wrong type, or one
  /// of them is out of its range.
  enum class Misfit { form, range };

  /// Checks `text` (what follows '=') against the parameters, of which the last `repeats` may come
  /// again as a group. Nothing when it does not fit; `misfit`, if there is one, is told why.
  static std::optional<Args> parse(std::string_view text, const ParamList& params,
                                   std::size_t repeats = 0, Misfit* misfit = nullptr);

  [[nodiscard]] std::size_t size() const { return values_.size(); }

  /// The key of a keyed command as declared; empty for others.
  [[nodiscard]] std::string_view key() const { return key_; }
  void set_key(std::string_view key) { key_ = key; }

  /// False when left out, or empty between commas.
  [[nodiscard]] bool given(std::size_t i) const {
    return i < values_.size() && values_[i].has_value();
  }

  /// True when any argument from `first` on is given.
  [[nodiscard]] bool given_from(std::size_t first) const;

  /// True when every argument from `first` to `last` is given.
  [[nodiscard]] bool given_all(std::size_t first, std::size_t last) const;

  /// Only of an argument that is given.
  [[nodiscard]] int number(std::size_t i) const {
    assert(given(i));
    return static_cast<int>(values_[i]->number);
  }
  [[nodiscard]] int number_or(std::size_t i, int otherwise) const {
    return given(i) ? number(i) : otherwise;
  }
  [[nodiscard]] std::string_view text_view(std::size_t i) const {
    assert(given(i));
    return values_[i]->text;
  }
  [[nodiscard]] std::string text(std::size_t i) const { return std::string(text_view(i)); }
  [[nodiscard]] bool quoted(std::size_t i) const { return values_[i]->quoted; }
  /// With its quotes, if it was typed with any.
  [[nodiscard]] std::string typed(std::size_t i) const {
    return values_[i]->quoted ? '"' + text(i) + '"' : text(i);
  }

 private:
  struct Value {
    std::string_view text;
    bool quoted = false;
    std::int64_t number = 0;
  };
  std::string_view key_;
  std::vector<std::optional<Value>> values_;
};

/// One argument as it stands on the line: blanks around it gone, quotes taken off.
struct Token {
  std::string_view text;
  bool quoted = false;
};

/// Splits at the commas that stand outside quotes. Nothing when a quote is not closed, stands in
/// the middle of an argument, or there are more than Args::max_args.
std::optional<std::vector<Token>> split_args(std::string_view text);

/// A decimal number with an optional minus sign; nothing for anything else.
std::optional<std::int64_t> parse_number(std::string_view text);

}  // namespace at
