// What a check reads in a command line, and what is shown of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator::lint {

/// `+QMTPUBEX=0,7,1,…`: the client and, of the commands that have one, the msgID.
struct ClientCommand {
  std::string_view name;
  int client;
  int msg_id;  // 0 where there is none
};

/// Nothing for a line that is no write form of an AT+QMT* command about a client.
[[nodiscard]] std::optional<ClientCommand> client_command(std::string_view line);

/// The line with its AT. What stands behind the `=` is left out unless it is known to hold no
/// secret.
[[nodiscard]] std::string shown_command(std::string_view line);

}  // namespace emulator::lint
