#include "emulator/demo/listeners.hpp"

#include <utility>

#include <spdlog/spdlog.h>

namespace emulator::demo {

using boost::system::error_code;

error_code Listeners::start() { return listen(acceptor_, {}); }

error_code Listeners::start_tls(ServerContext context) {
  return listen(tls_acceptor_, std::move(context));
}

error_code Listeners::listen(std::unique_ptr<Acceptor>& acceptor, ServerContext context) {
  acceptor = std::make_unique<Acceptor>(io_, name_);
  if (auto error = acceptor->listen({boost::asio::ip::address_v4::loopback(), 0})) {
    acceptor.reset();
    return error;
  }
  acceptor->start([this, context = std::move(context)](Tcp::socket socket) {
    auto tls = context ? context() : nullptr;
    if (tls || !context) admit(std::move(socket), std::move(tls));
  });
  return {};
}

void Listeners::admit(Tcp::socket socket, SslContext tls) {
  std::erase_if(connections_, [](const auto& known) { return known.expired(); });
  if (connections_.size() >= max_connections)
    return spdlog::warn("{}: more than {} connections, one is turned away", name_, max_connections);
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  const auto connection = make_(std::move(socket), std::move(tls));
  connections_.push_back(connection);
  connection->start();
}

void Listeners::stop() {
  acceptor_.reset();
  tls_acceptor_.reset();
  for (const auto& known : std::exchange(connections_, {}))
    if (const auto connection = known.lock()) connection->close();
}

std::uint16_t Listeners::port() const { return acceptor_ ? acceptor_->endpoint().port() : 0; }

std::uint16_t Listeners::tls_port() const {
  return tls_acceptor_ ? tls_acceptor_->endpoint().port() : 0;
}

}  // namespace emulator::demo
