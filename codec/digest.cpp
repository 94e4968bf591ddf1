#include "codec/digest.hpp"

#include <cassert>
#include <charconv>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace codec {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string hmac(Digest digest, std::string_view key, std::string_view text) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const auto* done = HMAC(digest == Digest::sha1 ? EVP_sha1() : EVP_sha256(), key.data(),
                          static_cast<int>(key.size()), bytes_of(text), text.size(),
                          reinterpret_cast<unsigned char*>(result.data()), &size);
  assert(done != nullptr);
  (void)done;
  result.resize(size);
  return result;
}

std::string md5(std::string_view text) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const int done =
      EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(result.data()), &size,
                 EVP_md5(), nullptr);
  assert(done == 1);
  (void)done;
  result.resize(size);
  return result;
}

std::string base64_encode(std::string_view bytes) {
  std::string result(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  result.resize(static_cast<std::size_t>(size));
  return result;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string result(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  result.resize(static_cast<std::size_t>(size) - padding);
  return result;
}

}  // namespace codec
