// What the module holds at rest as a document: a part names its values in one function, which both
// writes them down and takes them back, so that the two cannot drift apart. Implemented outside of
// the core; handed to every part in turn.
#pragma once

#include "at_engine/param.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace at {

class Memo {
 public:
  virtual ~Memo() = default;

  /// True when values are taken from the document, false when they are written into it.
  [[nodiscard]] virtual bool restoring() const = 0;

  // One value each. One that the document does not have, or that `range` does not admit, is refused
  // and stays as it is. After the first refusal nothing is taken any more.

  virtual void number(std::string_view name, std::int64_t& value, const Param& range) = 0;
  virtual void flag(std::string_view name, bool& value) = 0;
  /// Any bytes. One that may be empty may be so whatever its words are.
  virtual void bytes(std::string_view name, std::string& value, const Param& range) = 0;

  /// A value that may be missing. Writing: whether it is there; the answer is whether it is.
  virtual bool maybe(std::string_view name, bool there) = 0;

  /// What follows, up to leave(), is in a group of its own.
  virtual void enter(std::string_view name) = 0;
  /// A list of groups; the answer is how many there are, never more than `most`.
  virtual std::size_t enter_list(std::string_view name, std::size_t count, std::size_t most) = 0;
  virtual void enter_item(std::size_t i) = 0;
  virtual void leave() = 0;

  /// The document says of `name` what cannot be.
  virtual void refuse(std::string_view name, std::string_view why) = 0;
  void require(bool possible, std::string_view name, std::string_view why) {
    if (!possible) refuse(name, why);
  }

  /// What a quoted parameter can hold: it goes out between quotes again.
  void text(std::string_view name, std::string& value, const Param& range) {
    auto there = value;
    bytes(name, there, range);
    if (there.find('"') != std::string::npos)
      return refuse(name, "must have no quotation mark, as no quoted parameter can");
    value = std::move(there);
  }

  /// A whole number or an enumeration of any type.
  template <class Whole>
  void whole(std::string_view name, Whole& value, const Param& range) {
    std::int64_t wide = 0;
    if constexpr (std::is_same_v<Whole, char>)
      wide = static_cast<unsigned char>(value);
    else
      wide = static_cast<std::int64_t>(value);
    number(name, wide, range);
    value = static_cast<Whole>(wide);
  }

  void maybe_whole(std::string_view name, std::optional<int>& value, const Param& range) {
    if (!maybe(name, value.has_value())) {
      value.reset();
      return;
    }
    int there = value.value_or(0);
    whole(name, there, range);
    value = there;
  }

  /// An enumeration by its words, in the order of its values.
  template <class Enum, std::size_t count>
  void word(std::string_view name, Enum& value, const std::array<std::string_view, count>& words) {
    constexpr std::int64_t longest = 64;
    auto index = static_cast<std::size_t>(value);
    std::string chosen(words[index]);
    text(name, chosen, at::text(name, 0, longest));
    const auto* const found = std::find(words.begin(), words.end(), chosen);
    if (found == words.end()) return refuse(name, "is no word that is known there");
    index = static_cast<std::size_t>(found - words.begin());
    value = static_cast<Enum>(index);
  }

  template <class Visit>
  void group(std::string_view name, Visit&& visit) {
    enter(name);
    visit();
    leave();
  }

  template <class Item, class Visit>
  void list(std::string_view name, std::vector<Item>& items, std::size_t most, Visit&& visit) {
    const auto count = enter_list(name, items.size(), most);
    if (restoring()) items = std::vector<Item>(count);
    visit_items(items, visit);
    leave();
  }

  /// A list that always has as many items.
  template <class Item, std::size_t size, class Visit>
  void list(std::string_view name, std::array<Item, size>& items, Visit&& visit) {
    const auto count = enter_list(name, size, size);
    if (count != size)
      refuse("", "has too few items");
    else
      visit_items(items, visit);
    leave();
  }

  void texts(std::string_view name, std::vector<std::string>& items, std::size_t most,
             const Param& range) {
    list(name, items, most, [&](std::string& item) { text(range.name, item, range); });
  }

 private:
  template <class Items, class Visit>
  void visit_items(Items& items, Visit& visit) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      enter_item(i);
      visit(items[i]);
      leave();
    }
  }
};

}  // namespace at
