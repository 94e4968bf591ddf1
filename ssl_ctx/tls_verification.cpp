#include "ssl_ctx/tls_verification.hpp"

#include "ssl_ctx/tls_credentials.hpp"

#include <cassert>

#include <boost/asio/ssl/verify_context.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace ssl_ctx {
namespace {

// reading: the 20 bits of "ignorecertitem" are the flags of Mbed TLS, whose range is the same;
// those of revocation have nothing to overlook, since it is not checked
namespace item {
constexpr std::uint32_t expired = 0x1;
constexpr std::uint32_t other_name = 0x4;
constexpr std::uint32_t not_trusted = 0x8;
constexpr std::uint32_t everything = 0x80;
constexpr std::uint32_t other = 0x100;
constexpr std::uint32_t not_yet_valid = 0x200;
constexpr std::uint32_t key_usage = 0x800;
constexpr std::uint32_t extended_key_usage = 0x1000;
constexpr std::uint32_t weak_digest = 0x4000;
constexpr std::uint32_t weak_key = 0x10000;
}  // namespace item

std::uint32_t item_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
      return item::expired;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return item::other_name;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_INVALID_CA:
      return item::not_trusted;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
      return item::not_yet_valid;
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return item::key_usage;
    case X509_V_ERR_INVALID_PURPOSE:
      return item::extended_key_usage;
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return item::weak_digest;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return item::weak_key;
    default:
      return item::other;
  }
}

bool overlooked(int error, const Settings& settings) {
  if ((settings.ignorecertitem & (item_of(error) | item::everything)) != 0) return true;
  return settings.ignoreinvalidcertsign && error == X509_V_ERR_CERT_SIGNATURE_FAILURE;
}

bool trust(SSL_CTX* context, const std::string& content) {
  const auto certificates = read_certificates(content);
  for (const auto& certificate : certificates)
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) != 1) return false;
  return !certificates.empty();
}

}  // namespace

bool checks_name(const Settings& settings, NameCheck policy) {
  if (settings.seclevel == 0 || policy == NameCheck::never) return false;
  return policy == NameCheck::always || settings.sni;
}

void demand_name(SSL* ssl, const std::string& host) {
  auto* rules = SSL_get0_param(ssl);
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  if (is_address) return;
  // An empty name would switch the check off.
  assert(!host.empty());
  [[maybe_unused]] const bool set =
      X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1;
  assert(set);
}

std::optional<std::string> set_verification(boost::asio::ssl::context& context,
                                            const TlsRequest& request) {
  const auto& settings = request.settings;
  boost::system::error_code ignored;
  context.set_verify_mode(
      settings.seclevel == 0 ? boost::asio::ssl::verify_none : boost::asio::ssl::verify_peer,
      ignored);
  if (settings.seclevel == 0) return std::nullopt;
  SSL_CTX* native = context.native_handle();
  if (!trust(native, request.ca)) return "no certificate in the file of cacert";
  if (!request.ca_extra.empty() && !trust(native, request.ca_extra))
    return "no certificate in the file of cacertex";
  auto* rules = SSL_CTX_get0_param(native);
  // reading: with the chain not verified to its end, an intermediate CA in cacert is trust enough
  if (settings.ignoremulticertchainverify)
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  if (settings.ignorelocaltime)
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME);
  else
    X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(request.verify_time));
  context.set_verify_callback(
      [settings](bool good, boost::asio::ssl::verify_context& verification) {
        return good || overlooked(X509_STORE_CTX_get_error(verification.native_handle()), settings);
      },
      ignored);
  return std::nullopt;
}

}  // namespace ssl_ctx
