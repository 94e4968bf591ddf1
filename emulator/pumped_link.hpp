// A Link whose events pass through the pump, so that the core sees them at the right virtual time.
// Owned by the Modem in place of the link that it wraps.
#pragma once

#include "emulator/pump.hpp"
#include "mqtt_backend/link.hpp"

#include <memory>
#include <utility>

namespace emulator {

class PumpedLink : public mqtt_backend::Link {
 public:
  PumpedLink(Pump& pump, std::unique_ptr<mqtt_backend::Link> link)
      : pump_(pump), link_(std::move(link)) {}

  void listen(Listener listener) override {
    link_->listen([this, deliver = std::move(listener)](mqtt_backend::LinkEvent event) {
      pump_.run([&] { deliver(std::move(event)); });
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
  void back_pressure(bool on) override { link_->back_pressure(on); }
  void close() override { link_->close(); }

 private:
  Pump& pump_;
  std::unique_ptr<mqtt_backend::Link> link_;
};

}  // namespace emulator
