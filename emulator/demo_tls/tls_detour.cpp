#include "emulator/demo_tls/tls_detour.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace emulator {

namespace {

bool about_certificate(const std::string& mode) {
  return mode == "expired" || mode == "unknown-ca" || mode == "wrong-name";
}

/// As the connection's own, and it trusts this authority too.
std::shared_ptr<const ssl_ctx::TlsRequest> trusting(const ssl_ctx::TlsRequest& request,
                                                    const std::string& authority) {
  auto changed = std::make_shared<ssl_ctx::TlsRequest>(request);
  changed->ca_extra += (changed->ca_extra.empty() ? "" : "\n") + authority;
  return changed;
}

}  // namespace

TlsDetour::TlsDetour(boost::asio::io_context& io, net::DialerOptions options)
    : io_(io), options_(std::move(options)), maker_(io) {
  options_.traffic = std::make_shared<cellular::Traffic>();
  options_.sessions = std::make_shared<ssl_ctx::TlsSessions>();
}

void TlsDetour::lead(faults::TlsTrouble trouble, mqtt_backend::Endpoint endpoint,
                     faults::FaultyLink::Found found) {
  const bool certificate = about_certificate(trouble.mode);
  auto go = [this, life = std::weak_ptr(life_), trouble = std::move(trouble),
             endpoint = std::move(endpoint), found = std::move(found)] {
    if (!life.expired()) lead_now(trouble, endpoint, found);
  };
  if (certificate && !authority_) return have_authority(std::move(go));
  boost::asio::post(io_, std::move(go));
}

void TlsDetour::have_authority(std::function<void()> then) {
  waiting_.push_back(std::move(then));
  if (waiting_.size() > 1) return;
  const auto wrong = maker_.start([this](const std::string& pem) { made(pem); });
  if (wrong)
    boost::asio::post(io_, [this, life = std::weak_ptr(life_)] {
      if (!life.expired()) made({});
    });
}

void TlsDetour::made(const std::string& pem) {
  authority_ = DemoAuthority::read(pem);
  if (const auto shown = DemoAuthority::split(pem)) authority_pem_ = shown->authority;
  if (!authority_) spdlog::warn("tls fault: no keys can be made");
  for (const auto& go : std::exchange(waiting_, {})) go();
}

TlsPassage::Context TlsDetour::context_for(const faults::TlsTrouble& trouble,
                                           const std::string& host) const {
  using Flaw = DemoAuthority::Flaw;
  if (!authority_) return nullptr;
  const auto flaw = trouble.mode == "expired"      ? Flaw::expired
                    : trouble.mode == "wrong-name" ? Flaw::wrong_name
                                                   : Flaw::none;
  const auto certificate = authority_->flawed_certificate(host, flaw);
  auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  auto* const native = context->native_handle();
  // Whatever the module offers: only the certificate is to be wrong.
  SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
  SSL_CTX_set_security_level(native, 0);
  const bool set = certificate && SSL_CTX_use_certificate(native, certificate.get()) == 1 &&
                   SSL_CTX_use_PrivateKey(native, authority_->server_key()) == 1;
  return set ? context : nullptr;
}

void TlsDetour::lead_now(const faults::TlsTrouble& trouble, mqtt_backend::Endpoint endpoint,
                         const faults::FaultyLink::Found& found) {
  TlsPassage::Context context;
  net::Dialer::Target broker{endpoint.host, endpoint.port};
  broker.name_servers = endpoint.name_servers;
  broker.cid = endpoint.cid;
  if (about_certificate(trouble.mode)) {
    context = context_for(trouble, endpoint.host);
    if (!context) return found(std::nullopt);
    broker.tls = endpoint.tls;
    if (trouble.mode != "unknown-ca" && endpoint.tls->settings.seclevel > 0)
      endpoint.tls = trusting(*endpoint.tls, authority_pem_);
  }
  std::erase_if(passages_, [](const auto& passage) { return passage.expired(); });
  const auto passage =
      std::make_shared<TlsPassage>(io_, trouble, std::move(broker), std::move(context), options_);
  passages_.push_back(passage);
  endpoint.detour = passage->start();
  if (endpoint.detour == 0) return found(std::nullopt);
  found(endpoint);
}

void TlsDetour::stop() {
  life_.reset();
  maker_.stop();
  waiting_.clear();
  for (const auto& known : std::exchange(passages_, {}))
    if (const auto passage = known.lock()) passage->close();
}

}  // namespace emulator
