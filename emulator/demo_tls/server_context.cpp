#include "emulator/demo_tls/server_context.hpp"

namespace emulator {
namespace {

/// Gives the client the certificate of the name that it asks for.
int choose_certificate(SSL* ssl, int*, void* argument) {
  auto& authority = *static_cast<DemoAuthority*>(argument);
  const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  X509* certificate = authority.server_certificate(asked != nullptr ? asked : "");
  if (certificate != nullptr) SSL_use_certificate(ssl, certificate);
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::shared_ptr<boost::asio::ssl::context> make_server_context(DemoAuthority& authority,
                                                               const char* default_name) {
  auto made = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  SSL_CTX* const context = made->native_handle();
  X509* certificate = authority.server_certificate(default_name);
  if (certificate == nullptr || SSL_CTX_use_certificate(context, certificate) != 1 ||
      SSL_CTX_use_PrivateKey(context, authority.server_key()) != 1)
    return nullptr;
  SSL_CTX_set_tlsext_servername_callback(context, choose_certificate);
  SSL_CTX_set_tlsext_servername_arg(context, &authority);
  return made;
}

}  // namespace emulator
