// The client's side of a TLS handshake on a TCP connection, as a TlsRequest wants it. One at a
// time; handlers share it. Owned by a Dialer's attempt or by whoever begins TLS later; io thread
// only.
#pragma once

#include "net/dialer.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

namespace net {

class TlsHandshake : public std::enable_shared_from_this<TlsHandshake> {
 public:
  /// Who is asked for; the server name and the certificate are those of `name`.
  struct Server {
    std::string name;
    std::uint16_t port;
    std::shared_ptr<const ssl_ctx::TlsRequest> tls;
  };
  /// Without a stream `failure` tells why, in one line.
  using Done = std::function<void(std::unique_ptr<Stream> stream, const std::string& failure)>;

  /// `done` comes once, later, unless it is cancelled before.
  static std::shared_ptr<TlsHandshake> start(boost::asio::ip::tcp::socket socket,
                                             ssl_ctx::TlsContext context, Server server,
                                             const DialerOptions& options, Done done);
  void cancel();

 private:
  TlsHandshake(boost::asio::ip::tcp::socket socket, ssl_ctx::TlsContext context, Server server,
               Done done);

  void begin(const DialerOptions& options);
  void negotiated(const boost::system::error_code& error);

  Server server_;
  Done done_;
  std::shared_ptr<ssl_ctx::TlsSessions> sessions_;
  std::unique_ptr<TlsStream> stream_;
};

}  // namespace net
