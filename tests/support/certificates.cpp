#include "tests/support/certificates.hpp"

#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

namespace support {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

constexpr long day = 24 * 60 * 60;
constexpr long year = 365 * day;
constexpr unsigned rsa_bits = 2048;
constexpr unsigned weak_bits = 1024;

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make the certificates");
}

void extend(X509* certificate, int nid, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

/// What a certificate says, beside its key.
struct Subject {
  std::string name;
  std::string host{};  // empty for an authority; "IP:" before an address
  long from = -day;    // s from now
  long until = year;
};

Certificate certify(const Subject& subject, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                    const EVP_MD* digest = EVP_sha256()) {
  static long serial = 0;
  Certificate made(X509_new());
  auto* certificate = made.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), subject.from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), subject.until);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate));
  X509_set_pubkey(certificate, key);
  extend(certificate, NID_basic_constraints,
         subject.host.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  const bool address = subject.host.rfind("IP:", 0) == 0;
  if (!subject.host.empty())
    extend(certificate, NID_subject_alt_name, (address ? "" : "DNS:") + subject.host);
  must(X509_sign(certificate, issuer_key, digest) > 0);
  return made;
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string written(const std::function<int(BIO*)>& writer) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  must(writer(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(const Certificate& certificate) {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
}

std::string pem(const Key& key) {
  return written([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

/// The key in all the forms that hosts upload.
void write_forms(const Key& key, const Certificates& files) {
  auto* secret = const_cast<char*>(Certificates::password.data());
  const int size = static_cast<int>(Certificates::password.size());
  auto* bytes = reinterpret_cast<unsigned char*>(secret);
  write(files.path("client.key"), pem(key));
  write(files.path("client_rsa.key"), written([&](BIO* bio) {
          return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                      nullptr);
        }));
  write(files.path("client.key.der"),
        written([&](BIO* bio) { return i2d_PrivateKey_bio(bio, key.get()); }));
  write(files.path("client_enc.key"), written([&](BIO* bio) {
          return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), EVP_aes_256_cbc(), secret, size,
                                               nullptr, nullptr);
        }));
  write(files.path("client_enc_rsa.key"), written([&](BIO* bio) {
          return PEM_write_bio_PrivateKey_traditional(bio, key.get(), EVP_aes_128_cbc(), bytes,
                                                      size, nullptr, nullptr);
        }));
  write(files.path("client_enc.key.der"), written([&](BIO* bio) {
          return i2d_PKCS8PrivateKey_bio(bio, key.get(), EVP_aes_256_cbc(), secret, size, nullptr,
                                         nullptr);
        }));
}

std::string with_cr(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return result;
}

std::string der(const Certificate& certificate) {
  return written([&](BIO* bio) { return i2d_X509_bio(bio, certificate.get()); });
}

/// The same with the last bit of the signature turned.
Certificate forged(const Certificate& certificate) {
  auto bytes = der(certificate);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const auto* begin = reinterpret_cast<const unsigned char*>(bytes.data());
  return Certificate(d2i_X509(nullptr, &begin, static_cast<long>(bytes.size())));
}

}  // namespace

Certificates::Certificates() {
  const Key authority(EVP_RSA_gen(rsa_bits));
  const Key other_authority(EVP_EC_gen("P-256"));
  const Key server_key(EVP_RSA_gen(rsa_bits));
  const Key client_key(EVP_RSA_gen(rsa_bits));
  const Key ec_key(EVP_EC_gen("P-256"));
  const Key weak_key(EVP_RSA_gen(weak_bits));
  const std::string host(server_name);

  const auto ca = certify({"Test CA"}, authority.get(), nullptr, authority.get());
  const auto other_ca =
      certify({"Other CA"}, other_authority.get(), nullptr, other_authority.get());
  const auto middle = certify({"Middle CA"}, other_authority.get(), ca.get(), authority.get());
  const auto of_ca = [&](const Subject& subject, const Key& key) {
    return certify(subject, key.get(), ca.get(), authority.get());
  };
  const auto put = [&](std::string_view name, const std::string& content) {
    write(path(name), content);
  };

  const auto ca_pem = pem(ca);
  put("ca.pem", ca_pem);
  put("ca.der", der(ca));
  put("ca_crlf.pem", with_cr("subject: Test CA\n\n" + ca_pem + "\nthat was it\n"));
  put("other_ca.pem", pem(other_ca));
  put("both_ca.pem", pem(other_ca) + ca_pem);
  put("intermediate.pem", pem(middle));
  put("broken.pem", std::string(ca_pem).erase(ca_pem.size() / 2, 1));
  put("empty.pem", "");

  const auto server = of_ca({"server", host}, server_key);
  put("server.pem", pem(server));
  put("expired.pem", pem(of_ca({"expired", host, -year, -day}, server_key)));
  put("not_yet.pem", pem(of_ca({"not yet", host, year, 2 * year}, server_key)));
  put("wrong_name.pem", pem(of_ca({"wrong", "elsewhere.example"}, server_key)));
  put("address.pem", pem(of_ca({"address", "IP:127.0.0.1"}, server_key)));
  put("forged.pem", pem(forged(server)));
  put("self_signed.pem", pem(certify({"self", host}, server_key.get(), nullptr, server_key.get())));
  put("leaf.pem",
      pem(certify({"leaf", host}, server_key.get(), middle.get(), other_authority.get())));
  put("server.key", pem(server_key));
  put("weak.pem",
      pem(certify({"weak", host}, weak_key.get(), ca.get(), authority.get(), EVP_sha1())));
  put("weak.key", pem(weak_key));
  put("ec.pem", pem(of_ca({"ec", host}, ec_key)));
  put("ec.key", pem(ec_key));

  const auto client = of_ca({"client", "client"}, client_key);
  put("client.pem", pem(client));
  put("client.der", der(client));
  put("client_chain.pem", pem(certify({"client below", "client"}, client_key.get(), middle.get(),
                                      other_authority.get())) +
                              pem(middle));
  put("other_client.pem", pem(certify({"other client", "client"}, client_key.get(), other_ca.get(),
                                      other_authority.get())));
  put("client_ec.pem", pem(of_ca({"ec client", "client"}, ec_key)));
  put("client_ec.key", pem(ec_key));
  write_forms(client_key, *this);
}

}  // namespace support
