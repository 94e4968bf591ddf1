// A modem at rest as a JSON document, and a modem made as a document says (contract CTL-15).
// Everything is tried on a modem apart before anything is changed. Called by the routes.
#pragma once

#include "emulator/module/modem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

namespace emulator::snapshot {

inline constexpr std::string_view format = "eg91xq-snapshot";
/// "MAJOR.MINOR"; another major version is another document.
inline constexpr std::string_view version = "1.0";

struct Refusal {
  enum class Kind {
    busy,        // something is under way, or cannot be taken
    other_kind,  // of another major version, or of another model
    damaged,     // not what save() writes; `field` is to blame
    full,        // the module's stores do not take it
  };
  Kind kind;
  std::string detail;
  std::string field{};
};

/// What the module is. `imei` is told for a person, and not taken back.
[[nodiscard]] std::variant<nlohmann::json, Refusal> save(Modem& modem, const std::string& imei);

/// The module is as it was when `document` was made. A refusal has changed nothing.
[[nodiscard]] std::optional<Refusal> restore(Modem& modem, const nlohmann::json& document);

}  // namespace emulator::snapshot
