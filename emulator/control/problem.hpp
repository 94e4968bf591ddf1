// What kept a request from being done: a problem document of RFC 9457 (application/problem+json).
// Made by the table of routes and by handlers.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace emulator::control {

inline constexpr std::string_view problem_content = "application/problem+json";

struct Problem {
  int status = 400;
  /// What happened this time and what is allowed, for a person.
  std::string detail;
  /// The member of the body or the parameter that is to blame; empty: none. Inner members are
  /// written `params.ms`, `all[0].kind`.
  std::string field{};
  /// Further members of the document (extension members).
  nlohmann::json more = nlohmann::json::object();
};

/// The document. `type` is about:blank, so `title` is what HTTP calls the status.
[[nodiscard]] nlohmann::json document(const Problem& problem);

/// What HTTP calls a status ("Not Found").
[[nodiscard]] std::string reason(int status);

/// JSON as text; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string to_text(const nlohmann::json& json);

}  // namespace emulator::control
