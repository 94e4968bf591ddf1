// One key of a keyed command (+QMTCFG, +QSSLCFG, +QCFG, ...): what may be typed for it, where its
// values are kept, and how they are shown. Query, set, range check, `=?`, the manual and what is
// stored over power-off follow from the row; adding a key is adding a row. Plain constexpr data in
// its family's table; the values live in the family's own struct.
#pragma once

#include "at_engine/args.hpp"
#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/param.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace at {

/// One value of a setting, in `Target`.
template <class Target>
class Field {
 public:
  constexpr Field() = default;
  constexpr Field(const Param& param, int& (*place)(Target&))
      : param_(param.optional()), kind_(Kind::integer), integer_(place) {}
  constexpr Field(const Param& param, std::uint32_t& (*place)(Target&))
      : param_(param.optional()), kind_(Kind::bits), bits_(place) {}
  constexpr Field(const Param& param, bool& (*place)(Target&))
      : param_(param.optional()), kind_(Kind::flag), flag_(place) {}
  constexpr Field(const Param& param, std::optional<int>& (*place)(Target&))
      : param_(param.optional()), kind_(Kind::maybe), maybe_(place) {}
  constexpr Field(const Param& param, std::string& (*place)(Target&))
      : param_(param.optional()), kind_(Kind::text), text_(place) {}

  [[nodiscard]] constexpr const Param& param() const { return param_; }

  void take(Target& target, const Args& args, std::size_t i) const {
    switch (kind_) {
      case Kind::integer:
        integer_(target) = args.number(i);
        break;
      case Kind::bits:
        bits_(target) = static_cast<std::uint32_t>(args.number(i));
        break;
      case Kind::flag:
        flag_(target) = args.number(i) != 0;
        break;
      case Kind::maybe:
        maybe_(target) = args.number(i);
        break;
      case Kind::text:
        text_(target) = param_.as_typed ? args.typed(i) : args.text(i);
        break;
    }
  }

  /// As the query prints it; a number that was never set has no digits.
  [[nodiscard]] std::string shown(const Target& of) const {
    auto& target = const_cast<Target&>(of);  // the places are one function for both
    switch (kind_) {
      case Kind::integer:
        return std::to_string(integer_(target));
      case Kind::bits:
        return std::to_string(bits_(target));
      case Kind::flag:
        return flag_(target) ? "1" : "0";
      case Kind::maybe:
        return maybe_(target) ? std::to_string(*maybe_(target)) : std::string{};
      case Kind::text:
        break;
    }
    const auto& text = text_(target);
    return param_.as_typed ? text : '"' + text + '"';
  }

  void snapshot(Memo& memo, std::string_view name, Target& target) const {
    switch (kind_) {
      case Kind::integer:
        return memo.whole(name, integer_(target), param_);
      case Kind::bits:
        return memo.whole(name, bits_(target), param_);
      case Kind::flag:
        return memo.flag(name, flag_(target));
      case Kind::maybe:
        return memo.maybe_whole(name, maybe_(target), param_);
      case Kind::text:
        break;
    }
    constexpr std::int64_t quotes = 2;
    auto range = param_;
    range.low = 0;  // one that was never set
    if (range.as_typed) range.high += quotes;
    memo.text(name, text_(target), range);
  }

 private:
  enum class Kind : unsigned char { integer, bits, flag, maybe, text };

  Param param_{};
  Kind kind_ = Kind::integer;
  union {
    int& (*integer_)(Target&) = nullptr;
    std::uint32_t& (*bits_)(Target&);
    bool& (*flag_)(Target&);
    std::optional<int>& (*maybe_)(Target&);
    std::string& (*text_)(Target&);
  };
};

/// The field that member `m` of a struct keeps.
template <class Target, class Value>
constexpr Target target_of(Value Target::*);

template <auto m>
consteval auto field(const Param& param) {
  using Target = decltype(target_of(m));
  using Value = std::remove_reference_t<decltype(std::declval<Target&>().*m)>;
  return Field<Target>(
      param, +[](Target& target) -> Value& { return target.*m; });
}

/// The fields of one key, in order.
template <class Target>
class FieldList {
 public:
  static constexpr std::size_t max_fields = 5;

  constexpr FieldList() = default;
  constexpr FieldList(std::initializer_list<Field<Target>> fields) {
    for (const auto& field : fields) items_[count_++] = field;
  }

  [[nodiscard]] constexpr std::size_t size() const { return count_; }
  [[nodiscard]] constexpr const Field<Target>& operator[](std::size_t i) const { return items_[i]; }
  [[nodiscard]] constexpr const Field<Target>* begin() const { return items_.data(); }
  [[nodiscard]] constexpr const Field<Target>* end() const { return items_.data() + count_; }

 private:
  std::array<Field<Target>, max_fields> items_{};
  std::size_t count_ = 0;
};

template <class Target>
struct Setting {
  static constexpr std::size_t all = FieldList<Target>::max_fields;

  std::string_view key;
  FieldList<Target> fields;
  std::string_view summary;
  bool all_together = false;       // a set needs every value; else one that is left out stays
  bool zero_stands_alone = false;  // a first value 0 is shown without those behind it
  std::size_t shown_fields = all;  // so many values the query prints
  bool stored = false;             // kept over power-off
  /// What a set makes of the proposed values before they count; false refuses them.
  bool (*settle)(Target& proposed) = nullptr;
  std::string_view shown = {};  // what `=?` prints for the values instead of their ranges

  /// Takes the values of `args`, the first of them at `first`. False changes nothing.
  [[nodiscard]] bool set(Target& target, const Args& args, std::size_t first) const {
    if (all_together && !args.given_all(first, first + fields.size() - 1)) return false;
    auto proposed = target;
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (args.given(first + i)) fields[i].take(proposed, args, first + i);
    if (settle != nullptr && !settle(proposed)) return false;
    target = std::move(proposed);
    return true;
  }

  /// The values with commas between them, as the query prints them.
  [[nodiscard]] std::string values(const Target& target) const {
    auto count = std::min(shown_fields, fields.size());
    if (zero_stands_alone && fields[0].shown(target) == "0") count = 1;
    // What has no standard and was never typed is not shown.
    while (count > 1 && fields[count - 1].shown(target).empty()) --count;
    return joined(target, count);
  }

  /// All values, for the store.
  [[nodiscard]] std::string print(const Target& target) const {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i > 0) text += ',';
      const auto value = fields[i].shown(target);
      if (value != "\"\"") text += value;  // an empty text is as one that was never set
    }
    return text;
  }

  /// Takes what print() gave, or an older program. False when it is none of this row's values;
  /// nothing is changed then.
  [[nodiscard]] bool read(Target& target, std::string_view printed) const {
    const auto args = Args::parse(printed, params({}));
    return args && args->given_from(0) && set(target, *args, 0);
  }

  /// The values, each under the name of its parameter.
  void snapshot(Memo& memo, Target& target) const {
    if (fields.size() == 0) return;
    memo.enter(key);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::string name(fields[i].param().name);
      for (std::size_t j = 0; j < i; ++j)
        if (fields[j].param().name == fields[i].param().name) name += std::to_string(i);
      fields[i].snapshot(memo, name, target);
    }
    if (memo.restoring() && settle != nullptr && !settle(target))
      memo.refuse("", "has values that do not go together");
    memo.leave();
  }

  /// The parameters of its command, behind `leading` ones.
  [[nodiscard]] constexpr ParamList params(ParamList leading) const {
    for (const auto& field : fields) leading.add(field.param());
    return leading;
  }

 private:
  [[nodiscard]] std::string joined(const Target& target, std::size_t count) const {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += ',';
      text += fields[i].shown(target);
    }
    return text;
  }
};

}  // namespace at
