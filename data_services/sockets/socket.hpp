// One connection of AT+QIOPEN: opening, what is buffered both ways, what is pushed, its end
// (data services 3 and 4). Sans I/O: the bytes come and go by a Connection. Owned by Sockets.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/log.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "cellular/bearer.hpp"
#include "cellular/knobs.hpp"
#include "cellular/latency.hpp"
#include "cellular/tcpip_error.hpp"
#include "data_services/round_trip.hpp"
#include "data_services/sockets/inbox.hpp"
#include "data_services/sockets/socket_settings.hpp"
#include "data_services/transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace data_services {

/// What sockets live on; all outlive them.
struct SocketWorld {
  at::Timeline& timeline;
  at::Announce& announce;
  at::Log& log;
  cellular::Latency& latency;
  const cellular::Knobs& knobs;
  cellular::Bearer& bearer;
  Transport& transport;
  cellular::LastError& last_error;
  /// Whether the host has activated context `cid` (AT+QIACT).
  std::function<bool(int cid)> activated;
  /// The address of context `cid`.
  std::function<std::string(int cid)> address_of;
  /// What AT+QSSLCFG has set for a context, with its files, as they are now; or what is missing.
  std::function<std::variant<ssl_ctx::TlsRequest, std::string>(int ctx)> tls_request;
  /// The name of an asker's channel ("uart1").
  std::function<std::string(at::Asker)> port_of;
  /// AT+QCFG="TCP/SendMode".
  std::function<int()> send_mode;
  /// Payload of send commands is echoed, where the channel echoes (AT+QISDE).
  std::function<bool()> echoes;
};

class Socket : public std::enable_shared_from_this<Socket> {
 public:
  /// As +QISTATE numbers them.
  enum class State { initial, opening, connected, listening, closing };
  enum class Mode { buffer, push, transparent };

  /// The data mode of a transparent socket.
  class Outlet {
   public:
    virtual ~Outlet() = default;
    virtual void arrived() = 0;
    /// All that was forwarded is on its way.
    virtual void sent() = 0;
    /// The peer, or the network, has ended it.
    virtual void ended() = 0;
    /// The socket is closed, or goes to another channel.
    virtual void released() = 0;
  };

  /// Bytes that wait for the peer's acknowledgement, unless AT+QICFG says fewer; what does not fit
  /// is not taken (SOCK-44).
  static constexpr std::size_t send_buffer = 10'240;
  /// Longest block of QISEND, QIRD and of direct push, in bytes.
  static constexpr std::size_t max_send = 1460;
  static constexpr std::size_t max_read = 1500;
  /// Limit of closing, unless told.
  static constexpr std::chrono::seconds usual_close{10};

  struct Request {
    at::Asker asker;
    int connect_id;
    int cid;
    Mode mode;
    Endpoint endpoint;
    at::Duration connect_timeout;
    int max_accepted = 0;                    // connections that a listener may have at a time
    int server_id = -1;                      // of the listener that accepted it; else its own id
    std::weak_ptr<const Socket> listener{};  // that one; another may have its id by now
    /// Told of the end of the open, in place of a result line; may be empty.
    std::function<void(cellular::TcpIpError error)> opened{};
  };
  /// Somebody has connected to `listener`.
  using Came = std::function<void(Socket& listener, const Incoming& incoming)>;

  /// `gone` is told once that the id is free; it may destroy the socket.
  Socket(const SocketWorld& world, const SocketSettings& settings, Request request,
         std::function<void()> gone, Came came = {});

  /// It is open already, from the peer of `incoming` (SURC-5).
  void accept(const Incoming& incoming);

  /// Ends with the result line of QIOPEN, never from inside the call.
  void open();

  /// The same, but it fails.
  void fail_to_open(cellular::TcpIpError error);

  /// What keeps it from sending now, if anything does (SOCK-45).
  [[nodiscard]] cellular::TcpIpError obstacle() const;
  /// False when the send buffer has no room for the whole block.
  [[nodiscard]] bool send(const std::string& bytes, const Origin& to = {});
  [[nodiscard]] std::size_t sent() const { return sent_; }
  /// Hex digits that wait for the rest of their block, at most twice `send_buffer`.
  [[nodiscard]] std::string& parts() { return parts_; }
  [[nodiscard]] std::size_t unacknowledged() const;
  [[nodiscard]] std::size_t room() const;
  /// `done` is told, never from inside of the call, once all that was sent so far is acknowledged
  /// (true), or cannot be any more.
  void when_acknowledged(std::function<void(bool acknowledged)> done);

  /// Sends without a limit of its own: see unsent().
  void forward(std::string bytes);
  /// Bytes that the system has not taken yet.
  [[nodiscard]] std::size_t unsent() const { return connection_ ? connection_->unsent() : 0; }

  /// At most `most` bytes, which are gone from the buffer then; of a UDP socket one datagram, or
  /// any number (SOCK-75).
  [[nodiscard]] Arrival read(std::size_t most);
  [[nodiscard]] std::size_t received() const { return received_; }
  [[nodiscard]] std::size_t unread() const { return inbox_.size(); }
  /// Datagrams that found no room (SOCK-78).
  [[nodiscard]] std::size_t dropped() const { return dropped_; }

  void switch_to(Mode mode);
  /// AT+QICFG has changed what is done with certain payloads.
  void rules_changed() { watch_beat(); }
  /// Its bytes come and go through `outlet`, on the channel of `asker`.
  void become_transparent(at::Asker asker, std::shared_ptr<Outlet> outlet);
  /// The outlet is no more.
  void leave_transparent();
  /// The channel that it is transparent on, while there or suspended.
  [[nodiscard]] std::optional<at::Asker> transparent_on() const {
    return outlet_.expired() ? std::nullopt : std::optional(outlet_asker_);
  }
  /// Nothing comes any more but what is unread.
  [[nodiscard]] bool has_ended() const { return state_ == State::closing; }

  /// Closes within `limit`; zero cuts it. True when that is done at once, else `done` is told; the
  /// id is free then (SOCK-22).
  [[nodiscard]] bool close(at::Duration limit, std::function<void()> done);

  /// The network took the context (PDPX-5): it stays, without a connection, until it is closed.
  void bearer_lost();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Ends& ends() const { return ends_; }
  /// "TCP", "UDP SERVICE" and so on.
  [[nodiscard]] std::string_view service_type() const;
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] int cid() const { return request_.cid; }
  [[nodiscard]] const Request& request() const { return request_; }
  /// Of a TLS socket.
  [[nodiscard]] std::optional<int> ssl_ctx() const {
    if (!request_.endpoint.tls) return std::nullopt;
    return request_.endpoint.tls->ctx;
  }
  /// "+QIURC", or "+QSSLURC" of a TLS socket.
  [[nodiscard]] std::string_view urc_name() const { return ssl_ctx() ? "+QSSLURC" : "+QIURC"; }
  [[nodiscard]] Protocol protocol() const { return request_.endpoint.protocol; }
  /// The line of +QISTATE, or of +QSSLSTATE.
  [[nodiscard]] std::string state_line() const;

 private:
  void connect();
  void negotiating();
  void opened(const Ends& ends);
  void finish_open(cellular::TcpIpError error);
  void report(cellular::TcpIpError error);
  void arrived(Arrival arrival);
  [[nodiscard]] bool is_stream() const {
    return protocol() == Protocol::tcp || protocol() == Protocol::tcp_incoming;
  }
  void listen();
  [[nodiscard]] cellular::TcpIpError error_of(OpenFailure failure) const;
  [[nodiscard]] Connection::Events events();
  void ended(Ending ending);
  void want_more();
  void push();
  void go_on_pushing();
  [[nodiscard]] std::string pushed();
  void tell_arrival();
  [[nodiscard]] bool passes_rules(const std::string& bytes);
  void watch_beat();
  void beat();
  void watch_silence();
  void look_for_acknowledgement();
  void tell_closed();
  void close_ended();

  const SocketWorld& world_;
  const SocketSettings& settings_;
  at::Speaker speaker_;
  Request request_;
  std::function<void()> gone_;
  Came came_;
  State state_ = State::initial;
  Mode mode_;
  cellular::Lease lease_;
  at::Time earliest_{};  // of the result of QIOPEN
  at::Timer timer_;
  at::Timer result_timer_;
  Ends ends_{"0.0.0.0", 0};
  bool peer_ended_ = false;
  bool broken_ = false;  // nothing can be sent any more
  bool told_closed_ = false;
  Inbox inbox_;
  std::size_t received_ = 0;
  std::size_t dropped_ = 0;
  std::size_t sent_ = 0;
  std::string parts_;
  std::size_t wanted_ = 0;  // bytes that may still arrive
  bool full_ = false;       // until the buffer has room again
  RoundTrip round_trip_;
  at::Timer beat_timer_;
  int beats_ = 0;
  at::Timer silence_timer_;
  at::Timer acknowledgement_timer_;
  struct Awaited {
    std::size_t sent;
    std::function<void(bool)> done;
  };
  std::deque<Awaited> awaited_;
  std::weak_ptr<at::LateLine> pushing_;
  std::weak_ptr<Outlet> outlet_;
  at::Asker outlet_asker_{};
  std::function<void()> closing_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace data_services
