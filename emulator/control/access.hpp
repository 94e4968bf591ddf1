// Who may talk to the control interface: the names under which it is served, the origins of web
// pages, and the token. Used by the HTTP connection.
#pragma once

#include "emulator/control/problem.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::control {

/// The header fields of a request that say who talks to whom. Nothing: the field is not there.
struct Credentials {
  std::optional<std::string> host;
  std::optional<std::string> origin;
  std::optional<std::string> authorization;
};

class Access {
 public:
  /// `token` is empty when none is wanted.
  explicit Access(std::string token) : token_(std::move(token)) {}

  /// Why a request is refused (401 or 403). `served` are the values of Host under which the server
  /// is reached, in lower case; none for a local socket, where Host means nothing. `is_public`:
  /// what is asked for needs no token.
  [[nodiscard]] std::optional<Problem> refusal(const Credentials& credentials,
                                               const std::vector<std::string>& served,
                                               bool is_public = false) const;

 private:
  [[nodiscard]] bool has_token(const std::optional<std::string>& authorization) const;

  std::string token_;
};

}  // namespace emulator::control
