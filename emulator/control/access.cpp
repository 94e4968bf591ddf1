#include "emulator/control/access.hpp"

#include "emulator/control/lower_case.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>

namespace emulator::control {
namespace {

constexpr std::string_view bearer = "bearer ";
constexpr std::string_view scheme = "http://";

bool contains(const std::vector<std::string>& served, const std::string& authority) {
  return std::find(served.begin(), served.end(), authority) != served.end();
}

}  // namespace

bool Access::has_token(const std::optional<std::string>& authorization) const {
  if (!authorization || authorization->size() != bearer.size() + token_.size()) return false;
  if (lower_case(authorization->substr(0, bearer.size())) != bearer) return false;
  // Takes the same time wherever the first difference is.
  return CRYPTO_memcmp(authorization->data() + bearer.size(), token_.data(), token_.size()) == 0;
}

std::optional<Problem> Access::refusal(const Credentials& credentials,
                                       const std::vector<std::string>& served,
                                       bool is_public) const {
  if (!is_public && !token_.empty() && !has_token(credentials.authorization))
    return Problem{401, "the token of --control-token is wanted: Authorization: Bearer TOKEN"};
  if (credentials.origin) {
    const auto origin = lower_case(*credentials.origin);
    if (!origin.starts_with(scheme) || !contains(served, origin.substr(scheme.size())))
      return Problem{403, "a page of another origin may not do this", "Origin"};
  }
  if (!token_.empty() || served.empty()) return std::nullopt;
  if (!credentials.host || !contains(served, lower_case(*credentials.host)))
    return Problem{403,
                   fmt::format("this server is not reached by that name, but by {}",
                               fmt::join(served, " or ")),
                   "Host"};
  return std::nullopt;
}

}  // namespace emulator::control
