// What may stand in an MQTT string. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace mqtt_backend {

namespace detail {

/// Bytes that must follow the first byte of a UTF-8 sequence; negative for no first byte.
constexpr int continuation_bytes(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return -1;
}

}  // namespace detail

/// UTF-8 without NUL, surrogates and over-long forms, as MQTT wants its strings.
constexpr bool is_mqtt_string(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int more = detail::continuation_bytes(lead);
    if (lead == 0 || more < 0 || text.size() - i < static_cast<std::size_t>(more)) return false;
    for (int k = 0; k < more; ++k, ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < 0x80 || byte > 0xBF) return false;
      if (k > 0) continue;
      if ((lead == 0xE0 && byte < 0xA0) || (lead == 0xED && byte > 0x9F)) return false;
      if ((lead == 0xF0 && byte < 0x90) || (lead == 0xF4 && byte > 0x8F)) return false;
    }
  }
  return true;
}

/// A topic that a message can be published to: a string without wildcards.
constexpr bool is_publishable(std::string_view topic) {
  return !topic.empty() && topic.find_first_of("+#") == std::string_view::npos &&
         is_mqtt_string(topic);
}

/// A filter that can be subscribed to (MQTT 3.1.1, 4.7.1): wildcards fill their level, `#` the
/// last.
constexpr bool is_filter(std::string_view filter) {
  if (filter.empty() || !is_mqtt_string(filter)) return false;
  for (;;) {
    const auto slash = filter.find('/');
    const auto level = filter.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    if (level.find_first_of("+#") != std::string_view::npos && level.size() > 1) return false;
    if (level == "#" && !last) return false;
    if (last) return true;
    filter.remove_prefix(slash + 1);
  }
}

/// Whether a message to `topic` goes to who subscribed to `filter` (MQTT 3.1.1, 4.7).
constexpr bool topic_matches(std::string_view filter, std::string_view topic) {
  if (!topic.empty() && topic.front() == '$' && !filter.empty() && filter.front() != '$')
    return false;
  for (;;) {
    const auto wanted = filter.substr(0, filter.find('/'));
    const auto level = topic.substr(0, topic.find('/'));
    if (wanted == "#") return true;
    if (wanted != "+" && wanted != level) return false;
    const bool filter_ends = wanted.size() == filter.size();
    const bool topic_ends = level.size() == topic.size();
    if (topic_ends) return filter_ends || filter.substr(wanted.size()) == "/#";
    if (filter_ends) return false;
    filter.remove_prefix(wanted.size() + 1);
    topic.remove_prefix(level.size() + 1);
  }
}

}  // namespace mqtt_backend
