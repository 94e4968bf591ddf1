#include "ssl_ctx/tls_sessions.hpp"

#include <algorithm>
#include <utility>

namespace ssl_ctx {
namespace {

bool all_valid(STACK_OF(X509) * chain, std::int64_t unix_s) {
  auto time = static_cast<time_t>(unix_s);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const X509* certificate = sk_X509_value(chain, i);
    if (X509_cmp_time(X509_get0_notBefore(certificate), &time) >= 0 ||
        X509_cmp_time(X509_get0_notAfter(certificate), &time) <= 0)
      return false;
  }
  return true;
}

}  // namespace

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
  if (found == kept_.end()) return;
  const bool by_clock = request.settings.seclevel > 0 && !request.settings.ignorelocaltime;
  if (by_clock && (!found->checked || !all_valid(found->checked.get(), request.verify_time)))
    return;
  SSL_set_session(ssl, found->session.get());
}

void TlsSessions::keep(SSL* ssl, const TlsRequest& request, const std::string& host,
                       std::uint16_t port) {
  if (!request.settings.session_cache) return;
  const auto found = find(request, host, port);
  Kept kept{request, host, port, nullptr, nullptr};
  // A resumed handshake has checked nothing: what was checked before goes on.
  if (SSL_session_reused(ssl) == 1 && found != kept_.end())
    kept.checked = found->checked;
  else if (auto* chain = SSL_get0_verified_chain(ssl))
    kept.checked = Chain(X509_chain_up_ref(chain), FreeChain{});
  if (found != kept_.end()) kept_.erase(found);
  if (kept_.size() == max_sessions) kept_.pop_front();
  // A copy: a connection that is cut spoils the session that it was made with.
  kept.session.reset(SSL_SESSION_dup(SSL_get0_session(ssl)));
  kept_.push_back(std::move(kept));
}

}  // namespace ssl_ctx
