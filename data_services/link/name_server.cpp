#include "data_services/link/name_server.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

namespace data_services {

using boost::system::error_code;

namespace {

constexpr std::size_t length_size = 2;

}  // namespace

/// One question at a time, each behind its length. Keeps itself alive while it lasts.
class NameServer::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& io, Tcp::socket socket,
             std::weak_ptr<ppp::DnsAnswers> answers)
      : socket_(std::move(socket)), idle_(io), answers_(std::move(answers)) {}

  void read_length() {
    idle_.expires_after(idle_limit);
    idle_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->close();
    });
    boost::asio::async_read(socket_, boost::asio::buffer(length_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (error) return self->close();
                              self->read_question();
                            });
  }

  void close() {
    idle_.cancel();
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void read_question() {
    const std::size_t size = std::size_t{length_[0]} << 8U | length_[1];
    if (size > ppp::DnsAnswers::max_query) return close();
    message_.resize(size);
    boost::asio::async_read(socket_, boost::asio::buffer(message_),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (error) return self->close();
                              self->ask();
                            });
  }

  void ask() {
    const auto answers = answers_.lock();
    if (!answers) return close();
    answers->ask(message_, [life = weak_from_this()](std::string_view answer) {
      if (const auto self = life.lock()) self->write(answer);
    });
  }

  void write(std::string_view answer) {
    message_ = {static_cast<char>(answer.size() >> 8U), static_cast<char>(answer.size() & 0xFFU)};
    message_ += answer;
    boost::asio::async_write(socket_, boost::asio::buffer(message_),
                             [self = shared_from_this()](error_code error, std::size_t) {
                               if (error) return self->close();
                               self->read_length();
                             });
  }

  Tcp::socket socket_;
  boost::asio::steady_timer idle_;
  std::weak_ptr<ppp::DnsAnswers> answers_;
  std::array<std::uint8_t, length_size> length_{};
  std::string message_;
};

NameServer::NameServer(boost::asio::io_context& io, ppp::DnsAnswers::Resolve resolve)
    : io_(io),
      answers_(std::make_shared<ppp::DnsAnswers>(std::move(resolve))),
      acceptor_(io, "PPP: name server") {}

NameServer::~NameServer() {
  for (const auto& each : connections_)
    if (const auto connection = each.lock()) connection->close();
}

std::uint16_t NameServer::port() {
  if (acceptor_.listening()) return acceptor_.endpoint().port();
  if (const auto error = acceptor_.listen({boost::asio::ip::address_v4::loopback(), 0})) {
    spdlog::warn("PPP: no name server over TCP: {}", error.message());
    acceptor_.stop();
    return 0;
  }
  acceptor_.start([this](Tcp::socket socket) { admit(std::move(socket)); });
  return acceptor_.endpoint().port();
}

void NameServer::admit(Tcp::socket socket) {
  std::erase_if(connections_, [](const auto& each) { return each.expired(); });
  if (connections_.size() == max_connections) return;
  const auto connection = std::make_shared<Connection>(io_, std::move(socket), answers_);
  connections_.push_back(connection);
  connection->read_length();
}

}  // namespace data_services
