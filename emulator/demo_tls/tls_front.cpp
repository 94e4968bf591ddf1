#include "emulator/demo_tls/tls_front.hpp"

#include "emulator/demo_tls/server_context.hpp"
#include "emulator/demo_tls/tls_client.hpp"
#include "net/acceptor.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace emulator {

using boost::asio::ip::tcp;
using boost::system::error_code;
namespace ssl = boost::asio::ssl;

struct TlsFront::Listener {
  Listener(boost::asio::io_context& io, bool demands)
      : acceptor(io, "demo broker"), mutual(demands) {}
  net::Acceptor<tcp> acceptor;
  bool mutual;
  std::shared_ptr<ssl::context> context;  // from the first client on; it takes milliseconds to make
};

TlsFront::TlsFront(boost::asio::io_context& io) : io_(io), maker_(io) {}

TlsFront::~TlsFront() { stop(); }

void TlsFront::start(Started started) {
  const auto wrong = maker_.start([this, started](const std::string& pem) { started(serve(pem)); });
  if (wrong) boost::asio::post(io_, [started = std::move(started), wrong] { started(wrong); });
}

std::optional<std::string> TlsFront::serve(const std::string& pem) {
  auto made = DemoAuthority::split(pem);
  if (!made) return "no keys can be made";
  pem_ = *std::move(made);
  error_code error;
  open_ = listen(false, error);
  if (open_) mutual_ = listen(true, error);
  if (open_ && mutual_) return std::nullopt;
  stop();
  return error.message();
}

std::unique_ptr<TlsFront::Listener> TlsFront::listen(bool mutual, error_code& error) {
  auto listener = std::make_unique<Listener>(io_, mutual);
  error = listener->acceptor.listen({boost::asio::ip::address_v4::loopback(), 0});
  if (error) return nullptr;
  listener->acceptor.start(
      [this, at = listener.get()](tcp::socket socket) { admit(*at, std::move(socket)); });
  return listener;
}

bool TlsFront::set_up(Listener& listener) {
  if (listener.context) return true;
  if (!authority_) authority_ = DemoAuthority::read(pem_.whole);
  if (!authority_) return false;
  listener.context = make_server_context(*authority_, default_name);
  if (!listener.context) return false;
  if (!listener.mutual) return true;
  SSL_CTX* const context = listener.context->native_handle();
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority_->certificate());
  SSL_CTX_add_client_CA(context, authority_->certificate());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  constexpr unsigned char session_context = 'm';
  SSL_CTX_set_session_id_context(context, &session_context, 1);
  return true;
}

std::uint16_t TlsFront::port() const {
  return open_ ? open_->acceptor.endpoint().port() : std::uint16_t{0};
}

std::uint16_t TlsFront::mutual_port() const {
  return mutual_ ? mutual_->acceptor.endpoint().port() : std::uint16_t{0};
}

void TlsFront::admit(Listener& listener, tcp::socket socket) {
  std::erase_if(clients_, [](const auto& client) { return client.expired(); });
  if (clients_.size() >= max_clients) {
    spdlog::warn("demo broker: more than {} TLS clients, one is turned away", max_clients);
    return;
  }
  if (broker_port_ == 0 || !set_up(listener)) return;
  const auto client = std::make_shared<Client>(io_, std::move(socket), *listener.context);
  clients_.push_back(client);
  client->start(broker_port_);
}

void TlsFront::stop() {
  maker_.stop();
  open_.reset();
  mutual_.reset();
  for (const auto& known : clients_)
    if (const auto client = known.lock()) client->close();
  clients_.clear();
}

}  // namespace emulator
