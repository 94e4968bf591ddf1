// A Listener on Asio: takes connections at a port of this machine, on its loopback unless the
// ListenPlace says otherwise. Owned by a Socket or an FTP transfer; io thread only.
#pragma once

#include "data_services/transport.hpp"
#include "net/acceptor.hpp"
#include "net/dialer.hpp"
#include "net/listen_place.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace data_services {

class NetListener : public Listener {
 public:
  NetListener(boost::asio::io_context& io, const net::DialerOptions& options,
              const net::ListenPlace& place, const ListenAt& at, Events events);

  [[nodiscard]] Origin place() const override;

 private:
  void begin(const net::ListenPlace& place, std::uint16_t local_port);
  void taken(boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  net::DialerOptions options_;
  int cid_;
  Events events_;
  net::Acceptor<boost::asio::ip::tcp> acceptor_;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace data_services
