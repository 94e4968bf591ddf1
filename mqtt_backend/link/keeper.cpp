#include "mqtt_backend/link/keeper.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {

using boost::asio::ip::tcp;
using boost::system::error_code;

// Touched on the API thread only, but for the answer to connect, which comes on a thread of the
// library's.
struct Keeper::Library {
  struct Answer : mqtt::iaction_listener {
    explicit Answer(std::function<void(int)> wanted) : failed(std::move(wanted)) {}
    void on_failure(const mqtt::token& token) override { failed(token.get_return_code()); }
    void on_success(const mqtt::token&) override {}
    std::function<void(int)> failed;
  };

  explicit Library(std::function<void(int)> failed) : answer(std::move(failed)) {}

  // Referred to by the client until it is destroyed.
  Answer answer;
  std::unique_ptr<mqtt::async_client> client;
};

Keeper::Keeper(boost::asio::io_context& io, PahoThread& api, HopListener& hop)
    : io_(io), api_(api), hop_(hop), socket_(io), gap_(io), retry_(io) {}

void Keeper::start() {
  failures_ = 0;
  connect();
}

void Keeper::connect() {
  nonce_ = hop_.expect([this](tcp::socket socket, const Packet&) { serve(std::move(socket)); });
  if (nonce_.empty()) return failed("no random numbers");
  library_ = std::make_shared<Library>(
      [this, &io = io_, life = std::weak_ptr(life_), nonce = nonce_](int code) {
        boost::asio::post(io, [this, life, nonce, code] {
          if (!life.expired() && nonce == nonce_) failed(fmt::format("not connected ({})", code));
        });
      });
  const std::string uri = fmt::format("tcp://127.0.0.1:{}", hop_.port());
  api_.post([library = library_, nonce = nonce_, uri] {
    library->client = std::make_unique<mqtt::async_client>(uri, nonce);
    mqtt::connect_options options;
    options.set_mqtt_version(MQTTVERSION_3_1_1);
    options.set_keep_alive_interval(0);
    options.set_clean_session(true);
    try {
      library->client->connect(options, nullptr, library->answer);
    } catch (const mqtt::exception& error) {
      library->answer.failed(error.get_return_code());
    }
  });
}

void Keeper::failed(const std::string& why) {
  drop_library();
  // Until it is there, each QMTCONN but the first takes almost two seconds.
  if (failures_++ == 0) spdlog::warn("the mqtt library's keeper: {}; trying again", why);
  constexpr unsigned most_doublings = 8;
  const auto pause = first_retry * (1U << std::min(failures_ - 1, most_doublings));
  retry_.expires_after(std::min<std::chrono::milliseconds>(pause, longest_retry));
  retry_.async_wait([this, life = std::weak_ptr(life_)](error_code error) {
    if (!error && !life.expired()) connect();
  });
}

void Keeper::stop() {
  retry_.cancel();
  gap_.cancel();
  drop_library();
}

void Keeper::drop_library() {
  established_ = false;
  hop_.forget(std::exchange(nonce_, {}));
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  // The job has the last of it: the library's object is destroyed on its thread.
  if (auto library = std::exchange(library_, nullptr))
    api_.post_always([library = std::move(library)] { library->client.reset(); });
}

void Keeper::wake_receiver() {
  if (!established_) return;
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
  if (!established_ || now - last_kick_ < kick_gap) return;
  last_kick_ = now;
  wake_receiver();
  api_.post([library = library_] {
    try {
      library->client->publish("k", "", 0, 0, false);
    } catch (const mqtt::exception& error) {
      spdlog::debug("keeper: {}", error.what());
    }
  });
}

void Keeper::serve(tcp::socket socket) {
  socket_ = std::move(socket);
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  established_ = true;
  failures_ = 0;
  write(make_packet(0x20, {0, 0}));
  read();
  // Others may have connected while there was no one to wake the library.
  wake_receiver();
}

void Keeper::read() {
  socket_.async_read_some(boost::asio::buffer(chunk_), [this, life = std::weak_ptr(life_)](
                                                           error_code error, std::size_t) {
    if (error == boost::asio::error::operation_aborted || life.expired() || !established_) return;
    if (!error) return read();
    failed("closed by the library: " + error.message());
  });
}

void Keeper::write(const Packet& packet) {
  // A full socket means that the thread has enough to wake it.
  error_code ignored;
  socket_.write_some(boost::asio::buffer(packet), ignored);
}

}  // namespace mqtt_backend
