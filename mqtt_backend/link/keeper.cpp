#include "mqtt_backend/link/keeper.hpp"

#include "mqtt_backend/link/paho_tokens.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {

using boost::asio::ip::tcp;
using boost::system::error_code;

// Touched on the API thread only.
struct Keeper::Library {
  std::unique_ptr<mqtt::async_client> client;
  PahoTokens tokens;
};

Keeper::Keeper(boost::asio::io_context& io, PahoThread& api, HopListener& hop)
    : api_(api), hop_(hop), socket_(io), gap_(io), library_(std::make_shared<Library>()) {}

void Keeper::start() {
  const std::string nonce =
      hop_.expect([this](tcp::socket socket, const Packet&) { serve(std::move(socket)); });
  const std::string uri = fmt::format("tcp://127.0.0.1:{}", hop_.port());
  api_.post([library = library_, nonce, uri] {
    library->client = std::make_unique<mqtt::async_client>(uri, nonce);
    mqtt::connect_options options;
    options.set_mqtt_version(MQTTVERSION_3_1_1);
    options.set_keep_alive_interval(0);
    options.set_clean_session(true);
    library->tokens.keep(library->client->connect(options));
  });
}

void Keeper::stop() {
  up_ = false;
  gap_.cancel();
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  api_.post_always([library = library_] {
    library->client.reset();
    library->tokens.clear();
  });
}

void Keeper::wake_receiver() {
  if (!up_) return;
  if (!gap_open_) {
    wake_again_ = true;
    return;
  }
  gap_open_ = false;
  write(bare_packet(PacketType::pingresp));
  gap_.expires_after(wake_gap);
  gap_.async_wait([this, life = std::weak_ptr(life_)](error_code error) {
    if (error || life.expired()) return;
    gap_open_ = true;
    if (std::exchange(wake_again_, false)) wake_receiver();
  });
}

void Keeper::kick() {
  const auto now = std::chrono::steady_clock::now();
  if (!up_ || now - last_kick_ < wake_gap) return;
  last_kick_ = now;
  wake_receiver();
  api_.post([library = library_] {
    try {
      library->tokens.keep(library->client->publish("k", "", 0, 0, false));
    } catch (const mqtt::exception& error) {
      spdlog::debug("keeper: {}", error.what());
    }
  });
}

void Keeper::serve(tcp::socket socket) {
  socket_ = std::move(socket);
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  up_ = true;
  write(make_packet(0x20, {0, 0}));
  read();
  // Others may have connected while there was no one to wake the library.
  wake_receiver();
}

void Keeper::read() {
  socket_.async_read_some(boost::asio::buffer(chunk_), [this, life = std::weak_ptr(life_)](
                                                           error_code error, std::size_t) {
    if (error == boost::asio::error::operation_aborted || life.expired() || !up_) return;
    if (!error) return read();
    spdlog::error("the mqtt library closed its keeper: {}", error.message());
    stop();
    library_ = std::make_shared<Library>();
    start();
  });
}

void Keeper::write(const Packet& packet) {
  // A full socket means that the thread has enough to wake it.
  error_code ignored;
  socket_.write_some(boost::asio::buffer(packet), ignored);
}

}  // namespace mqtt_backend
