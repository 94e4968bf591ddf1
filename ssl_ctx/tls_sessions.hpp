// Sessions kept for resumption ("session_cache"). One is resumed only under the very settings,
// files and server under which it was made, and while the certificates that were checked for it
// are valid by the modem's clock, so that resuming never skips a check. Shared by the links; io
// thread only.
#pragma once

#include "ssl_ctx/contexts.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace ssl_ctx {

class TlsSessions {
 public:
  /// The oldest goes first.
  static constexpr std::size_t max_sessions = 16;

  /// Offers the session of an earlier connection of this kind, if there is one.
  void offer(SSL* ssl, const TlsRequest& request, const std::string& host, std::uint16_t port);

  /// Keeps the session of a connection whose handshake is done.
  void keep(SSL* ssl, const TlsRequest& request, const std::string& host, std::uint16_t port);

 private:
  struct FreeSession {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  struct FreeChain {
    void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
  };
  using Chain = std::shared_ptr<STACK_OF(X509)>;
  struct Kept {
    TlsRequest request;
    std::string host;
    std::uint16_t port;
    std::unique_ptr<SSL_SESSION, FreeSession> session;
    Chain checked;  // null where no certificate is checked
  };

  std::deque<Kept>::iterator find(const TlsRequest& request, const std::string& host,
                                  std::uint16_t port);

  std::deque<Kept> kept_;
};

}  // namespace ssl_ctx
