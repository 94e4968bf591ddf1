#include "mqtt_backend/link/hop_listener.hpp"

#include "kernel/tcp.hpp"
#include "mqtt_backend/link/connect_packet.hpp"
#include "mqtt_backend/link/framer.hpp"

#include <unistd.h>

#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {

using boost::asio::ip::tcp;
using boost::system::error_code;

// A connection that has not shown its nonce yet.
class HopListener::Guest : public std::enable_shared_from_this<Guest> {
 public:
  Guest(HopListener& listener, tcp::socket socket)
      : listener_(listener),
        socket_(std::move(socket)),
        deadline_(listener.io_),
        framer_(max_first_packet) {}

  void start() {
    // Without something to read the library notices its finished connect only a second later.
    greet();
    deadline_.expires_after(first_packet_limit);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->leave("no CONNECT in time");
    });
    read();
  }

  tcp::socket release() {
    present_ = false;
    deadline_.cancel();
    return std::move(socket_);
  }

  void leave(const char* why) {
    if (!present_) return;
    spdlog::debug("loopback connection closed: {}", why);
    close();
    listener_.guests_.remove(shared_from_this());
  }

  void close() {
    present_ = false;
    deadline_.cancel();
    error_code ignored;
    socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

 private:
  void greet() {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    const Packet greeting = bare_packet(PacketType::pingresp);
    socket_.write_some(boost::asio::buffer(greeting), ignored);
  }

  void read() {
    kernel::acknowledge_at_once(socket_.native_handle());
    socket_.async_read_some(boost::asio::buffer(chunk_),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->on_read(error, size);
                            });
  }

  void on_read(const error_code& error, std::size_t size) {
    if (!present_) return;
    if (error) return leave("ended by its peer");
    framer_.append(chunk_.data(), size);
    Packet packet;
    switch (framer_.next(packet)) {
      case Framer::Result::more:
        return read();
      case Framer::Result::packet:
        if (framer_.buffered() > 0) return leave("more than a CONNECT");
        return listener_.identify(shared_from_this(), std::move(packet));
      default:
        return leave("not MQTT");
    }
  }

  HopListener& listener_;
  tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  Framer framer_;
  std::array<std::uint8_t, 1024> chunk_{};
  bool present_ = true;
};

HopListener::HopListener(boost::asio::io_context& io, std::function<void()> accepted)
    : io_(io), acceptor_(io, "loopback listener"), accepted_(std::move(accepted)) {}

HopListener::~HopListener() { stop(); }

bool HopListener::start() {
  const error_code error = acceptor_.listen({boost::asio::ip::address_v4::loopback(), 0});
  if (error) {
    spdlog::error("no loopback listener for the mqtt library: {}", error.message());
    stop();
    return false;
  }
  port_ = acceptor_.endpoint().port();
  acceptor_.start([this](tcp::socket socket) { admit(std::move(socket)); });
  return true;
}

void HopListener::stop() {
  acceptor_.stop();
  for (const auto& guest : guests_) guest->close();
  guests_.clear();
  claims_.clear();
}

std::string HopListener::expect(Claim claim) {
  std::array<std::uint8_t, 16> raw{};
  if (::getentropy(raw.data(), raw.size()) != 0) return {};
  std::string nonce = fmt::format("{:02x}", fmt::join(raw, ""));
  claims_[nonce] = std::move(claim);
  return nonce;
}

void HopListener::forget(const std::string& nonce) { claims_.erase(nonce); }

void HopListener::admit(tcp::socket socket) {
  make_room();
  const auto guest = std::make_shared<Guest>(*this, std::move(socket));
  guests_.push_back(guest);
  guest->start();
  accepted_();
}

void HopListener::make_room() {
  const std::size_t room = max_strangers + claims_.size();
  if (guests_.size() < max_strangers / 2) crowded_ = false;
  while (guests_.size() >= room) {
    if (!std::exchange(crowded_, true))
      spdlog::warn("loopback listener: {} connections without a CONNECT; the oldest are closed",
                   guests_.size());
    ++evicted_;
    const auto oldest = guests_.front();
    oldest->leave("others want its place");
  }
}

void HopListener::identify(const std::shared_ptr<Guest>& guest, Packet connect) {
  const auto nonce = client_id_of(connect);
  const auto claim = nonce ? claims_.find(std::string(*nonce)) : claims_.end();
  if (claim == claims_.end()) {
    spdlog::warn("a foreign connection to the loopback listener was refused");
    return guest->leave("unknown nonce");
  }
  const Claim take = std::move(claim->second);
  claims_.erase(claim);
  guests_.remove(guest);
  take(guest->release(), std::move(connect));
}

}  // namespace mqtt_backend
