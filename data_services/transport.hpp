// The seam to the internet for data services: connections by name and port, plain or TLS. Events
// come from outside any call, and none after a connection's end; limits of time are the service's
// own. Implemented in data_services/link, and by the tests' fake.
#pragma once

#include "ssl_ctx/contexts.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data_services {

/// When a silent peer is asked whether it is still there (QICFG "tcp/keepalive").
struct KeepAlive {
  int idle_s = 60;
  int interval_s = 25;
  int probes = 3;
};

/// Where something comes from or goes to: an address and a port.
struct Origin {
  std::string address{};
  std::uint16_t port = 0;
};

/// What came: part of a stream, or one datagram and who sent it.
struct Arrival {
  std::string bytes{};
  Origin from{};
};

enum class Protocol {
  tcp,
  udp,           // datagrams to and from one peer
  udp_service,   // datagrams at a local port, from and to anybody
  tcp_listener,  // connections at a local port
  tcp_incoming,  // one of those
};

struct Endpoint {
  Protocol protocol = Protocol::tcp;
  std::string host{};
  std::uint16_t port = 0;
  std::uint16_t local_port = 0;  // 0: whatever is free
  std::shared_ptr<const ssl_ctx::TlsRequest> tls{};
  std::optional<KeepAlive> keep_alive{};
  int give_up_after_s = 0;                  // unacknowledged data; 0: as long as the system tries
  std::vector<std::string> name_servers{};  // addresses; none: the system is asked for the name
  std::string_view command = "+QIOPEN";     // that asked for it; of static storage
  std::uint16_t detour = 0;                 // not 0: a port of the loopback that takes its place
  int cid = 0;                              // the context that it goes over
};

/// Both ends of a connection that is established.
struct Ends {
  std::string peer;  // address
  std::uint16_t local_port;
  std::string local_address{};
};

enum class OpenFailure { unresolved, local_port_taken, refused, unreachable, tls_failed };

/// How the peer's side ends: it has no more to send, or there is no connection any more.
enum class Ending { finished, reset };

class Connection {
 public:
  struct Events {
    /// TCP is established and the TLS handshake begins.
    std::function<void()> negotiating;
    std::function<void(const Ends&)> opened;
    std::function<void(OpenFailure)> failed;
    /// Never more than was wanted.
    std::function<void(Arrival)> arrived;
    /// Behind the last byte; `reset` may still come behind `finished`.
    std::function<void(Ending)> ended;
    /// After close(): the peer has acknowledged that nothing more comes, or is gone.
    std::function<void()> closed;
    /// The system has taken all that was to be sent.
    std::function<void()> sent{};
    /// After start_tls(); `failed` where there is no TLS.
    std::function<void()> secured{};
  };

  Connection() = default;
  /// Cuts it at once.
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// So many bytes more may arrive.
  virtual void want(std::size_t bytes) = 0;

  /// Queues bytes, without a limit of its own: see unacknowledged(). One datagram, where it carries
  /// such; `to` is for a service alone.
  virtual void send(std::string bytes, const Origin& to = {}) = 0;

  /// Bytes that were to be sent and that the system has not taken.
  [[nodiscard]] virtual std::size_t unsent() const = 0;

  /// Bytes that were sent and that the peer's TCP has not acknowledged.
  [[nodiscard]] virtual std::size_t unacknowledged() const = 0;

  /// Whether the peer owes an answer, so that no leap of the clock may pass it by.
  virtual void await(bool answer) = 0;

  /// Begins TLS on a connection that is open, once what was sent is gone and the peer waits for it;
  /// ends with `secured` or `failed`. What would arrive in the clear meanwhile is a failure.
  virtual void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                         const std::string& server_name) = 0;

  /// Ends our side behind what was sent.
  virtual void close() = 0;
};

/// Somebody who has connected to a listener; let go, he is cut.
struct Incoming {
  Origin peer;
  std::function<std::unique_ptr<Connection>(Connection::Events)> accept;
};

/// Takes connections for as long as it lives.
class Listener {
 public:
  struct Events {
    std::function<void()> listening;
    std::function<void(OpenFailure)> failed;
    std::function<void(const Incoming&)> incoming;
  };

  Listener() = default;
  virtual ~Listener() = default;
  /// Where it listens, once it does.
  [[nodiscard]] virtual Origin place() const = 0;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
};

/// Where connections are waited for.
struct ListenAt {
  std::uint16_t local_port = 0;  // 0: a free one
  int cid = 0;                   // the context that they come over
};

class Transport {
 public:
  virtual ~Transport() = default;

  /// Ends with `opened` or `failed`.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect(const Endpoint& endpoint,
                                                            Connection::Events events) = 0;

  /// Ends with `listening` or `failed`; connections come behind `listening`.
  [[nodiscard]] virtual std::unique_ptr<Listener> listen(const ListenAt& at,
                                                         Listener::Events events) = 0;
};

}  // namespace data_services
