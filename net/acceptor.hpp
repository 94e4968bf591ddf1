// Takes connections on a listening socket, for as long as it lives. Out of descriptors, accept()
// would fail again at once, for ever: then it pauses, and says so once an episode. For TCP and
// for local sockets. Owned by what serves the connections.
#pragma once

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <spdlog/spdlog.h>

namespace net {

template <class Protocol>
class Acceptor {
 public:
  using Socket = typename Protocol::socket;
  using Endpoint = typename Protocol::endpoint;
  using Taken = std::function<void(Socket socket)>;

  static constexpr std::chrono::milliseconds pause{100};

  /// `name` stands before what the log says.
  Acceptor(boost::asio::io_context& io, std::string name)
      : name_(std::move(name)), acceptor_(io), pause_(io) {}

  /// Listens at `endpoint` and answers what kept it from doing so. `access` is the mode of a local
  /// socket's file, from its first moment on.
  [[nodiscard]] boost::system::error_code listen(const Endpoint& endpoint,
                                                 std::optional<mode_t> access = {}) {
    boost::system::error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error && access && ::fchmod(acceptor_.native_handle(), *access) != 0)
      error.assign(errno, boost::system::system_category());
    if (!error) acceptor_.set_option(boost::asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
    return error;
  }

  /// Where it listens.
  [[nodiscard]] Endpoint endpoint() const {
    boost::system::error_code unknown;
    return acceptor_.local_endpoint(unknown);
  }

  [[nodiscard]] bool listening() const { return acceptor_.is_open(); }

  /// Hands every connection to `taken` from now on.
  void start(Taken taken) {
    taken_ = std::move(taken);
    accept();
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  void accept() {
    acceptor_.async_accept(
        [this, life = std::weak_ptr(life_)](boost::system::error_code error, Socket socket) {
          if (life.expired() || !acceptor_.is_open()) return;
          if (error) return rest(error);
          failing_ = false;
          taken_(std::move(socket));
          if (!life.expired() && acceptor_.is_open()) accept();
        });
  }

  void rest(boost::system::error_code error) {
    if (!std::exchange(failing_, true))
      spdlog::warn("{}: cannot take a connection: {}", name_, error.message());
    pause_.expires_after(pause);
    pause_.async_wait([this, life = std::weak_ptr(life_)](boost::system::error_code cancelled) {
      if (!cancelled && !life.expired() && acceptor_.is_open()) accept();
    });
  }

  std::string name_;
  boost::asio::basic_socket_acceptor<Protocol> acceptor_;
  boost::asio::steady_timer pause_;
  Taken taken_;
  bool failing_ = false;
  // Lets handlers that are queued already find out that this object is gone.
  std::shared_ptr<char> life_ = std::make_shared<char>();
};

}  // namespace net
