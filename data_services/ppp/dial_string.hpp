// What is dialled for packet data: *99#, *99***<cid>#, *99**<L2P>*<cid># (PPP-1; 27.007 10.2.1.1).
// Free function for the dial commands.
#pragma once

#include <optional>
#include <string_view>

namespace data_services::ppp {

/// The context (1 to 15; 1 where none is named) that a dial string calls for; nothing where it
/// calls for anything else. Letters and signs that change how a number is dialled are passed over.
[[nodiscard]] std::optional<int> dialled_context(std::string_view dial_string);

}  // namespace data_services::ppp
