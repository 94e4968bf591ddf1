// The URC that tells a host that a client is down (note 4.1), read back by those who look on. Pure.
#pragma once

#include "at_engine/args.hpp"

#include <optional>
#include <string_view>

namespace mqtt_backend {

struct StatUrc {
  int client;
  int code;
};

/// From a URC with or without its framing; nothing when it is another.
inline std::optional<StatUrc> stat_in(std::string_view urc) {
  constexpr std::string_view name = "+QMTSTAT: ";
  constexpr std::string_view framing = "\r\n";
  const auto first = urc.find_first_not_of(framing);
  if (first == std::string_view::npos || urc.substr(first, name.size()) != name)
    return std::nullopt;
  const auto start = first + name.size();
  const auto values = at::split_args(urc.substr(start, urc.find_last_not_of(framing) + 1 - start));
  if (!values || values->size() != 2) return std::nullopt;
  const auto client = at::parse_number((*values)[0].text);
  const auto code = at::parse_number((*values)[1].text);
  if (!client || !code) return std::nullopt;
  return StatUrc{static_cast<int>(*client), static_cast<int>(*code)};
}

}  // namespace mqtt_backend
