#include "ssl_ctx/tls_sessions.hpp"

#include <algorithm>
#include <utility>

namespace ssl_ctx {

std::deque<TlsSessions::Kept>::iterator TlsSessions::find(const TlsRequest& request,
                                                          const std::string& host,
                                                          std::uint16_t port) {
  return std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) {
    auto as_kept = kept.request;
    as_kept.verify_time = request.verify_time;
    return kept.host == host && kept.port == port && as_kept == request;
  });
}

void TlsSessions::offer(SSL* ssl, const TlsRequest& request, const std::string& host,
                        std::uint16_t port) {
  if (!request.settings.session_cache) return;
  const auto found = find(request, host, port);
  if (found != kept_.end()) SSL_set_session(ssl, found->session.get());
}

void TlsSessions::keep(SSL* ssl, const TlsRequest& request, const std::string& host,
                       std::uint16_t port) {
  if (!request.settings.session_cache) return;
  const auto found = find(request, host, port);
  if (found != kept_.end()) kept_.erase(found);
  if (kept_.size() == max_sessions) kept_.pop_front();
  Kept kept{request, host, port, nullptr};
  // A copy: a connection that is cut spoils the session that it was made with.
  kept.session.reset(SSL_SESSION_dup(SSL_get0_session(ssl)));
  kept_.push_back(std::move(kept));
}

}  // namespace ssl_ctx
