// DNS over TCP for the host of a data call (RFC 1035 4.2.2, IP-8): behind the network in user space
// a host that asks one of its name servers by TCP meets this one, on the loopback, which says what
// is said by UDP. Owned by the network of the call; io thread only.
#pragma once

#include "data_services/ppp/dns_answer.hpp"
#include "net/acceptor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace data_services {

class NameServer {
 public:
  /// Connections at a time; one more is turned away.
  static constexpr std::size_t max_connections = 16;
  /// For how long a connection may say nothing.
  static constexpr std::chrono::seconds idle_limit{10};

  NameServer(boost::asio::io_context& io, ppp::DnsAnswers::Resolve resolve);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  /// Its port on the loopback, where it listens from the first call on; 0: it cannot.
  [[nodiscard]] std::uint16_t port();

 private:
  using Tcp = boost::asio::ip::tcp;
  class Connection;

  void admit(Tcp::socket socket);

  boost::asio::io_context& io_;
  std::shared_ptr<ppp::DnsAnswers> answers_;
  net::Acceptor<Tcp> acceptor_;
  std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace data_services
