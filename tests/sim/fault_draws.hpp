// What faults are drawn, with what conditions and parameters: one row for each type of the
// product's table, and for each mode that it has there.
//
// Not drawn are:
//   rate, port-vanish       act on the program around the module; here they would meet only the
//   test flash-full, flash-lost  the host here stores nothing busy, urc-storm         the host here
//   cannot tell yet what they excuse of reset and brownout   those in the middle of bytes (at_byte,
//   of), for the same reason context 1 of pdp-deactivate, over which the second host's names are
//   looked up
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
