// A Link whose events pass through the pump, so that the core sees them at the right virtual time,
// and none of an opening that is closed when that time has come; the loop learns that somebody
// beside the hosts has spoken.
// It stops reading from the broker while the hosts' ports have no room. Owned by the Modem in place
// of the link that it wraps.
#pragma once

#include "emulator/event_loop.hpp"
#include "emulator/port_pressure.hpp"
#include "emulator/pump.hpp"
#include "mqtt_backend/link.hpp"

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace emulator {

class PumpedLink : public mqtt_backend::Link, public PortPressure::Tap {
 public:
  PumpedLink(EventLoop& loop, Pump& pump, PortPressure& pressure,
             std::unique_ptr<mqtt_backend::Link> link)
      : loop_(loop), pump_(pump), pressure_(pressure), link_(std::move(link)) {
    pressure_.add(*this);
  }
  ~PumpedLink() override { pressure_.remove(*this); }
  PumpedLink(const PumpedLink&) = delete;
  PumpedLink& operator=(const PumpedLink&) = delete;

  void listen(Listener listener) override {
    link_->listen([this, deliver = std::move(listener)](mqtt_backend::LinkEvent event) {
      loop_.heard(this, Watchfulness::Speaker::peer);
      // What is due first may close the link.
      const auto closings = closings_;
      pump_.run([&] {
        if (closings == closings_) deliver(std::move(event));
      });
    });
  }
  void watch(Watcher watcher) override {
    link_->watch([this, tell = std::move(watcher)](mqtt_backend::Direction direction,
                                                   const mqtt_backend::PacketHeader& packet) {
      pump_.run([&] { tell(direction, packet); });
    });
  }
  void open(const mqtt_backend::Endpoint& endpoint) override { link_->open(endpoint); }
  void connect(const mqtt_backend::ConnectRequest& request) override { link_->connect(request); }
  mqtt_backend::Ticket subscribe(std::uint16_t msg_id,
                                 const std::vector<mqtt_backend::TopicFilter>& filters) override {
    return link_->subscribe(msg_id, filters);
  }
  mqtt_backend::Ticket unsubscribe(std::uint16_t msg_id,
                                   const std::vector<std::string>& topics) override {
    return link_->unsubscribe(msg_id, topics);
  }
  mqtt_backend::Ticket publish(mqtt_backend::PublishRequest request) override {
    return link_->publish(std::move(request));
  }
  void resend(mqtt_backend::Ticket ticket) override { link_->resend(ticket); }
  void ping() override { link_->ping(); }
  void disconnect() override { link_->disconnect(); }
  [[nodiscard]] bool delivered() const override { return link_->delivered(); }
  void back_pressure(bool on) override {
    client_is_full_ = on;
    apply();
  }
  void ports_full(bool full) override {
    ports_are_full_ = full;
    apply();
  }
  bool inject(std::vector<std::uint8_t> packet) override {
    return link_->inject(std::move(packet));
  }
  void close() override {
    ++closings_;
    link_->close();
  }

 private:
  void apply() { link_->back_pressure(client_is_full_ || ports_are_full_); }

  EventLoop& loop_;
  Pump& pump_;
  PortPressure& pressure_;
  std::unique_ptr<mqtt_backend::Link> link_;
  std::uint64_t closings_ = 0;
  bool client_is_full_ = false;
  bool ports_are_full_ = false;
};

}  // namespace emulator
