// TLS in front of the demo broker, which itself speaks plain TCP and could not choose a certificate
// by the name that a client asks for: one port for everybody and one that demands a certificate of
// the demo's authority. Bytes pass in pieces, and who does not read is not read from. Owned by the
// Emulator; io_context thread only.
#pragma once

#include "emulator/demo_tls/authority_maker.hpp"
#include "emulator/demo_tls/demo_authority.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace emulator {

class TlsFront {
 public:
  /// Clients at a time; one more is turned away.
  static constexpr std::size_t max_clients = 256;
  /// Bytes under way, in each direction of a client.
  static constexpr std::size_t piece = std::size_t{16} * 1024;
  static constexpr std::chrono::seconds handshake_limit{30};
  /// The name in the certificate for a client that asks for none.
  static constexpr const char* default_name = "broker.demo";

  explicit TlsFront(boost::asio::io_context& io);
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  /// Called with what went wrong, in one line.
  using Started = std::function<void(const std::optional<std::string>& wrong)>;

  /// Makes keys and certificates and listens on two free ports of the loopback. `started` comes
  /// once, later, unless stop() comes first.
  void start(Started started);
  /// Where the broker listens, on the loopback; until this is known clients are turned away.
  void lead_to(std::uint16_t broker_port) { broker_port_ = broker_port; }
  void stop();

  [[nodiscard]] std::uint16_t port() const;
  /// Demands a certificate of the client.
  [[nodiscard]] std::uint16_t mutual_port() const;
  /// What start() has made.
  [[nodiscard]] const DemoAuthority::Pem& pem() const { return pem_; }

 private:
  class Client;
  struct Listener;

  [[nodiscard]] std::optional<std::string> serve(const std::string& pem);
  std::unique_ptr<Listener> listen(bool mutual, boost::system::error_code& error);
  [[nodiscard]] bool set_up(Listener& listener);
  void admit(Listener& listener, boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  AuthorityMaker maker_;
  DemoAuthority::Pem pem_;
  std::unique_ptr<DemoAuthority> authority_;  // from the first client on
  std::uint16_t broker_port_ = 0;
  std::unique_ptr<Listener> open_;
  std::unique_ptr<Listener> mutual_;
  std::vector<std::weak_ptr<Client>> clients_;
};

}  // namespace emulator
