// What the send and read commands of plain and TLS sockets have in common: the prompt, what becomes
// of its payload, how reads are shown, and the reason that AT+QIGETERROR tells (SOCK-40 to SOCK-51,
// SSLS-6 to SSLS-9). Free functions over the Sockets of a module.
#pragma once

#include "at_engine/outcome.hpp"
#include "data_services/sockets/sockets.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace data_services {

/// A success: AT+QIGETERROR tells it.
[[nodiscard]] at::Outcome done(const Sockets& sockets, at::Outcome outcome = at::Outcome::ok());

/// ERROR, and its reason for AT+QIGETERROR.
[[nodiscard]] at::Outcome refuse(const Sockets& sockets, cellular::TcpIpError error);

/// Asks for `length` bytes, or for all up to Ctrl-Z, and sends them; ERROR at once when that cannot
/// be.
[[nodiscard]] at::Outcome ask_payload(Sockets& sockets, const std::shared_ptr<Socket>& socket,
                                      std::optional<int> length, const Origin& to = {});

/// Sends `payload`, or what its hex digits stand for.
[[nodiscard]] at::Outcome take_payload(Sockets& sockets, Socket& socket, std::string payload,
                                       bool hex, std::string_view command, const Origin& to = {});

/// Answers a read of at most `most` bytes; 0 asks for the totals.
[[nodiscard]] at::Outcome show_read(Sockets& sockets, Socket& socket, int most,
                                    std::string_view command);

/// Closes and answers when that is done; behind it comes the URC of "close/mode".
[[nodiscard]] at::Outcome close_socket(Sockets& sockets, Socket& socket, at::Duration limit);

}  // namespace data_services
