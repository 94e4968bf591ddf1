// SHA-256 of bytes that come piece by piece, by OpenSSL. Owned by whoever digests.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace codec {

class Sha256 {
 public:
  static constexpr std::size_t size = 32;  // bytes of a digest

  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void take(std::string_view bytes);
  /// Of all that was taken, as raw bytes. It is empty again behind that.
  [[nodiscard]] std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace codec
