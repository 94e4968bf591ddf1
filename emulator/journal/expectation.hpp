// What somebody expects to find in a journal: events, in order or not, so many of one, and none of
// others (contract CTL-14). Is shown the events one after the other, and says when it is decided;
// who waits for time is its owner.
#pragma once

#include "emulator/faults/pattern.hpp"
#include "emulator/journal/event.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator::journal {

/// What one event has to be like: its kind, and of its members those named. A text is a regular
/// expression, searched; what is no text has to be equal.
class Wanted {
 public:
  /// The alternative is what is wrong, in one line that begins with the member's name.
  static std::variant<Wanted, std::string> parse(const nlohmann::json& object);

  /// Empty when it fits, else why not.
  [[nodiscard]] std::string misfit(const nlohmann::json& event) const;
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const nlohmann::json& as_asked() const { return object_; }

 private:
  Kind kind_ = Kind::rx;
  std::vector<std::pair<std::string, faults::Pattern>> patterns_;
  std::vector<std::pair<std::string, nlohmann::json>> equals_;
  nlohmann::json object_;
};

class Expectation {
 public:
  /// Members of `all` and `none` that are taken.
  static constexpr std::size_t most_members = 100;
  /// Misses that are told, for each member.
  static constexpr std::size_t most_nearest = 3;

  enum class State { open, met, failed };

  struct Refusal {
    std::string field;
    std::string detail;
  };
  static std::variant<Expectation, Refusal> parse(const nlohmann::json& body);

  State see(const Event& event);
  /// Nothing more comes: what is met by waiting is met.
  State end();
  [[nodiscard]] State state() const { return state_; }

  /// {"matched":[…]} or {"missing":[…],"nearest":[…]}.
  [[nodiscard]] nlohmann::json verdict() const;

 private:
  struct Member {
    Wanted wanted;
    std::vector<std::uint64_t> matched{};
    struct Near {
      std::uint64_t seq;
      std::string why;
    };
    std::vector<Near> near{};
  };

  void match(const Event& event, const nlohmann::json& shown);
  void match_any(const Event& event, const nlohmann::json& shown);
  [[nodiscard]] bool fits(Member& member, const Event& event, const nlohmann::json& shown);
  [[nodiscard]] bool place(std::uint64_t seq, std::vector<bool>& tried);
  [[nodiscard]] bool all_met() const;
  [[nodiscard]] bool complete(const Member& member) const;

  std::vector<Member> all_;
  std::map<std::uint64_t, std::vector<std::size_t>> fits_;  // of matched events: which members
  std::vector<Wanted> none_;
  bool ordered_ = false;
  std::size_t least_ = 1;
  std::optional<std::size_t> most_;
  State state_ = State::open;
  std::optional<std::pair<std::uint64_t, std::string>> offence_;
};

}  // namespace emulator::journal
