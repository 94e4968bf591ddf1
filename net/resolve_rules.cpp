#include "net/resolve_rules.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace net {
namespace {

constexpr std::string_view any_name = "*";

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) return std::nullopt;
  return port;
}

}  // namespace

bool is_address(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

std::optional<Place> parse_place(std::string_view text) {
  Place place;
  std::string_view port;
  const auto colons = std::count(text.begin(), text.end(), ':');
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    place.host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!is_address(place.host)) return std::nullopt;
  } else if (colons > 1) {
    place.host = text;
    if (!is_address(place.host)) return std::nullopt;
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    place.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (place.host.empty()) return std::nullopt;
  if (port.empty()) return place;
  place.port = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!place.port) return std::nullopt;
  return place;
}

bool ResolveRules::add(std::string_view rule) {
  const auto sign = rule.find('=');
  if (sign == std::string_view::npos) return false;
  auto from = parse_place(rule.substr(0, sign));
  auto to = parse_place(rule.substr(sign + 1));
  if (!from || !to || to->host == any_name) return false;
  from->host = at::lower(from->host);
  rules_.push_back({std::move(*from), std::move(*to)});
  return true;
}

Place ResolveRules::apply(const Place& asked) const {
  // A rule may lead to a name that has a rule of its own, as those of the demo have.
  constexpr int longest_chain = 8;
  auto place = asked;
  for (int i = 0; i < longest_chain; ++i) {
    const auto next = step(place, i == 0);
    if (!next || (at::lower(next->host) == at::lower(place.host) && next->port == place.port))
      break;
    place = *next;
  }
  return place;
}

std::optional<Place> ResolveRules::step(const Place& asked, bool also_any) const {
  const auto name = at::lower(asked.host);
  const bool address = is_address(name);
  const Rule* best = nullptr;
  int best_rank = 0;
  for (const auto& rule : rules_) {
    const bool own = rule.from.host == name;
    const bool any = also_any && rule.from.host == any_name && !address;
    const bool port_fits = !rule.from.port || !asked.port || rule.from.port == asked.port;
    if (!(own || any) || !port_fits) continue;
    const bool closer = rule.from.port.has_value() == asked.port.has_value();
    const int rank = (own ? 2 : 0) + (closer ? 1 : 0);
    if (best != nullptr && rank < best_rank) continue;
    best = &rule;
    best_rank = rank;
  }
  if (best == nullptr) return std::nullopt;
  return Place{best->to.host, best->to.port && asked.port ? best->to.port : asked.port};
}

bool ResolveRules::has(std::string_view host) const {
  const auto name = at::lower(host);
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Rule& rule) { return rule.from.host == name; });
}

}  // namespace net
