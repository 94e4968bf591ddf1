#include "emulator/ctl/event_text.hpp"

#include "emulator/ctl/value_text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace emulator::ctl {

std::string event_text(const nlohmann::json& event) {
  constexpr std::array<std::string_view, 7> apart{"seq",  "t",    "kind", "channel",
                                                  "line", "text", "bytes"};
  auto text = fmt::format("{:>10.3f}  {:<8}", event.value("t", 0.0), event.value("kind", ""));
  if (event.contains("channel")) text += fmt::format(" {}:", plain(event["channel"]));
  for (const auto* said : {"line", "text"})
    if (event.contains(said)) text += ' ' + plain(event[said]);
  const bool is_device = event.contains("what") && event.contains("value");
  if (is_device) text += fmt::format(" {}={}", plain(event["what"]), plain(event["value"]));
  // The number of bytes, where they are not shown.
  if (event.contains("bytes") && event["bytes"].is_number())
    text += " bytes=" + plain(event["bytes"]);
  for (const auto& [name, value] : event.items())
    if (std::find(apart.begin(), apart.end(), name) == apart.end() &&
        !(is_device && (name == "what" || name == "value")))
      text += fmt::format(" {}={}", name, plain(value));
  return text + '\n';
}

}  // namespace emulator::ctl
