// Faults of the line between module and host.
#include "emulator/faults/type_parts.hpp"

namespace emulator::faults {

std::vector<FaultType> line_types() {
  return {

      {"reply-delay", Moment::reply, "The answer comes later", {ms("by so much")}},
      {"reply-drop", Moment::reply, "The answer does not come, its echo does", {}},
      {"reply-split",
       Moment::reply,
       "The answer comes in two parts",
       {number("at", 0, longest_answer, "bytes of the first part"), ms("between the parts")}},
      {"reply-pieces",
       Moment::reply,
       "The answer comes in pieces",
       {number("bytes", 1, 65'536, "of each piece"), ms("between two pieces")}},
      {"reply-coalesce",
       Moment::reply,
       "The answer waits for what is said next, and comes in one with it",
       {optional(ms("after which it comes alone"), "1000")}},
      {"reply-corrupt",
       Moment::reply,
       "The lowest bit of one byte of the answer is flipped",
       {number("at", 0, longest_answer, "which byte, from 0")}},
      {"reply-lost-byte",
       Moment::reply,
       "One byte of the answer is missing",
       {number("at", 0, longest_answer, "which byte, from 0")}},
      {"crlf",
       Moment::reply,
       "Each CR LF of the answer comes twice, or not at all",
       {word("mode", "doubled|missing", "what becomes of it")}},
      {"echo-delay",
       Moment::echo,
       "The echo comes later, and what is behind it",
       {ms("by so much")}},
      {"rate",
       Moment::at_once,
       "The module's side of the line has another rate: until the host follows, neither "
       "understands the other",
       {number("baud", 300, 4'000'000, "the rate"), for_s("until it is as before")}},
      {"port-vanish",
       Moment::at_once,
       "The ports are gone, as when a cable is pulled, and come back: a pseudo-terminal's link, a "
       "TCP listener",
       {optional(ms("until they are back"), "1000")}},
  };
}

}  // namespace emulator::faults
