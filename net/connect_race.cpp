#include "net/connect_race.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// TCP may connect a socket to itself when nobody listens on a port of the ephemeral range.
error_code fault_of(const tcp::socket& socket) {
  error_code error;
  const auto here = socket.local_endpoint(error);
  if (error) return boost::asio::error::connection_refused;
  const auto there = socket.remote_endpoint(error);
  if (error || here == there) return boost::asio::error::connection_refused;
  return {};
}

}  // namespace

Addresses interleaved(const Addresses& addresses) {
  Addresses first;
  Addresses second;
  for (const auto& address : addresses)
    (address.protocol() == addresses.front().protocol() ? first : second).push_back(address);
  Addresses mixed;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

std::shared_ptr<ConnectRace> ConnectRace::start(boost::asio::io_context& io,
                                                const Addresses& addresses,
                                                std::uint16_t local_port, Done done) {
  auto race = std::make_shared<ConnectRace>(io, addresses, local_port, std::move(done));
  race->begin_next();
  return race;
}

ConnectRace::ConnectRace(boost::asio::io_context& io, const Addresses& addresses,
                         std::uint16_t local_port, Done done)
    : io_(io),
      addresses_(interleaved(addresses)),
      local_port_(local_port),
      done_(std::move(done)),
      timer_(io) {
  if (addresses_.size() > max_addresses) addresses_.resize(max_addresses);
}

/// The timer of an attempt that failed sooner may have gone off all the same.
void ConnectRace::begin_next() {
  timer_.cancel();
  if (sockets_.size() == addresses_.size()) return;
  const auto& address = addresses_[sockets_.size()];
  auto& socket = *sockets_.emplace_back(std::make_unique<tcp::socket>(io_));
  ++under_way_;
  if (const auto error = bind(socket, address.protocol()))
    return boost::asio::post(
        io_, [self = shared_from_this(), &socket, error] { self->ended(socket, error); });
  socket.async_connect(address, [self = shared_from_this(), &socket](error_code error) {
    self->ended(socket, error);
  });
  if (sockets_.size() == addresses_.size()) return;
  timer_.expires_after(head_start);
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->done_) self->begin_next();
  });
}

error_code ConnectRace::bind(tcp::socket& socket, const tcp& protocol) const {
  error_code error;
  if (local_port_ == 0) return error;
  socket.open(protocol, error);
  if (!error) socket.set_option(tcp::socket::reuse_address(true), error);
  if (!error) socket.bind({protocol, local_port_}, error);
  return error;
}

void ConnectRace::ended(tcp::socket& socket, error_code error) {
  if (!done_) return;
  --under_way_;
  if (!error) error = fault_of(socket);
  if (!error) return finish({}, std::move(socket));
  error_code ignored;
  socket.close(ignored);
  if (failure_ != boost::asio::error::connection_refused) failure_ = error;
  if (sockets_.size() < addresses_.size()) return begin_next();
  if (under_way_ == 0) finish(failure_, tcp::socket(io_));
}

void ConnectRace::finish(error_code error, tcp::socket socket) {
  const auto done = std::exchange(done_, nullptr);
  cancel();
  done(error, std::move(socket));
}

void ConnectRace::cancel() {
  done_ = nullptr;
  timer_.cancel();
  error_code ignored;
  for (const auto& socket : sockets_) socket->close(ignored);
}

}  // namespace net
