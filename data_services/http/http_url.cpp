#include "data_services/http/http_url.hpp"

#include "at_engine/args.hpp"
#include "at_engine/text.hpp"

#include <algorithm>

namespace data_services {
namespace {

constexpr std::string_view plain = "http://";
constexpr std::string_view secured = "https://";
constexpr std::uint16_t plain_port = 80;
constexpr std::uint16_t secured_port = 443;

bool begins_with(std::string_view text, std::string_view scheme) {
  return at::equal_ignoring_case(text.substr(0, scheme.size()), scheme);
}

bool is_url_byte(char c) {
  constexpr unsigned char blank = 0x20;
  constexpr unsigned char del = 0x7F;
  const auto byte = static_cast<unsigned char>(c);
  return byte > blank && byte != del;
}

bool take_authority(HttpUrl& url, std::string_view text) {
  const auto authority = parse_authority(text);
  if (!authority) return false;
  const auto usual = url.secure ? secured_port : plain_port;
  url.host = authority->host;
  url.port = authority->port.value_or(usual);
  url.authority = url.port == usual ? authority->place : std::string(text);
  return true;
}

}  // namespace

std::optional<UrlAuthority> parse_authority(std::string_view text) {
  auto host = text.substr(0, text.find(':'));
  auto rest = text.substr(host.size());
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    if (end == text.npos) return std::nullopt;
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  }
  if (host.empty() || host.find_first_of("@\\") != host.npos) return std::nullopt;
  UrlAuthority authority{std::string(host), std::string(text.substr(0, text.size() - rest.size())),
                         std::nullopt};
  if (rest.empty() || rest == ":") return authority;
  constexpr std::int64_t max_port = 65'535;
  const auto port = at::parse_number(rest.substr(1));
  if (rest.front() != ':' || !port || *port < 1 || *port > max_port) return std::nullopt;
  authority.port = static_cast<std::uint16_t>(*port);
  return authority;
}

bool has_url_bytes_only(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_url_byte);
}

bool is_absolute_url(std::string_view location) {
  return begins_with(location, plain) || begins_with(location, secured);
}

std::optional<HttpUrl> parse_url(std::string_view text) {
  if (!is_absolute_url(text) || !has_url_bytes_only(text)) return std::nullopt;
  HttpUrl url;
  url.secure = begins_with(text, secured);
  text.remove_prefix(url.secure ? secured.size() : plain.size());
  text = text.substr(0, text.find('#'));
  const auto authority = text.substr(0, text.find_first_of("/?"));
  if (!take_authority(url, authority)) return std::nullopt;
  url.target = text.substr(authority.size());
  if (url.target.empty() || url.target.front() == '?') url.target.insert(0, "/");
  return url;
}

std::optional<HttpUrl> resolve_url(const HttpUrl& base, std::string_view location) {
  if (is_absolute_url(location)) return parse_url(location);
  const auto scheme = std::string(base.secure ? secured : plain);
  if (location.starts_with("//")) return parse_url(scheme + std::string(location.substr(2)));
  auto path = base.target.substr(0, base.target.find('?'));
  if (location.starts_with("/"))
    path.clear();
  else if (!location.starts_with("?"))
    path.resize(path.rfind('/') + 1);
  return parse_url(scheme + base.authority + path + std::string(location));
}

}  // namespace data_services
