// Certificates and keys out of the bytes of a file: PEM with one or more blocks, or DER. Never asks
// anybody for a password.
#pragma once

#include "ssl_ctx/contexts.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <openssl/ssl.h>

namespace ssl_ctx {

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Certificate = std::unique_ptr<X509, FreeCertificate>;

/// All certificates in `content`, in order; empty when one of them is broken or there is none.
std::vector<Certificate> read_certificates(const std::string& content);

/// Sets certificate, chain and key of `request`. The answer is what is wrong with them.
std::optional<std::string> set_own_certificate(SSL_CTX* context, const TlsRequest& request);

}  // namespace ssl_ctx
