#include "conformance/run/broker.hpp"

#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace conformance {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void Link::start(std::function<void(const std::string&)> on_request) {
  on_request_ = std::move(on_request);
  socket_.set_option(tcp::no_delay(true));
  on_request_("open");
  read();
}

void Link::ask(const std::string& text) {
  if (requests.size() < max_requests) requests.push_back({text, Clock::now()});
  on_request_(text);
}

void Link::read() {
  socket_.async_read_some(asio::buffer(buffer_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            if (self->ended_) return;
                            if (error) {
                              if (!self->finished_) self->ask("close");
                              self->close();
                              return;
                            }
                            self->stream_.append(self->buffer_.data(), size);
                            self->take_in();
                            self->read();
                          });
}

void Link::take_in() {
  while (const auto packet = wire::take_packet(stream_)) ask(narrator_.told(*packet));
}

void Link::write(const std::string& bytes) {
  if (!socket_.is_open() || bytes.empty()) return;
  if (outgoing_bytes_ + bytes.size() > max_outgoing)
    throw std::runtime_error("the unit does not take what the broker says");
  outgoing_bytes_ += bytes.size();
  outgoing_.push_back(bytes);
  if (outgoing_.size() == 1) write_next();
}

void Link::write_next() {
  asio::async_write(socket_, asio::buffer(outgoing_.front()),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->outgoing_bytes_ -= self->outgoing_.front().size();
                      self->outgoing_.pop_front();
                      // The reading side notices the end of the link.
                      if (error || self->ended_) return;
                      if (!self->outgoing_.empty())
                        self->write_next();
                      else if (self->finished_)
                        self->finish();
                    });
}

void Link::finish() {
  error_code ignored;
  finished_ = true;
  if (outgoing_.empty()) socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Link::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

void Link::close() {
  error_code ignored;
  ended_ = true;
  socket_.close(ignored);
}

Broker::Broker(Loop& loop, const std::string& address)
    : acceptor_(loop.io(), {asio::ip::make_address(address), 0}) {
  accept();
}

void Broker::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error) return;
    auto link = std::make_shared<Link>(std::move(socket));
    const int number = static_cast<int>(links_.size());
    links_.push_back(link);
    waiting.push_back(link);
    link->start([this, number](const std::string& text) { on_request(number, text); });
    accept();
  });
}

void Broker::clear() {
  for (const auto& link : links_) link->close();
  links_.clear();
  waiting.clear();
}

BlackHole::BlackHole(Loop& loop, const std::string& address) : acceptor_(loop.io()) {
  const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
  acceptor_.open(endpoint.protocol());
  acceptor_.bind(endpoint);
  acceptor_.listen(0);
  // The kernel takes one connection more than the backlog says.
  constexpr int enough = 3;
  for (int i = 0; i < enough; ++i) {
    fill_.emplace_back(loop.io());
    fill_.back().open(endpoint.protocol());
    fill_.back().async_connect(acceptor_.local_endpoint(), [](error_code) {});
  }
}

RefusedPort::RefusedPort(Loop& loop, const std::string& address) : socket_(loop.io()) {
  const tcp::endpoint endpoint(asio::ip::make_address(address), 0);
  socket_.open(endpoint.protocol());
  socket_.bind(endpoint);
}

}  // namespace conformance
