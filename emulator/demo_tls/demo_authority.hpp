// The certificate authority of the demo broker, made anew at each start: EC keys (P-256), a
// certificate for any server name, and one for a client. Valid whatever the modem's clock says.
// Owned by the TlsFront.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace emulator {

struct OpensslFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, OpensslFree>;
using PrivateKey = std::unique_ptr<EVP_PKEY, OpensslFree>;

class DemoAuthority {
 public:
  /// Certificates that are kept; one more name than that makes them anew.
  static constexpr std::size_t max_names = 64;
  /// Longest server name that is taken, in bytes.
  static constexpr std::size_t max_name = 253;

  /// What the world is shown of an authority, and all of it; as PEM.
  struct Pem {
    std::string authority;
    std::string client;
    std::string client_key;
    std::string whole;
  };

  /// Null when OpenSSL cannot.
  static std::unique_ptr<DemoAuthority> make();
  /// From Pem::whole; null when it is none.
  static std::unique_ptr<DemoAuthority> read(const std::string& whole);
  /// Nothing when `whole` is no authority. Does not look into it any further.
  static std::optional<Pem> split(const std::string& whole);

  /// The certificate of a server called `name`, which stays the authority's; null for what is no
  /// host name.
  X509* server_certificate(const std::string& name);
  /// One for the server called `name` with something wrong: out of date since long ago, or of
  /// another name. Null when OpenSSL cannot.
  enum class Flaw { none, expired, wrong_name };
  [[nodiscard]] Certificate flawed_certificate(const std::string& name, Flaw flaw) const;
  /// The key of all servers.
  [[nodiscard]] EVP_PKEY* server_key() const { return server_key_.get(); }
  [[nodiscard]] X509* certificate() const { return certificate_.get(); }

  [[nodiscard]] std::string pem() const;

 private:
  DemoAuthority() = default;

  PrivateKey key_;
  PrivateKey server_key_;
  PrivateKey client_key_;
  Certificate certificate_;
  Certificate client_certificate_;
  std::map<std::string, Certificate> servers_;
};

}  // namespace emulator
