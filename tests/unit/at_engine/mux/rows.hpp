// The frames of the contract's table by DLCI, 0 to 4: what opens and closes it, and the module's
// words for it.
#pragma once

#include <array>
#include <string_view>

namespace mux_bench {

struct Row {
  std::string_view sabm, ua, disc, dm, status;
};

constexpr std::array<Row, 5> rows{{
    {"F9 03 3F 01 1C F9", "F9 03 73 01 D7 F9", "F9 03 53 01 FD F9", "F9 03 1F 01 36 F9", ""},
    {"F9 07 3F 01 DE F9", "F9 07 73 01 15 F9", "F9 07 53 01 3F F9", "F9 07 1F 01 F4 F9",
     "F9 01 EF 09 E3 05 07 8D 9A F9"},
    {"F9 0B 3F 01 59 F9", "F9 0B 73 01 92 F9", "F9 0B 53 01 B8 F9", "F9 0B 1F 01 73 F9",
     "F9 01 EF 09 E3 05 0B 8D 9A F9"},
    {"F9 0F 3F 01 9B F9", "F9 0F 73 01 50 F9", "F9 0F 53 01 7A F9", "F9 0F 1F 01 B1 F9",
     "F9 01 EF 09 E3 05 0F 8D 9A F9"},
    {"F9 13 3F 01 96 F9", "F9 13 73 01 5D F9", "F9 13 53 01 77 F9", "F9 13 1F 01 BC F9",
     "F9 01 EF 09 E3 05 13 8D 9A F9"},
}};

/// That the multiplexer is left, and the answer.
constexpr auto close_down = "F9 03 EF 05 C3 01 F2 F9";
constexpr auto closed_down = "F9 01 EF 05 C1 01 93 F9";

}  // namespace mux_bench
