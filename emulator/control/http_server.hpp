// Serves the control interface over HTTP at a TCP port or a local socket. Nothing that a client
// does makes the io thread wait. Owned by Control; io thread only.
#pragma once

#include "emulator/control/access.hpp"
#include "emulator/control/control_address.hpp"
#include "emulator/control/http_connection.hpp"
#include "emulator/control/http_limits.hpp"
#include "emulator/control/route_table.hpp"
#include "net/acceptor.hpp"

#include <sys/types.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace emulator::control {

class HttpServer {
 public:
  /// `routes` outlive the server. `token` is empty when none is wanted.
  HttpServer(boost::asio::io_context& io, const RouteTable& routes, std::string token,
             HttpLimits limits = {});
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens and serves from now on. Returns what went wrong, in one line: an address that is not
  /// loopback without a token among it. A socket file that nobody listens at is replaced.
  [[nodiscard]] std::optional<std::string> start(const ControlAddress& where);

  /// Closes everything and removes the socket file.
  void stop();

  /// "http://127.0.0.1:PORT" or "unix:PATH", once started.
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  using Tcp = boost::asio::ip::tcp;
  using Local = boost::asio::local::stream_protocol;

  [[nodiscard]] std::optional<std::string> start_tcp(const ControlAddress& where);
  [[nodiscard]] std::optional<std::string> start_local(const std::string& path);
  void accept_tcp();
  [[nodiscard]] std::vector<std::string> names_of(const Tcp::socket& socket) const;
  void admit(HttpConnection::Socket socket, std::vector<std::string> served);

  boost::asio::io_context& io_;
  const RouteTable& routes_;
  const bool has_token_;
  const Access access_;
  const HttpLimits limits_;
  std::string address_;
  std::string host_;  // as it was asked for, in lower case
  std::string path_;  // of our socket file; empty: there is none
  std::pair<dev_t, ino_t> file_{};
  std::optional<net::Acceptor<Tcp>> tcp_;
  std::optional<net::Acceptor<Local>> local_;
  std::set<std::shared_ptr<HttpConnection>> connections_;
};

}  // namespace emulator::control
