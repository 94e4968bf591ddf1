// A transport whose events pass through the pump, so that the core sees them at the right virtual
// time, and none of a connection that has ended when that time has come; the loop learns that
// somebody beside the hosts has spoken. Its connections stop reading while the hosts' ports have no
// room. Owned by the Unit in front of the one that it wraps.
#pragma once

#include "data_services/transport.hpp"
#include "emulator/event_loop.hpp"
#include "emulator/port_pressure.hpp"
#include "emulator/pump.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace emulator {

class PumpedConnection : public data_services::Connection, public PortPressure::Tap {
 public:
  explicit PumpedConnection(PortPressure& pressure) : pressure_(pressure) { pressure_.add(*this); }
  ~PumpedConnection() override { pressure_.remove(*this); }
  PumpedConnection(const PumpedConnection&) = delete;
  PumpedConnection& operator=(const PumpedConnection&) = delete;

  void be(std::unique_ptr<data_services::Connection> connection) {
    connection_ = std::move(connection);
  }
  /// Ends with it.
  [[nodiscard]] std::weak_ptr<void> life() const { return life_; }

  void want(std::size_t bytes) override {
    wanted_ += bytes;
    if (!full_) connection_->want(std::exchange(wanted_, 0));
  }
  void send(std::string bytes, const data_services::Origin& to) override {
    connection_->send(std::move(bytes), to);
  }
  [[nodiscard]] std::size_t unsent() const override { return connection_->unsent(); }
  [[nodiscard]] std::size_t unacknowledged() const override {
    return connection_->unacknowledged();
  }
  void await(bool answer) override { connection_->await(answer); }
  void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                 const std::string& server_name) override {
    connection_->start_tls(std::move(tls), server_name);
  }
  void close() override { connection_->close(); }

  void ports_full(bool full) override {
    full_ = full;
    if (!full && connection_ && wanted_ > 0) connection_->want(std::exchange(wanted_, 0));
  }

 private:
  PortPressure& pressure_;
  std::shared_ptr<void> life_ = std::make_shared<char>();
  std::unique_ptr<data_services::Connection> connection_;
  std::size_t wanted_ = 0;  // while the ports are full
  bool full_ = false;
};

class PumpedListener : public data_services::Listener {
 public:
  void be(std::unique_ptr<data_services::Listener> listener) { listener_ = std::move(listener); }
  /// Ends with it.
  [[nodiscard]] std::weak_ptr<void> life() const { return life_; }
  [[nodiscard]] data_services::Origin place() const override { return listener_->place(); }

 private:
  std::shared_ptr<void> life_ = std::make_shared<char>();
  std::unique_ptr<data_services::Listener> listener_;
};

class PumpedTransport : public data_services::Transport {
 public:
  using Connection = data_services::Connection;

  PumpedTransport(EventLoop& loop, Pump& pump, PortPressure& pressure,
                  data_services::Transport& transport)
      : loop_(loop), pump_(pump), pressure_(pressure), transport_(transport) {}

  [[nodiscard]] std::unique_ptr<Connection> connect(const data_services::Endpoint& endpoint,
                                                    Connection::Events events) override {
    auto connection = std::make_unique<PumpedConnection>(pressure_);
    connection->be(transport_.connect(endpoint, pumped(connection->life(), std::move(events))));
    return connection;
  }

  [[nodiscard]] std::unique_ptr<data_services::Listener> listen(
      const data_services::ListenAt& at, data_services::Listener::Events events) override {
    auto listener = std::make_unique<PumpedListener>();
    const auto life = listener->life();
    data_services::Listener::Events pumped_events;
    pumped_events.listening = through(life, std::move(events.listening));
    pumped_events.failed = through(life, std::move(events.failed));
    pumped_events.incoming = [this, tell = through(life, std::move(events.incoming))](
                                 const data_services::Incoming& incoming) {
      tell({incoming.peer, [this, accept = incoming.accept](Connection::Events accepted) {
              auto connection = std::make_unique<PumpedConnection>(pressure_);
              connection->be(accept(pumped(connection->life(), std::move(accepted))));
              return connection;
            }});
    };
    listener->be(transport_.listen(at, std::move(pumped_events)));
    return listener;
  }

 private:
  using Life = std::weak_ptr<void>;

  Connection::Events pumped(const Life& life, Connection::Events events) {
    return {through(life, std::move(events.negotiating)), through(life, std::move(events.opened)),
            through(life, std::move(events.failed)),      through(life, std::move(events.arrived)),
            through(life, std::move(events.ended)),       through(life, std::move(events.closed)),
            through(life, std::move(events.sent)),        through(life, std::move(events.secured))};
  }

  template <class... Values>
  std::function<void(Values...)> through(const Life& life, std::function<void(Values...)> event) {
    if (!event) return {};
    return [this, life, event = std::move(event)](Values... values) {
      loop_.heard(this, Watchfulness::Speaker::peer);
      // What is due, and what it tells, may end the connection, and with it this function.
      pump_.run([still = life, kept = event, &values...] {
        if (!still.expired()) kept(std::forward<Values>(values)...);
      });
    };
  }

  EventLoop& loop_;
  Pump& pump_;
  PortPressure& pressure_;
  data_services::Transport& transport_;
};

}  // namespace emulator
