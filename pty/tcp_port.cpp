#include "pty/tcp_port.hpp"

#include "kernel/tcp.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>
#include <spdlog/spdlog.h>

namespace pty {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::size_t refused_input = 4096;

/// Probes the connection while it rests, and gives up on what is not acknowledged.
void notice_silence(int socket) {
  constexpr int interval_s = 5;
  constexpr int probes = 3;
  constexpr int limit_s = static_cast<int>(TcpPort::silence_limit.count());
  kernel::keep_alive(socket, {limit_s - probes * interval_s, interval_s, probes});
  kernel::give_up_after(socket, limit_s);
}

/// What can be done about it.
std::string_view advice_for(const error_code& error) {
  if (error == boost::asio::error::address_in_use)
    return "; choose another port, or 0 for any that is free";
  if (error == boost::asio::error::access_denied)
    return "; ports below 1024 need a privilege, so choose a higher one";
  if (error == boost::system::errc::address_not_available)
    return "; this machine does not have that address";
  return "";
}

}  // namespace

TcpPort::TcpPort(boost::asio::io_context& io, std::string host, std::uint16_t port)
    : io_(io), host_(std::move(host)), port_(port), acceptor_(io), stream_(io) {}

std::optional<std::string> TcpPort::open() {
  if (const error_code error = listen()) {
    return fmt::format("cannot listen on {}: {}{}", address(), error.message(), advice_for(error));
  }
  return std::nullopt;
}

error_code TcpPort::listen() {
  error_code error;
  tcp::resolver resolver(io_);
  const auto found = resolver.resolve(
      host_, std::to_string(port_), tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error) return error;
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (!error) port_ = acceptor_.local_endpoint(error).port();
  return error;
}

std::string TcpPort::address() const {
  const bool bracketed = host_.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", bracketed ? "[" : "", host_, bracketed ? "]" : "", port_);
}

void TcpPort::start(Events events) {
  events_ = std::move(events);
  stream_.when_drained([this] {
    if (events_.drained) events_.drained();
  });
  accept();
}

void TcpPort::stop() {
  vanished_ = false;
  serving_.reset();
  error_code ignored;
  acceptor_.close(ignored);
  stream_.close();
}

void TcpPort::vanish() {
  if (!serving_ || std::exchange(vanished_, true)) return;
  serving_.reset();
  error_code ignored;
  acceptor_.close(ignored);
  stream_.close();
  if (std::exchange(reading_, false)) events_.closed();
}

void TcpPort::come_back() {
  if (!std::exchange(vanished_, false)) return;
  if (const error_code error = listen()) {
    if (events_.failed)
      events_.failed(fmt::format("cannot listen on {}: {}", address(), error.message()));
    return;
  }
  serving_ = std::make_shared<char>();
  accept();
}

void TcpPort::write(std::string_view bytes) { stream_.write(bytes); }

void TcpPort::accept() {
  acceptor_.async_accept(
      [this, serving = std::weak_ptr(serving_)](error_code error, Socket socket) {
        if (serving.expired()) return;
        const bool failed_before = std::exchange(failing_, static_cast<bool>(error));
        if (error) {
          if (!failed_before) spdlog::warn("tcp: cannot accept a host: {}", error.message());
          pause_accepting();
          return;
        }
        if (reading_) {
          turn_away(std::move(socket));
        } else {
          admit(std::move(socket));
        }
        if (!serving.expired()) accept();
      });
}

/// Out of descriptors, accept() would fail again at once, for ever.
void TcpPort::pause_accepting() {
  auto timer = std::make_shared<boost::asio::steady_timer>(io_, accept_pause);
  timer->async_wait([this, timer, serving = std::weak_ptr(serving_)](error_code) {
    if (!serving.expired()) accept();
  });
}

void TcpPort::admit(Socket socket) {
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  notice_silence(socket.native_handle());
  const int descriptor = socket.release(error);
  if (!error) error = stream_.attach(descriptor);
  if (error) {
    spdlog::warn("tcp: cannot serve a host: {}", error.message());
    return;
  }
  serve();
}

void TcpPort::serve() {
  reading_ = true;
  // Reading first: the events may stop the port.
  stream_.read({[this](std::string_view bytes) { events_.received(bytes); },
                [this](error_code error) { input_ended(error); }});
  events_.opened();
}

void TcpPort::input_ended(error_code error) {
  reading_ = false;
  if (error == boost::asio::error::eof) {
    stream_.watch_output([this] { stream_.close(); });
  } else {
    stream_.close();
  }
  events_.closed();
}

void TcpPort::turn_away(Socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(boost::asio::buffer(busy), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
  // Input left unread would make the kernel reset the connection before the line is seen.
  std::array<char, refused_input> unread{};
  socket.read_some(boost::asio::buffer(unread), ignored);
}

}  // namespace pty
