#include "ssl_ctx/tls.hpp"

#include "ssl_ctx/tls_credentials.hpp"
#include "ssl_ctx/tls_verification.hpp"

#include <algorithm>
#include <array>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace ssl_ctx {
namespace {

constexpr int any_version = 4;
// By "sslversion".
constexpr std::array versions{SSL3_VERSION, TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION};

/// What callbacks of OpenSSL find at their SSL_CTX.
struct Extras {
  std::shared_ptr<const TlsRequest> request;
  std::shared_ptr<TlsKeyLog> key_log;
};

void free_extras(void*, void* extras, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Extras*>(extras);
}

int extras_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_extras);
  return index;
}

const Extras& extras_of(const SSL* ssl) {
  return *static_cast<Extras*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), extras_index()));
}

void log_key(const SSL* ssl, const char* line) { extras_of(ssl).key_log->write(line); }

unsigned give_psk(SSL* ssl, const char*, char* identity, unsigned identity_room, unsigned char* key,
                  unsigned key_room) {
  const auto& settings = extras_of(ssl).request->settings;
  if (settings.psk_identity.size() >= identity_room || settings.psk_key.size() > key_room) return 0;
  *std::copy(settings.psk_identity.begin(), settings.psk_identity.end(), identity) = '\0';
  std::copy(settings.psk_key.begin(), settings.psk_key.end(), key);
  return static_cast<unsigned>(settings.psk_key.size());
}

/// Modules know no lower bound for keys and digests; OpenSSL's level 0 is that.
std::string suite_names(const SuiteList& list) {
  const bool all = list.front() == all_suites;
  const auto names = all ? std::string("ALL:!aNULL:!eNULL") : openssl_list(list);
  return names.empty() ? names : names + ":@SECLEVEL=0";
}

std::optional<std::string> set_versions(SSL_CTX* context, const Settings& settings, bool tls13) {
  const bool all = settings.sslversion == any_version;
  // A choice of suites means those of TLS 1.2 and below.
  const bool any_suite = settings.ciphersuites.front() == all_suites;
  const int highest = tls13 && any_suite ? TLS1_3_VERSION : TLS1_2_VERSION;
  const auto only = [&] { return versions[static_cast<std::size_t>(settings.sslversion)]; };
  SSL_CTX_clear_options(context, SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1);
  if (!all && only() == SSL3_VERSION) return "SSL 3.0 is not in OpenSSL any more";
  SSL_CTX_set_min_proto_version(context, all ? TLS1_VERSION : only());
  SSL_CTX_set_max_proto_version(context, all ? highest : only());
  return std::nullopt;
}

void set_habits(SSL_CTX* context, const Settings& settings) {
  // Old brokers lack secure renegotiation, which does not matter while nobody renegotiates.
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  if (!settings.renegotiation) SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (!settings.session_cache) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  if (!settings.psk_identity.empty()) SSL_CTX_set_psk_client_callback(context, give_psk);
}

std::optional<std::string> configure(boost::asio::ssl::context& context, const TlsRequest& request,
                                     const TlsOptions& options) {
  SSL_CTX* native = context.native_handle();
  const auto& settings = request.settings;
  if (settings.dtls) return "DTLS is not for MQTT";
  if (auto why = set_versions(native, settings, options.tls13)) return why;
  SSL_CTX_set_security_level(native, 0);
  const auto suites = suite_names(settings.ciphersuites);
  if (suites.empty() || SSL_CTX_set_cipher_list(native, suites.c_str()) != 1)
    return "none of the cipher suites is in OpenSSL";
  set_habits(native, settings);
  if (auto why = set_verification(context, request)) return why;
  if (settings.seclevel == 2) return set_own_certificate(native, request);
  return std::nullopt;
}

}  // namespace

std::variant<TlsContext, std::string> make_tls_context(
    const std::shared_ptr<const TlsRequest>& request, const TlsOptions& options) {
  auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  auto extras = std::make_unique<Extras>(Extras{request, options.key_log});
  if (SSL_CTX_set_ex_data(context->native_handle(), extras_index(), extras.get()) != 1)
    return "OpenSSL is out of memory";
  static_cast<void>(extras.release());
  if (options.key_log) SSL_CTX_set_keylog_callback(context->native_handle(), log_key);
  auto why = configure(*context, *request, options);
  ERR_clear_error();
  if (why) return fmt::format("SSL context {}: {}", request->ctx, *why);
  return context;
}

void prepare_tls(SSL* ssl, const TlsRequest& request, const std::string& host,
                 const TlsOptions& options) {
  boost::system::error_code not_numeric;
  static_cast<void>(boost::asio::ip::make_address(host, not_numeric));
  if (request.settings.sni && not_numeric) SSL_set_tlsext_host_name(ssl, host.c_str());
  if (checks_name(request.settings, options.name_check)) demand_name(ssl, host);
  const auto& name = request.settings.alpn;
  if (name.empty()) return;
  const auto list = static_cast<char>(static_cast<unsigned char>(name.size())) + name;
  SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(list.data()),
                      static_cast<unsigned>(list.size()));
}

std::string describe_tls(SSL* ssl) {
  return fmt::format("{} {}{}", SSL_get_version(ssl), SSL_get_cipher_name(ssl),
                     SSL_session_reused(ssl) == 1 ? ", resumed" : "");
}

std::string tls_failure(SSL* ssl, const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return error.message();
  return fmt::format("{}: {}", error.message(), X509_verify_cert_error_string(verdict));
}

}  // namespace ssl_ctx
