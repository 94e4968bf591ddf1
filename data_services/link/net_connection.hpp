// A Connection on net: has a Dialer connect, then reads what is wanted and writes what is queued.
// What the peer has acknowledged is the kernel's own evidence. Owned by a Socket; io thread only.
#pragma once

#include "data_services/transport.hpp"
#include "net/dialer.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace data_services {

class NetConnection : public Connection {
 public:
  NetConnection(boost::asio::io_context& io, const net::DialerOptions& options,
                const Endpoint& endpoint, Events events);
  /// Of somebody who has connected to us; it is open already.
  NetConnection(boost::asio::io_context& io, const net::DialerOptions& options,
                boost::asio::ip::tcp::socket socket, int cid, Events events);
  ~NetConnection() override;
  NetConnection(const NetConnection&) = delete;
  NetConnection& operator=(const NetConnection&) = delete;

  void want(std::size_t bytes) override;
  void send(std::string bytes, const Origin& to) override;
  [[nodiscard]] std::size_t unsent() const override;
  [[nodiscard]] std::size_t unacknowledged() const override;
  void await(bool answer) override;
  void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                 const std::string& server_name) override;
  void close() override;

 private:
  class Line;

  std::shared_ptr<Line> line_;
};

}  // namespace data_services
