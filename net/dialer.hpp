// From a host and a port to a Stream: name, addresses, TCP, TLS, all within a time. One attempt at
// a time, which can be given up in any state. Owned by whatever needs a connection (each LinkPaho);
// io thread only.
#pragma once

#include "cellular/traffic.hpp"
#include "net/activity.hpp"
#include "net/resolver.hpp"
#include "net/stream.hpp"
#include "net/tap.hpp"
#include "ssl_ctx/tls.hpp"
#include "ssl_ctx/tls_sessions.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net {

/// What everything that connects shares in a modem.
struct DialerOptions {
  ssl_ctx::TlsOptions tls{};
  /// Made by each Dialer for itself when there is none.
  std::shared_ptr<Resolver> resolver{};
  /// Where sessions are kept for resumption.
  std::shared_ptr<ssl_ctx::TlsSessions> sessions = std::make_shared<ssl_ctx::TlsSessions>();
  /// Where the bytes of the streams are counted.
  std::shared_ptr<cellular::Traffic> traffic = std::make_shared<cellular::Traffic>();
  /// Who is to know that a connection is under way, and that bytes pass.
  std::shared_ptr<Activity> activity = std::make_shared<Activity>();
  /// Who sees what passes, if anybody.
  std::shared_ptr<Tap> tap{};
};

class Dialer {
 public:
  struct Target {
    std::string host;  // server name and certificate are those of this one, wherever it leads
    std::uint16_t port = 0;
    std::shared_ptr<const ssl_ctx::TlsRequest> tls{};
    std::uint16_t detour = 0;                 // not 0: a port of the loopback that takes its place
    std::vector<std::string> name_servers{};  // addresses; none: the system is asked for the name
    std::uint16_t local_port = 0;             // not 0: where the connection comes from
    int cid = 0;                              // the context that it goes over
  };

  enum class Failure {
    unresolved,  // the name has no address
    local_port_taken,
    refused,      // nobody listens, or reset while connecting
    unreachable,  // no answer, no route
    tls_failed,   // the handshake failed, or TLS cannot be had
    timed_out,    // `limit` passed
  };

  struct Events {
    /// TCP is established and the TLS handshake begins.
    std::function<void()> negotiating;
    std::function<void(std::unique_ptr<Stream> stream)> established;
    /// `detail` is one line for the log.
    std::function<void(Failure failure, const std::string& detail)> failed;
  };

  Dialer(boost::asio::io_context& io, DialerOptions options);
  ~Dialer() { cancel(); }
  Dialer(const Dialer&) = delete;
  Dialer& operator=(const Dialer&) = delete;

  /// Gives up what is under way and begins anew. Ends with `established` or `failed`, never from
  /// inside the call. `limit` zero: as long as the system tries.
  void dial(Target target, std::chrono::milliseconds limit, Events events);

  /// No event comes any more.
  void cancel();

  /// What watching a stream takes to know. `asked_port`: see Tap::Ends.
  struct Watched {
    bool is_tls = false;
    std::uint16_t asked_port = 0;
    int cid = 0;
  };
  /// A stream that is established, as the options want it watched.
  [[nodiscard]] static std::unique_ptr<Stream> watched(std::unique_ptr<Stream> stream,
                                                       const Watched& how,
                                                       const DialerOptions& options);

 private:
  class Attempt;

  boost::asio::io_context& io_;
  DialerOptions options_;
  std::weak_ptr<Attempt> attempt_;  // gone when it is over
};

}  // namespace net
