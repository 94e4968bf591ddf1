// How the server's certificate is judged: seclevel, ignorelocaltime and the ignore keys. Only the
// host's own CA counts, and the modem's own clock.
#pragma once

#include "ssl_ctx/contexts.hpp"

#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace ssl_ctx {

/// The answer is why it cannot be done: the CA file holds no certificate.
std::optional<std::string> set_verification(boost::asio::ssl::context& context,
                                            const TlsRequest& request);

}  // namespace ssl_ctx
