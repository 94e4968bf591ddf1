#include "codec/sha256.hpp"

#include <cassert>

#include <openssl/evp.h>

namespace codec {

struct Sha256::Context {
  Context() { begin(); }
  ~Context() { EVP_MD_CTX_free(made); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void begin() { succeed(EVP_DigestInit_ex(made, EVP_sha256(), nullptr)); }
  static void succeed(int result) {
    assert(result == 1);
    (void)result;
  }

  EVP_MD_CTX* made = EVP_MD_CTX_new();
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;

void Sha256::take(std::string_view bytes) {
  Context::succeed(EVP_DigestUpdate(context_->made, bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
  std::string digest(size, '\0');
  Context::succeed(
      EVP_DigestFinal_ex(context_->made, reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  context_->begin();
  return digest;
}

}  // namespace codec
