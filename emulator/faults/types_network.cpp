// Faults of the radio, the network and the links over it.
#include "emulator/faults/type_parts.hpp"

namespace emulator::faults {

std::vector<FaultType> network_types() {
  return {

      {"registration",
       Moment::at_once,
       "The network is lost, or denies service",
       {word("mode", "lost|denied", "what happens to the registration"),
        for_s("until it is as before")}},
      {"signal",
       Moment::at_once,
       "The signal is another one",
       {optional(number("rsrp", -140, -44, "dBm")), optional(number("rsrq", -20, -3, "dB")),
        optional(number("rssi", -113, -51, "dBm")), optional(number("sinr", -20, 30, "dB")),
        for_s("until it is as before")},
       true},
      {"pdp-deactivate",
       Moment::at_once,
       "The network takes a context down",
       {number("cid", 1, 15, "which context")}},
      {"dns",
       Moment::open,
       "The peer's name is not answered, leads to the wrong address, or is answered late",
       {word("mode", "none|wrong|slow", "what the name server does"),
        optional(ms("of slow"), "5000")}},
      {"connect",
       Moment::open,
       "The connection is refused, not answered, or reset once it is there",
       {word("mode", "refuse|swallow|reset", "what becomes of it")}},
      {"link",
       Moment::at_once,
       "Established links are reset, let nothing pass any more, or are slow",
       {word("mode", "reset|half-open|slow", "what becomes of them"),
        optional(number("delay_ms", 0, longest_ms, "of slow: how late the peer is heard"), "1000"),
        optional(number("jitter_ms", 0, longest_ms, "of slow: more or less by up to so much"), "0"),
        optional(number("bytes_per_s", 1, 1'000'000'000, "of slow: how much passes each way")),
        optional(
            number("loss", 0, 99,
                   "of slow: percent of what the peer says that is lost and comes again 1 s later, "
                   "what is behind it too"),
            "0")},
       false,
       true},
      {"nat-idle",
       Moment::at_once,
       "A NAT between forgets a link after so long without traffic",
       {number("s", 1, longest_s, "for how long nothing may pass")},
       false,
       true},
  };
}

}  // namespace emulator::faults
