#include "tests/support/scripted_broker.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace support {

using boost::asio::ip::tcp;
using boost::system::error_code;
using mqtt_backend::Framer;
using mqtt_backend::Packet;
using mqtt_backend::PacketType;

ScriptedBroker::ScriptedBroker(boost::asio::io_context& io)
    : acceptor_(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
  accept();
}

std::uint16_t ScriptedBroker::port() const { return acceptor_.local_endpoint().port(); }

std::size_t ScriptedBroker::count(PacketType type) const {
  const auto wanted = [type](const Packet& packet) {
    return mqtt_backend::type_of(packet) == type;
  };
  return static_cast<std::size_t>(std::count_if(packets.begin(), packets.end(), wanted));
}

std::vector<Packet> ScriptedBroker::of(PacketType type) const {
  std::vector<Packet> found;
  for (const auto& packet : packets) {
    if (mqtt_backend::type_of(packet) == type) found.push_back(packet);
  }
  return found;
}

void ScriptedBroker::send(const Packet& bytes) {
  error_code ignored;
  if (socket_) boost::asio::write(*socket_, boost::asio::buffer(bytes), ignored);
}

void ScriptedBroker::hang_up(bool reset) {
  if (!socket_) return;
  error_code ignored;
  if (reset) socket_->set_option(boost::asio::socket_base::linger(true, 0), ignored);
  socket_->close(ignored);
}

void ScriptedBroker::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error) return;
    ++connections;
    framer_ = Framer(1 << 20);
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket_ = std::make_shared<tcp::socket>(std::move(socket));
    if (reads) read();
    accept();
  });
}

void ScriptedBroker::read() {
  socket_->async_read_some(
      boost::asio::buffer(chunk_), [this, from = socket_](error_code error, std::size_t size) {
        if (error == boost::asio::error::operation_aborted || from != socket_) return;
        if (error) {
          ++ended;
          return;
        }
        framer_.append(chunk_.data(), size);
        Packet packet;
        while (framer_.next(packet) == Framer::Result::packet) {
          packets.push_back(packet);
          const bool connect = mqtt_backend::type_of(packet) == PacketType::connect;
          if (connect && !connack.empty()) send(connack);
          if (on_packet) on_packet(packets.back());
        }
        if (from->is_open() && reads) read();
      });
}

}  // namespace support
