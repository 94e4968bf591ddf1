// A fault that somebody asked for: its type, parameters, the conditions under which it acts, and
// how often it has (contract CTL-9 to CTL-11). What it draws comes from its own seed. Owned by the
// FaultSet.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/faults/fault_type.hpp"
#include "emulator/faults/pattern.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json_fwd.hpp>

namespace emulator::faults {

/// What is wrong with a request, and with which member of it.
struct Refusal {
  std::string field;
  std::string detail;
};

/// What a condition can ask for; what does not apply is empty.
struct Occasion {
  at::Time now{};
  std::string_view command{};  // the line, without AT
  std::optional<int> client{};
  std::string_view topic{};
  std::string_view state{};           // of the client
  std::optional<std::size_t> size{};  // bytes of what is disturbed
};

struct Condition {
  std::optional<Pattern> command;
  std::optional<int> client;
  std::optional<std::string> topic;  // an MQTT filter
  std::optional<int> nth;
  std::optional<int> every;
  double probability = 1;
  std::optional<at::Duration> from;
  std::optional<at::Duration> to;
  std::optional<std::string> state;

  /// Of all but nth, every and probability.
  [[nodiscard]] bool holds(const Occasion& occasion) const;
  /// Whether it is about something that happens on the line, not only about time or a client.
  [[nodiscard]] bool waits_for_something() const;
};

/// How a module goes down: a reset, or without supply for a while.
struct PowerLoss {
  std::optional<at::Duration> pause;
};

class Fault {
 public:
  static constexpr std::size_t max_name = 64;

  /// From an object of the contract; `unnamed` is its name if it has none.
  static std::variant<Fault, Refusal> parse(const nlohmann::json& object,
                                            const std::string& unnamed);
  [[nodiscard]] nlohmann::json to_json() const;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const FaultType& type() const { return *type_; }
  [[nodiscard]] const Condition& when() const { return when_; }
  /// It acts when something happens that its condition is about, not when it is set.
  [[nodiscard]] bool waits() const;
  /// When it is looked for: its type's moment, or what its parameters make of that.
  [[nodiscard]] Moment moment() const;
  [[nodiscard]] int applied() const { return applied_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  /// Nothing is left of its count.
  [[nodiscard]] bool spent() const { return count_ && applied_ >= *count_; }

  /// A moment for it has come: whether it acts, which is counted. One for a byte that is not there
  /// does not.
  [[nodiscard]] bool acts(const Occasion& occasion);

  /// Of a parameter that is given, or has a default.
  [[nodiscard]] std::int64_t number(std::string_view param) const;
  [[nodiscard]] const std::string& text(std::string_view param) const;
  [[nodiscard]] bool has(std::string_view param) const;
  /// Of a reset or a brownout.
  [[nodiscard]] PowerLoss power_loss() const;
  [[nodiscard]] at::Duration ms() const { return std::chrono::milliseconds(number("ms")); }

 private:
  Fault() = default;
  [[nodiscard]] std::size_t first_byte() const;
  [[nodiscard]] std::optional<Refusal> read(const nlohmann::json& object,
                                            const std::string& unnamed);
  [[nodiscard]] std::optional<Refusal> read_params(const nlohmann::json& params);

  std::string name_;
  const FaultType* type_ = nullptr;
  Condition when_;
  std::optional<int> count_;
  std::uint64_t seed_ = 1;
  std::mt19937_64 draw_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::map<std::string, std::string, std::less<>> texts_;
  int matched_ = 0;
  int applied_ = 0;
};

}  // namespace emulator::faults
