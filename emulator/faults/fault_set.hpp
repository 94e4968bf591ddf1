// The faults of one modem, by name, in the order in which they were set: several may act at once,
// in that order. Each time one acts, that is told. Owned by the Unit.
#pragma once

#include "emulator/faults/fault.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace emulator::faults {

class FaultSet {
 public:
  static constexpr std::size_t most = 1000;

  struct Hooks {
    /// A fault has acted.
    std::function<void(const Fault& fault, const Occasion& occasion)> applied;
    /// A fault that is to act by itself from a later time on has been set: wake() it then.
    std::function<void(Fault& fault)> wait;
    /// A fault that acts by itself has been set, or its command has come: it begins.
    std::function<void(Fault& fault, const Occasion& occasion)> begin;
    /// It is gone; what it holds is let go.
    std::function<void(const Fault& fault)> end;
  };

  explicit FaultSet(Hooks hooks) : hooks_(std::move(hooks)) {}

  /// A name that there is already is a refusal with the field "name" and an empty detail.
  [[nodiscard]] std::variant<const Fault*, Refusal> add(const nlohmann::json& object, at::Time now);
  /// False when there is none of that name.
  bool remove(const std::string& name);
  void clear();

  /// Null when there is none of that name.
  [[nodiscard]] const Fault* find(const std::string& name) const;
  [[nodiscard]] const std::list<Fault>& all() const { return faults_; }

  /// Those that act now, each counted and told.
  [[nodiscard]] std::vector<Fault*> acting(Moment moment, const Occasion& occasion);
  /// Likewise, up to the first that `ends` it for the others.
  [[nodiscard]] std::vector<Fault*> acting_until(Moment moment, const Occasion& occasion,
                                                 bool (*ends)(const Fault&));
  /// Where only one can have its way: the first. Null when none acts.
  [[nodiscard]] Fault* first_acting(Moment moment, const Occasion& occasion);
  /// Likewise, of those that it `concerns` alone.
  [[nodiscard]] std::vector<Fault*> acting(Moment moment, const Occasion& occasion,
                                           const std::function<bool(const Fault&)>& concerns);
  /// A command is about to run: those that act by themselves once it comes begin.
  void begin_waiting(const Occasion& occasion);
  /// The time of a fault has come.
  void wake(Fault& fault, at::Time now) {
    begin(fault, {.now = now, .client = fault.when().client});
  }
  /// Whether any could act at that moment, whatever the occasion.
  [[nodiscard]] bool any(Moment moment) const;

 private:
  template <class Concerns, class Ends>
  std::vector<Fault*> collect(Moment moment, const Occasion& occasion, const Concerns& concerns,
                              const Ends& ends);
  void begin(Fault& fault, const Occasion& occasion);

  Hooks hooks_;
  std::list<Fault> faults_;
  int unnamed_ = 0;
};

/// What is wrong with such a document, in one line; nothing acts.
[[nodiscard]] std::optional<std::string> complaint_about(const std::string& text);

/// A document with one fault or a list of them, as --faults reads it. The alternative is what is
/// wrong, in one line.
[[nodiscard]] std::optional<std::string> add_all(FaultSet& set, const std::string& text,
                                                 at::Time now);

}  // namespace emulator::faults
