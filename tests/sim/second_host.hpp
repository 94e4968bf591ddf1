// Another host, at the module's second channel, while the first does anything it may do. Whatever
// that is, each answer comes here at once, in this channel's own settings, and nothing else does
// but the result of what was asked here. Its commands leave the first channel's bytes as they are.
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/host.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class SecondHost {
 public:
  SecondHost(World& world, Dice& dice, Ledger& ledger, Host& first);

  /// Asks something, or answers for the resolver. The first host has read all there is.
  void act();
  /// When to act again.
  at::Duration pause() { return dice_.ms(1, 10000); }
  /// Reads all that the module has said on this channel.
  void read();
  /// What must hold when both channels have been read. What a client had under way ends with its
  /// link, without a word.
  void check();

  /// Of the module's timers those that run for this host.
  [[nodiscard]] std::size_t pending() const {
    return asked_ && restarts_ == first_.restarts() ? 1 : 0;
  }
  [[nodiscard]] std::uint64_t hash() const { return hash_; }
  [[nodiscard]] std::uint64_t commands() const { return commands_; }

 private:
  struct Exchange {
    int index = 0;
    int id = 0;
    int generation = 0;  // of the client
    at::Time due{};
  };

  void send(std::string_view line);
  void ask(std::string_view line, std::string_view info, bool accepted);
  void change_format();
  void exchange();
  void look_up();
  void read_look_up(std::string_view& said);
  void read_results(std::string_view& said);
  void read_name(std::string_view& said);
  void exchange_ended(std::string_view line);
  void restarted();
  [[nodiscard]] std::string final_result(bool accepted) const;

  World& world_;
  Dice& dice_;
  Ledger& ledger_;
  Host& first_;
  bool echo_ = true;
  bool words_ = true;
  std::string due_;
  bool looks_up_ = false;  // the line that is due asks for a name
  std::optional<at::Time> asked_;
  std::vector<Exchange> exchanges_;
  int last_id_ = 0;
  at::Time unsettled_{};  // when radio or power were last not simply on
  std::uint64_t restarts_ = 0;
  std::uint64_t hash_ = 14695981039346656037U;
  std::uint64_t commands_ = 0;
};

}  // namespace sim
