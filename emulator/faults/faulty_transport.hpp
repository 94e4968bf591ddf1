// The transport of the data services with the faults that act on it, as FaultyLink is for clients:
// names that lead nowhere, connections that are refused or swallowed, that are cut, go deaf or are
// slow. In virtual time. Owned by the FaultInjector, in front of the transport that it wraps.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/transport.hpp"
#include "emulator/faults/fault_set.hpp"
#include "emulator/faults/faulty_link.hpp"
#include "emulator/faults/slow_way.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace emulator::faults {

class FaultyConnection;

class FaultyTransport : public data_services::Transport {
 public:
  using Connection = data_services::Connection;
  using Endpoint = data_services::Endpoint;

  struct Hooks {
    /// What acts on an open to this endpoint.
    std::function<std::vector<Fault*>(const Endpoint& endpoint)> opening;
    FaultyLink::Detour detour;
  };

  FaultyTransport(at::Timeline& timeline, data_services::Transport& transport, Hooks hooks)
      : timeline_(timeline), transport_(transport), hooks_(std::move(hooks)) {}

  /// Every connection that is open; what is done may end some.
  void for_each(const std::function<void(FaultyConnection& connection)>& action);

  [[nodiscard]] std::unique_ptr<Connection> connect(const Endpoint& endpoint,
                                                    Connection::Events events) override;
  [[nodiscard]] std::unique_ptr<data_services::Listener> listen(
      const data_services::ListenAt& at, data_services::Listener::Events events) override;

 private:
  friend class FaultyConnection;

  at::Timeline& timeline_;
  data_services::Transport& transport_;
  Hooks hooks_;
  std::set<FaultyConnection*> connections_;
};

class FaultyConnection : public data_services::Connection {
 public:
  FaultyConnection(FaultyTransport& world, Events events);
  ~FaultyConnection() override;
  FaultyConnection(const FaultyConnection&) = delete;
  FaultyConnection& operator=(const FaultyConnection&) = delete;

  /// Connects, with the faults of the moment.
  void open(const data_services::Endpoint& endpoint);
  /// `accept` makes the connection that is open already.
  void adopt(const std::function<std::unique_ptr<Connection>(Events)>& accept);

  // What the faults do to a connection that is established; nothing to another.

  /// The peer has cut it.
  void lose();
  /// Nothing passes any more, and nobody is told.
  void go_deaf();
  /// What comes in is late, and what goes out takes its time; nothing slow ends it.
  void slow_down(Slowness slowness, std::uint64_t seed);
  /// A NAT between forgets it after so long without traffic; nothing ends that.
  void forget_after(std::optional<at::Duration> idle);

  void want(std::size_t bytes) override;
  void send(std::string bytes, const data_services::Origin& to) override;
  [[nodiscard]] std::size_t unsent() const override;
  [[nodiscard]] std::size_t unacknowledged() const override;
  void await(bool answer) override;
  void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                 const std::string& server_name) override;
  void close() override;

 private:
  /// Something of the peer's that is told at its time.
  struct Late {
    at::Time due;
    std::function<void()> tell;
  };
  struct Outgoing {
    at::Time due;
    std::string bytes;
    data_services::Origin to;
  };

  void go(data_services::Endpoint endpoint, const std::optional<TlsTrouble>& trouble);
  void fail(data_services::OpenFailure failure);
  [[nodiscard]] Events watched();
  void is_open(const data_services::Ends& ends);
  void heard(std::size_t bytes, std::function<void()> tell);
  void deliver_due();
  void send_due();
  void traffic();

  FaultyTransport& world_;
  Events events_;
  std::unique_ptr<Connection> connection_;
  at::Timer opening_;
  at::Timer idle_;
  at::Timer late_timer_;
  at::Timer outgoing_timer_;
  SlowWay way_;
  std::deque<Late> late_;
  std::deque<Outgoing> outgoing_;
  std::size_t outgoing_bytes_ = 0;
  std::size_t swallowed_ = 0;  // what a deaf connection was to send
  std::optional<at::Duration> forgotten_after_;
  std::shared_ptr<char> detouring_;  // until somebody stands between
  bool closing_ = false;
  bool reset_on_open_ = false;
  bool established_ = false;
  bool deaf_ = false;
};

}  // namespace emulator::faults
