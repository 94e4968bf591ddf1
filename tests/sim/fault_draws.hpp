// What faults are drawn, with what conditions and parameters: one row for each type of the
// product's table, and for each mode that it has there.
//
// Not drawn are those that act on the program around the module, where a simulation would only meet
// itself: `rate` (bytes of another rate are made by the port of a line) and `port-vanish` (the
// ports that vanish are the program's). Nor are, for want of a host here that could tell:
// `flash-full` and `flash-lost` (this one stores nothing), `busy` and what goes down in the middle
// of bytes (`at_byte`).
#pragma once

#include "tests/sim/dice.hpp"
#include "tests/sim/setup.hpp"

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace sim {

/// For a fault that is to act upon a client, if it is one of those that do.
struct DrawFor {
  Dice& dice;
  int client_idx;
  const Setup& setup;
};

struct FaultDraw {
  enum class About { client, link, line, module };

  std::string type;
  std::string mode;  // empty when it has none
  About about{};     // link: at once, upon one that is there; line: an answer or a
                     // command of the host; module: at once
  int weight = 1;
  std::function<void(const DrawFor&, nlohmann::json& params)> complete{};
  nlohmann::json params = nlohmann::json::object();

  [[nodiscard]] bool at_once() const { return about == About::link || about == About::module; }
  /// As it is reported.
  [[nodiscard]] std::string label() const { return mode.empty() ? type : type + ' ' + mode; }
  /// The document of such a fault, but for its name.
  [[nodiscard]] nlohmann::json draw(const DrawFor& draw) const;
};

[[nodiscard]] const std::vector<FaultDraw>& fault_draws();

}  // namespace sim
