// A link without a network: writes down what it is asked, as text, and says what a test tells it
// to.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/link.hpp"

#include <deque>
#include <map>
#include <string>

namespace support {

class FakeLink : public mqtt_backend::Link {
 public:
  explicit FakeLink(at::Timeline& timeline) : timeline_(timeline) {}

  /// What was asked and not yet looked at, oldest first: `publish id=7 qos=1 retain=0 "t" "hi"`.
  std::deque<std::string> requests;

  /// Delivers an event as the real link would: from outside any call.
  void say(mqtt_backend::LinkEvent event) { listener_(std::move(event)); }

  /// The ticket of the packet that was last sent with this msgID (0 when there is none).
  [[nodiscard]] mqtt_backend::Ticket ticket(int msg_id) const;

  void listen(Listener listener) override { listener_ = std::move(listener); }
  void open(const mqtt_backend::Endpoint& endpoint) override;
  void connect(const mqtt_backend::ConnectRequest& request) override;
  mqtt_backend::Ticket subscribe(std::uint16_t msg_id,
                                 const std::vector<mqtt_backend::TopicFilter>& filters) override;
  mqtt_backend::Ticket unsubscribe(std::uint16_t msg_id,
                                   const std::vector<std::string>& topics) override;
  mqtt_backend::Ticket publish(const mqtt_backend::PublishRequest& request) override;
  void resend(mqtt_backend::Ticket ticket) override;
  void ping() override;
  void disconnect() override;
  void close() override;

 private:
  mqtt_backend::Ticket sent(int msg_id, std::string request);
  void written();

  at::Timeline& timeline_;
  Listener listener_;
  mqtt_backend::Ticket last_ticket_ = 0;
  std::map<int, mqtt_backend::Ticket> tickets_;
  std::map<mqtt_backend::Ticket, int> ids_;
  bool up_ = false;
};

}  // namespace support
