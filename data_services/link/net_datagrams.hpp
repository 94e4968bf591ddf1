// A Connection of datagrams on Asio: to one peer, whose name is looked up, or of a service at a
// local port, where the ListenPlace says. What the network says of lost datagrams is
// ignored (SOCK-14). Owned by a Socket; io thread only.
#pragma once

#include "data_services/transport.hpp"
#include "net/dialer.hpp"
#include "net/listen_place.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace data_services {

class NetDatagrams : public Connection {
 public:
  NetDatagrams(boost::asio::io_context& io, const net::DialerOptions& options,
               const net::ListenPlace& place, const Endpoint& endpoint, Events events);
  ~NetDatagrams() override;
  NetDatagrams(const NetDatagrams&) = delete;
  NetDatagrams& operator=(const NetDatagrams&) = delete;

  void want(std::size_t bytes) override;
  void send(std::string bytes, const Origin& to) override;
  [[nodiscard]] std::size_t unsent() const override { return 0; }
  [[nodiscard]] std::size_t unacknowledged() const override { return 0; }
  void await(bool) override {}
  void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest>, const std::string&) override {}
  void close() override;

 private:
  class Port;

  std::shared_ptr<Port> port_;
};

}  // namespace data_services
