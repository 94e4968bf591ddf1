// A TLS 1.2 connection within the test: what both sides put on the wire, and the secrets that read
// it. Anonymous, so it needs no certificates.
#pragma once

#include "capture/direction.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <openssl/ssl.h>

namespace capture_test {

class TlsTalk {
 public:
  /// The near side is the client; it says `words` once it can.
  explicit TlsTalk(std::string_view words) {
    SSL_set_connect_state(near_.ssl.get());
    SSL_set_accept_state(far_.ssl.get());
    for (int flight = 0; flight < 4; ++flight) {
      SSL_do_handshake(near_.ssl.get());
      carry(near_, far_, capture::Direction::sent);
      SSL_do_handshake(far_.ssl.get());
      carry(far_, near_, capture::Direction::received);
    }
    REQUIRE(SSL_is_init_finished(near_.ssl.get()) == 1);
    SSL_write(near_.ssl.get(), words.data(), static_cast<int>(words.size()));
    carry(near_, far_, capture::Direction::sent);
  }

  [[nodiscard]] const auto& flights() const { return flights_; }
  [[nodiscard]] const std::string& key_log() const { return near_.key_log; }

 private:
  struct End {
    End() {
      SSL_CTX_set_cipher_list(context.get(), "AECDH-AES128-SHA:@SECLEVEL=0");
      SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
      SSL_CTX_set_keylog_callback(context.get(), [](const SSL* of, const char* line) {
        *static_cast<std::string*>(SSL_get_app_data(of)) += std::string(line) + "\n";
      });
      ssl.reset(SSL_new(context.get()));
      SSL_set_app_data(ssl.get(), &key_log);
      SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    }

    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{SSL_CTX_new(TLS_method()),
                                                              &SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, &SSL_free};
    std::string key_log{};
  };

  void carry(End& from, End& to, capture::Direction direction) {
    std::array<char, 16'384> bytes{};
    const int size =
        BIO_read(SSL_get_wbio(from.ssl.get()), bytes.data(), static_cast<int>(bytes.size()));
    if (size <= 0) return;
    BIO_write(SSL_get_rbio(to.ssl.get()), bytes.data(), size);
    flights_.emplace_back(direction, std::string(bytes.data(), static_cast<std::size_t>(size)));
  }

  End near_;
  End far_;
  std::vector<std::pair<capture::Direction, std::string>> flights_;
};

}  // namespace capture_test
