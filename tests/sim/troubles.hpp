// Everything that goes wrong on purpose: faults of the product's own table, drawn, set as a user
// sets them, by their JSON, and taken away again. Counts those that struck.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/fault_draws.hpp"
#include "tests/sim/world.hpp"

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <utility>
#include <vector>

namespace sim {

/// How often each fault struck, in the order of fault_draws().
using FaultCounts = std::vector<std::uint64_t>;

class Troubles {
 public:
  Troubles(World& world, Dice& dice, std::function<const Setup&(int)> setup);

  /// Takes away what has had its time; a boot that hung may go on.
  void end_some();
  /// Sets another fault. All that the module has said has been read.
  void act();
  /// When to act again.
  at::Duration pause() { return dice_.ms(0, 10000); }

  /// Told of each fault that strikes, before it has any effect.
  void on_strike(std::function<void(const emulator::faults::Fault&)> strikes) {
    strikes_ = std::move(strikes);
  }

  /// Timers of what lasts.
  [[nodiscard]] std::size_t pending() const;
  [[nodiscard]] const FaultCounts& struck() const { return struck_; }
  /// Of each fault that is set, and that strikes; for a person.
  void on_told(std::function<void(const std::string&)> told) { told_ = std::move(told); }

 private:
  static constexpr std::size_t most_at_once = 6;

  /// A fault that is set.
  struct Live {
    std::string name;
    std::size_t draw = 0;  // which row
    at::Time end{};
    at::Time lasts_until{};  // what it has changed in the surroundings
  };

  void applied(const emulator::event::FaultApplied& event);
  void set_one();

  World& world_;
  Dice& dice_;
  std::function<const Setup&(int)> setup_;
  std::function<void(const std::string&)> told_ = [](const auto&) {};
  std::function<void(const emulator::faults::Fault&)> strikes_ = [](const auto&) {};
  std::list<Live> live_;
  std::uint64_t last_name_ = 0;
  FaultCounts struck_;
};

}  // namespace sim
