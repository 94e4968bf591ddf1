// Faults of the module itself.
#include "emulator/faults/type_parts.hpp"

namespace emulator::faults {
namespace {

constexpr Param of_what =
    optional(word("of", "command|reply|prompt|data", "whose bytes at_byte counts"), "command");
constexpr Param at_byte = optional(number(
    "at_byte", 0, longest_answer, "after so many bytes; of a command at the latest before its CR"));

}  // namespace

std::vector<FaultType> module_types() {
  return {
      {"result",
       Moment::command,
       "The command does not run; this is its final result",
       {text("text", 1, 128, "as it is said, without CR LF")}},
      {"cme",
       Moment::command,
       "The command does not run and ends with this +CME ERROR",
       {number("code", 0, 999, "of the manual's table")}},
      {"busy",
       Moment::heard,
       "The module is busy: it takes the command, and what follows, in later",
       {ms("by so much")}},
      {"reset", Moment::heard, "The module starts anew, without a word", {at_byte, of_what}},
      {"brownout",
       Moment::heard,
       "The supply fails: the module is off, and starts when it is back",
       {at_byte, of_what, optional(ms("until it is back"), "500")}},
      {"boot-hang",
       Moment::boot,
       "The module is switched on and does not get ready",
       {for_s("until it goes on")}},
      {"flash-full", Moment::at_once, "The flash takes nothing more", {}},
      {"flash-lost",
       Moment::at_once,
       "What is stored is there until the module goes down, and lost then; it stays once the fault "
       "goes",
       {}},
      {"clock-jump",
       Moment::at_once,
       "The module's clock jumps",
       {number("s", -longest_jump_s, longest_jump_s, "by so much")}},
      {"urc-storm",
       Moment::at_once,
       "A URC again and again",
       {text("line", 1, 512, "as it is said, without CR LF"),
        number("per_s", 1, 10'000, "how many a second"), number("s", 1, longest_s, "for so long")}},
  };
}

}  // namespace emulator::faults
