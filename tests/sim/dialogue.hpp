// A host at one port of a modem in virtual time, and what every random session of one needs:
// chance, the story so far, lines typed and answers expected. Base of such sessions.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/support/world.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace sim {

class Dialogue {
 public:
  /// The modem is on, and echo off.
  explicit Dialogue(Dice dice);

  /// The last things said and done, oldest first.
  [[nodiscard]] const std::deque<std::string>& story() const { return story_; }

 protected:
  /// The module is reset.
  void restart();
  void command(const std::string& line);
  /// In one burst or in two.
  void type(const std::string& bytes);
  /// What the module says next. Throws a Violation.
  void expect(const std::string& bytes);
  [[nodiscard]] bool take(std::string_view text);
  /// What connection `number` is asked next. Throws a Violation.
  void asked(std::size_t number, const std::string& request);
  void tell(std::string line);
  /// Takes over what has been said by now.
  void listen();

  Dice dice_;
  support::World world_;
  std::string said_;  // and not yet expected

 private:
  std::deque<std::string> story_;
};

}  // namespace sim
