// The internet as the data services see it, by the system's own means. Owned by the Unit; io
// thread only.
#pragma once

#include "data_services/transport.hpp"
#include "net/dialer.hpp"
#include "net/listen_place.hpp"

#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace data_services {

class NetTransport : public Transport {
 public:
  NetTransport(boost::asio::io_context& io, net::DialerOptions options,
               const net::ListenPlace& place)
      : io_(io), options_(std::move(options)), place_(place) {}

  [[nodiscard]] std::unique_ptr<Connection> connect(const Endpoint& endpoint,
                                                    Connection::Events events) override;
  [[nodiscard]] std::unique_ptr<Listener> listen(const ListenAt& at,
                                                 Listener::Events events) override;

 private:
  boost::asio::io_context& io_;
  net::DialerOptions options_;
  net::ListenPlace place_;
};

}  // namespace data_services
