// The control connection of an FTP session: lines out, replies in, in the clear or behind TLS
// (RFC 959 4.2, RFC 4217). Sans I/O: the bytes come and go by a Connection. Owned by the
// FtpSession.
#pragma once

#include "data_services/ftp/ftp_reply.hpp"
#include "data_services/round_trip.hpp"
#include "data_services/service_world.hpp"
#include "data_services/transport.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace data_services {

class FtpControl {
 public:
  struct Events {
    std::function<void()> opened;
    std::function<void(OpenFailure)> failed;  // also of secure()
    std::function<void()> secured;
    std::function<void(const FtpReply&)> replied;
    /// The server is gone, or speaks something else.
    std::function<void()> lost;
    /// After close().
    std::function<void()> closed;
  };

  /// What the server says takes a round trip of the cellular network.
  FtpControl(const ServiceWorld& world, const Endpoint& endpoint, Events events);

  /// Ends the line.
  void send(std::string_view line);
  /// Begins TLS, the server being ready for it; ends with `secured` or `failed`.
  void secure(std::shared_ptr<const ssl_ctx::TlsRequest> tls);
  void close();
  /// Whether the server owes a reply; it does behind send().
  void await(bool reply) { connection_->await(reply); }

  /// The server's address.
  [[nodiscard]] const std::string& peer() const { return peer_; }
  /// Our address as the server sees it.
  [[nodiscard]] const std::string& local_address() const { return local_address_; }

 private:
  static constexpr std::size_t wanted = 4096;  // bytes that may arrive at a time

  void opened(const Ends& ends);
  void arrived(const std::string& bytes);

  Events events_;
  RoundTrip round_trip_;
  FtpReplyReader reader_;
  std::string peer_;
  std::string local_address_;
  std::string host_;
  std::shared_ptr<char> life_ = std::make_shared<char>();  // of an object that a reply may end
  std::unique_ptr<Connection> connection_;
};

}  // namespace data_services
