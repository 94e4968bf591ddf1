#include "ssl_ctx/tls_credentials.hpp"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace ssl_ctx {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Bio over(const std::string& content) {
  return Bio(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
}

int give_password(char* buffer, int room, int, void* given) {
  const auto& password = *static_cast<const std::string*>(given);
  // Without a password an encrypted key is unreadable; the default would ask at the terminal.
  if (password.empty() || password.size() > static_cast<std::size_t>(room)) return -1;
  std::copy(password.begin(), password.end(), buffer);
  return static_cast<int>(password.size());
}

bool ended_well() {
  const auto error = ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

std::vector<Certificate> read_pem(const std::string& content) {
  std::vector<Certificate> found;
  const auto bio = over(content);
  ERR_clear_error();
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    found.emplace_back(certificate);
  if (!ended_well()) found.clear();
  ERR_clear_error();
  return found;
}

Key read_key(const std::string& content, const std::string& password) {
  auto* given = const_cast<std::string*>(&password);
  const auto pem = over(content);
  if (auto* key = PEM_read_bio_PrivateKey(pem.get(), nullptr, give_password, given))
    return Key(key);
  const auto encrypted = over(content);
  if (auto* key = d2i_PKCS8PrivateKey_bio(encrypted.get(), nullptr, give_password, given))
    return Key(key);
  const auto der = over(content);
  return Key(d2i_PrivateKey_bio(der.get(), nullptr));
}

}  // namespace

std::vector<Certificate> read_certificates(const std::string& content) {
  auto found = read_pem(content);
  if (!found.empty()) return found;
  const auto bio = over(content);
  if (auto* certificate = d2i_X509_bio(bio.get(), nullptr)) found.emplace_back(certificate);
  ERR_clear_error();
  return found;
}

std::optional<std::string> set_own_certificate(SSL_CTX* context, const TlsRequest& request) {
  const auto chain = read_certificates(request.certificate);
  if (chain.empty()) return "no certificate in the file of clientcert";
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1)
    return "the client certificate cannot be used";
  for (auto link = std::next(chain.begin()); link != chain.end(); ++link)
    if (SSL_CTX_add1_chain_cert(context, link->get()) != 1)
      return "the chain of the client certificate cannot be used";
  const auto key = read_key(request.key, request.settings.key_password);
  if (!key) return "no key in the file of clientkey, or a wrong password";
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return "the client key does not belong to the client certificate";
  return std::nullopt;
}

}  // namespace ssl_ctx
