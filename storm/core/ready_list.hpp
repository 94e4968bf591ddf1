// What a ready file of eg91xq says that a host needs: the modems with their first ports, and the
// broker. Pure: text in, list out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace storm {

struct DevicePlace {
  std::string path;
};
struct TcpPlace {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};
using PortPlace = std::variant<DevicePlace, TcpPlace>;

struct ModemPlace {
  std::string name;
  PortPlace port;
};

struct BrokerPlace {
  std::string host;
  std::uint16_t port = 0;
};

struct ReadyList {
  std::vector<ModemPlace> modems;  // one at least
  std::optional<BrokerPlace> broker;
};

/// HOST:PORT, with an IPv6 address in brackets.
[[nodiscard]] std::optional<TcpPlace> read_tcp_place(std::string_view text);

/// The list, or in one line what is wrong with it. Takes "modems" where they are listed, else the
/// program as the one modem that it is.
[[nodiscard]] std::variant<ReadyList, std::string> read_ready_list(std::string_view text);

}  // namespace storm
