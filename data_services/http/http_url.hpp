// A URL of http or https in its parts (data services 8.2). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

struct HttpUrl {
  bool secure = false;
  std::string host;       // without the brackets of an IPv6 address
  std::string authority;  // as the field Host has it: the port only where it is not the usual one
  std::uint16_t port = 0;
  std::string target;  // path and query, never empty
};

/// "host", "host:port", "[address]" or "[address]:port".
struct UrlAuthority {
  std::string host{};   // without the brackets of an IPv6 address
  std::string place{};  // with them, and without the port
  std::optional<std::uint16_t> port{};
};
[[nodiscard]] std::optional<UrlAuthority> parse_authority(std::string_view text);
/// Whether all of it can stand in a URL: no blanks and no control characters.
[[nodiscard]] bool has_url_bytes_only(std::string_view text);

/// Nothing when it is none: another scheme, no host, a bad port, blanks or control characters in
/// it, or a user's name.
[[nodiscard]] std::optional<HttpUrl> parse_url(std::string_view text);

/// Where a field Location leads from `base`: an URL of its own, or one relative to it.
[[nodiscard]] std::optional<HttpUrl> resolve_url(const HttpUrl& base, std::string_view location);

/// Whether a field Location is an URL of its own.
[[nodiscard]] bool is_absolute_url(std::string_view location);

}  // namespace data_services
