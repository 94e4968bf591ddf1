// From the snapshot of an SSL context to OpenSSL: versions, suites, trust, own certificate, and
// what one connection adds. Nothing falls back: what cannot be had fails. Used by the MQTT link;
// needs OpenSSL and Asio. SSL note; base manual chapter on AT+QSSLCFG.
#pragma once

#include "ssl_ctx/contexts.hpp"
#include "ssl_ctx/tls_key_log.hpp"
#include "ssl_ctx/tls_verification.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include <boost/asio/ssl/context.hpp>

namespace ssl_ctx {

struct TlsOptions {
  bool tls13 = false;                          // sslversion 4 reaches up to TLS 1.3
  NameCheck name_check = NameCheck::with_sni;  // from seclevel 1 on
  std::shared_ptr<TlsKeyLog> key_log{};        // session secrets go there
};

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

/// What the handshakes of `request` are made with; else why it cannot be, in one line.
std::variant<TlsContext, std::string> make_tls_context(
    const std::shared_ptr<const TlsRequest>& request, const TlsOptions& options);

/// Settings of one connection to `host`, a name or an address: the server name that is sent, the
/// one that the certificate has to have, and the protocol name.
void prepare_tls(SSL* ssl, const TlsRequest& request, const std::string& host,
                 const TlsOptions& options);

/// "TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256, resumed", for the log.
std::string describe_tls(SSL* ssl);

/// Why a handshake failed, for the log.
std::string tls_failure(SSL* ssl, const boost::system::error_code& error);

}  // namespace ssl_ctx
