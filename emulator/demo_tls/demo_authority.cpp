#include "emulator/demo_tls/demo_authority.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace emulator {
namespace {

constexpr const char* valid_from = "20000101000000Z";
constexpr const char* valid_to = "20991231235959Z";
constexpr const char* long_ago = "20010101000000Z";
constexpr const char* other_name = "wrong.invalid";
constexpr std::size_t longest_common_name = 64;
constexpr int serial_bytes = 8;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

struct Extension {
  int kind;
  std::string value;
};

PrivateKey new_key() { return PrivateKey(EVP_EC_gen("P-256")); }

bool set_name(X509_NAME* name, std::string_view common_name) {
  if (common_name.size() > longest_common_name) common_name = "demo";
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.data()),
                                    static_cast<int>(common_name.size()), -1, 0) == 1;
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, serial_bytes> bytes{};
  if (RAND_bytes(bytes.data(), serial_bytes) != 1) return false;
  bytes[0] = (bytes[0] & 0x7FU) | 0x40U;
  BIGNUM* number = BN_bin2bn(bytes.data(), serial_bytes, nullptr);
  const bool set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

bool extend(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* made =
      X509V3_EXT_conf_nid(nullptr, &context, extension.kind, extension.value.c_str());
  const bool added = made != nullptr && X509_add_ext(certificate, made, -1) == 1;
  X509_EXTENSION_free(made);
  return added;
}

/// Signed by `issuer_key`; without an issuer by itself.
Certificate sign(std::string_view name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                 const std::vector<Extension>& extensions, const char* until = valid_to) {
  Certificate made(X509_new());
  X509* certificate = made.get();
  if (certificate == nullptr) return nullptr;
  const bool filled =
      X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
      ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), valid_from) == 1 &&
      ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), until) == 1 &&
      set_name(X509_get_subject_name(certificate), name) &&
      X509_set_issuer_name(certificate,
                           X509_get_subject_name(issuer != nullptr ? issuer : certificate)) == 1 &&
      X509_set_pubkey(certificate, key) == 1;
  const bool extended =
      filled && std::all_of(extensions.begin(), extensions.end(), [&](const Extension& extension) {
        return extend(certificate, issuer != nullptr ? issuer : certificate, extension);
      });
  if (!extended || X509_sign(certificate, issuer_key, EVP_sha256()) == 0) return nullptr;
  return made;
}

bool is_host_name(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  return !name.empty() && name.size() <= DemoAuthority::max_name &&
         std::all_of(name.begin(), name.end(), fits);
}

template <class Write>
std::string as_pem(Write write) {
  const std::unique_ptr<BIO, BioFree> bio(BIO_new(BIO_s_mem()));
  if (!bio || write(bio.get()) != 1) return {};
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string certificate_pem(X509* certificate) {
  return as_pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string key_pem(EVP_PKEY* key) {
  return as_pem([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace

std::unique_ptr<DemoAuthority> DemoAuthority::make() {
  std::unique_ptr<DemoAuthority> made(new DemoAuthority());
  auto& self = *made;
  self.key_ = new_key();
  self.server_key_ = new_key();
  self.client_key_ = new_key();
  if (!self.key_ || !self.server_key_ || !self.client_key_) return nullptr;
  self.certificate_ = sign("eg91xq demo CA", self.key_.get(), nullptr, self.key_.get(),
                           {{NID_basic_constraints, "critical,CA:TRUE"},
                            {NID_key_usage, "critical,keyCertSign,cRLSign"},
                            {NID_subject_key_identifier, "hash"}});
  if (!self.certificate_) return nullptr;
  self.client_certificate_ =
      sign("eg91xq demo client", self.client_key_.get(), self.certificate_.get(), self.key_.get(),
           {{NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature"},
            {NID_ext_key_usage, "clientAuth"}});
  return self.client_certificate_ ? std::move(made) : nullptr;
}

X509* DemoAuthority::server_certificate(const std::string& name) {
  if (!is_host_name(name)) return nullptr;
  const auto found = servers_.find(name);
  if (found != servers_.end()) return found->second.get();
  if (servers_.size() >= max_names) servers_.clear();
  auto made =
      sign(name, server_key_.get(), certificate_.get(), key_.get(),
           {{NID_basic_constraints, "critical,CA:FALSE"},
            {NID_key_usage, "critical,digitalSignature"},
            {NID_ext_key_usage, "serverAuth"},
            {NID_subject_alt_name, fmt::format("DNS:{},DNS:localhost,IP:127.0.0.1", name)}});
  return servers_.emplace(name, std::move(made)).first->second.get();
}

Certificate DemoAuthority::flawed_certificate(const std::string& name, Flaw flaw) const {
  if (!is_host_name(name)) return nullptr;
  const auto known = flaw == Flaw::wrong_name ? std::string(other_name) : name;
  const auto names = flaw == Flaw::wrong_name
                         ? fmt::format("DNS:{}", known)
                         : fmt::format("DNS:{},DNS:localhost,IP:127.0.0.1", known);
  return sign(known, server_key_.get(), certificate_.get(), key_.get(),
              {{NID_basic_constraints, "critical,CA:FALSE"},
               {NID_key_usage, "critical,digitalSignature"},
               {NID_ext_key_usage, "serverAuth"},
               // Another authority of this name may be trusted too.
               {NID_authority_key_identifier, "keyid:always"},
               {NID_subject_alt_name, names}},
              flaw == Flaw::expired ? long_ago : valid_to);
}

std::string DemoAuthority::pem() const {
  return certificate_pem(certificate_.get()) + certificate_pem(client_certificate_.get()) +
         key_pem(client_key_.get()) + key_pem(key_.get()) + key_pem(server_key_.get());
}

std::optional<DemoAuthority::Pem> DemoAuthority::split(const std::string& whole) {
  constexpr std::string_view begin = "-----BEGIN ";
  std::array<std::string, 3> shown;
  std::size_t at = 0;
  for (auto& part : shown) {
    const auto next = whole.find(begin, at + 1);
    if (next == std::string::npos) return std::nullopt;
    part = whole.substr(at, next - at);
    at = next;
  }
  return Pem{shown[0], shown[1], shown[2], whole};
}

std::unique_ptr<DemoAuthority> DemoAuthority::read(const std::string& whole) {
  const std::unique_ptr<BIO, BioFree> bio(
      BIO_new_mem_buf(whole.data(), static_cast<int>(whole.size())));
  if (!bio) return nullptr;
  const auto certificate = [&] {
    return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  };
  const auto key = [&] {
    return PrivateKey(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  };
  std::unique_ptr<DemoAuthority> made(new DemoAuthority());
  made->certificate_ = certificate();
  made->client_certificate_ = certificate();
  made->client_key_ = key();
  made->key_ = key();
  made->server_key_ = key();
  return made->server_key_ ? std::move(made) : nullptr;
}

}  // namespace emulator
