// A transport that writes down what it is asked, as text, and whose connections say what a test
// tells them to. Connections are known by their number, from 0 on in the order of connecting.
#pragma once

#include "data_services/transport.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace support {

/// Bytes in quotes, those that are no printable ASCII as \xNN.
std::string in_quotes(const std::string& bytes);

class FakeTransport : public data_services::Transport {
 public:
  using Events = data_services::Connection::Events;

  /// What a connection was asked and not yet looked at: `connect|udp HOST PORT [from=N] [tls]`,
  /// `service from=N`, `send "BYTES" [ADDRESS PORT]`, `close`, `cut`.
  std::map<std::size_t, std::deque<std::string>> requests;
  /// What was sent and counts as not acknowledged.
  std::map<std::size_t, std::size_t> unacknowledged;
  [[nodiscard]] std::size_t unacknowledged_in_all() const {
    std::size_t all = 0;
    for (const auto& [number, bytes] : unacknowledged) all += bytes;
    return all;
  }
  /// What the system has not taken.
  std::map<std::size_t, std::size_t> unsent;
  /// Those that have said that they are open, or have come to a listener.
  std::set<std::size_t> opened;
  /// Whether an answer is awaited.
  std::map<std::size_t, bool> awaited;
  /// What may still arrive.
  std::map<std::size_t, std::size_t> wanted;

  [[nodiscard]] std::unique_ptr<data_services::Connection> connect(
      const data_services::Endpoint& endpoint, Events events) override {
    const auto* const how = endpoint.protocol == data_services::Protocol::udp ? "udp" : "connect";
    auto text = fmt::format("{} {} {}", how, endpoint.host, endpoint.port);
    if (endpoint.protocol == data_services::Protocol::udp_service) text = "service";
    if (endpoint.local_port != 0) text += fmt::format(" from={}", endpoint.local_port);
    if (endpoint.tls) text += " tls";
    const auto number = made_++;
    requests[number].push_back(text);
    events.opened = [this, number, tell = events.opened](const data_services::Ends& ends) {
      opened.insert(number);
      const auto kept = tell;  // what it tells may be the end of the connection
      kept(ends);
    };
    events_[number] = std::move(events);
    return std::make_unique<Fake>(*this, number);
  }

  [[nodiscard]] std::unique_ptr<data_services::Listener> listen(
      const data_services::ListenAt& at, data_services::Listener::Events events) override {
    const auto number = made_++;
    requests[number].push_back(fmt::format("listen {}", at.local_port));
    listeners_[number] = std::move(events);
    return std::make_unique<FakeListener>(*this, number);
  }
  [[nodiscard]] const data_services::Listener::Events* listener(std::size_t number) const {
    const auto found = listeners_.find(number);
    return found == listeners_.end() ? nullptr : &found->second;
  }
  /// Somebody connects to a listener; the connection, if he is taken, has the next number.
  [[nodiscard]] data_services::Incoming caller(const data_services::Origin& peer) {
    return {peer, [this](Events events) -> std::unique_ptr<data_services::Connection> {
              const auto number = made_++;
              events_[number] = std::move(events);
              opened.insert(number);
              return std::make_unique<Fake>(*this, number);
            }};
  }

  /// Null when it is gone, or never was.
  [[nodiscard]] const Events* events(std::size_t number) const {
    const auto found = events_.find(number);
    return found == events_.end() ? nullptr : &found->second;
  }

 private:
  class Fake : public data_services::Connection {
   public:
    Fake(FakeTransport& world, std::size_t number) : world_(world), number_(number) {}
    ~Fake() override {
      world_.events_.erase(number_);
      world_.requests[number_].push_back("cut");
    }
    Fake(const Fake&) = delete;
    Fake& operator=(const Fake&) = delete;

    void want(std::size_t bytes) override { world_.wanted[number_] += bytes; }
    void send(std::string bytes, const data_services::Origin& to) override {
      auto text = "send " + in_quotes(bytes);
      if (!to.address.empty()) text += fmt::format(" {} {}", to.address, to.port);
      world_.requests[number_].push_back(text);
      world_.unacknowledged[number_] += bytes.size();
    }
    [[nodiscard]] std::size_t unsent() const override { return world_.unsent[number_]; }
    [[nodiscard]] std::size_t unacknowledged() const override {
      return world_.unacknowledged[number_];
    }
    void await(bool answer) override { world_.awaited[number_] = answer; }
    void start_tls(std::shared_ptr<const ssl_ctx::TlsRequest>, const std::string& name) override {
      world_.requests[number_].push_back("tls " + name);
    }
    void close() override { world_.requests[number_].push_back("close"); }

   private:
    FakeTransport& world_;
    std::size_t number_;
  };

  class FakeListener : public data_services::Listener {
   public:
    FakeListener(FakeTransport& world, std::size_t number) : world_(world), number_(number) {}
    ~FakeListener() override {
      world_.listeners_.erase(number_);
      world_.requests[number_].push_back("cut");
    }
    FakeListener(const FakeListener&) = delete;
    FakeListener& operator=(const FakeListener&) = delete;

    [[nodiscard]] data_services::Origin place() const override { return {"127.0.0.1", 40'001}; }

   private:
    FakeTransport& world_;
    std::size_t number_;
  };

  std::map<std::size_t, data_services::Listener::Events> listeners_;
  std::size_t made_ = 0;
  std::map<std::size_t, Events> events_;
};

}  // namespace support
