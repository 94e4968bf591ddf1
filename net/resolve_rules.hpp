// Where names lead in a test: rules `NAME[:PORT]=HOST[:PORT]` that stand before the system's
// resolver (--resolve, and the demo names). Owned by a Resolver; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

/// Whether a host is an address, of IPv4 or IPv6, and no name.
[[nodiscard]] bool is_address(const std::string& host);

/// A host and perhaps a port, as `HOST[:PORT]`; an IPv6 address with a port stands in brackets.
struct Place {
  std::string host;
  std::optional<std::uint16_t> port;
};
std::optional<Place> parse_place(std::string_view text);

class ResolveRules {
 public:
  /// Takes `NAME[:PORT]=HOST[:PORT]`. NAME `*` is every name, but no address; without a PORT a rule
  /// holds for every port, or leaves it as it is. False when it cannot be read.
  bool add(std::string_view rule);

  /// Where `asked` leads; itself when no rule fits. A name of its own goes before `*`, then a rule
  /// with a port before one without, then the later one. Asked without a port, the rules of every
  /// port fit. Where a rule leads to a name with rules of its own, these go on from there.
  [[nodiscard]] Place apply(const Place& asked) const;

  /// Whether a rule names `host` itself.
  [[nodiscard]] bool has(std::string_view host) const;

 private:
  struct Rule {
    Place from;  // the name in lower case
    Place to;
  };

  [[nodiscard]] std::optional<Place> step(const Place& asked, bool also_any) const;

  std::vector<Rule> rules_;
};

}  // namespace net
