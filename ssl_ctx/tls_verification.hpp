// How the server's certificate is judged: seclevel, ignorelocaltime, the ignore keys, and whether
// the host's name matters. Only the host's own CA counts, and the modem's own clock.
#pragma once

#include "ssl_ctx/contexts.hpp"

#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>

namespace ssl_ctx {

/// When a certificate has to be of the host that the connection was opened to. In the order of the
/// knob tls-name-check.
enum class NameCheck { always, with_sni, never };

/// Whether a connection under `settings` is refused to a certificate for another host. Nothing is
/// checked at seclevel 0.
bool checks_name(const Settings& settings, NameCheck policy);

/// The handshake fails unless the certificate is for `host`: a name, or an address, which has to be
/// among the certificate's addresses. `host` is not empty.
void demand_name(SSL* ssl, const std::string& host);

/// The answer is why it cannot be done: the CA file holds no certificate.
std::optional<std::string> set_verification(boost::asio::ssl::context& context,
                                            const TlsRequest& request);

}  // namespace ssl_ctx
