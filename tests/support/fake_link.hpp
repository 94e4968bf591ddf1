// A link without a network: writes down what it is asked, as text, and says what a test tells it
// to.
#pragma once

#include "at_engine/timeline.hpp"
#include "mqtt_backend/link.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace support {

/// One request in numbers, for a broker that answers by itself.
struct Asked {
  enum class What {
    open,
    connect,
    subscribe,
    unsubscribe,
    publish,
    resend,
    ping,
    disconnect,
    back_pressure,
    close
  };
  What what{};
  mqtt_backend::Ticket ticket = 0;
  int msg_id = 0;
  int qos = 0;
  std::vector<int> codes{};  // SUBSCRIBE: the qos asked, one a topic
  std::string text{};        // host of an open, client id, or payload of a PUBLISH
  int detour = 0;            // of an open
};

class FakeLink : public mqtt_backend::Link {
 public:
  explicit FakeLink(at::Timeline& timeline) : timeline_(timeline) {}

  /// What was asked and not yet looked at, oldest first: `publish id=7 qos=1 retain=0 "t" "hi"`.
  std::deque<std::string> requests;

  /// When set, takes the requests instead of `requests`. Must not say() from inside.
  std::function<void(const Asked&)> asked;

  /// True from open() to close() or to the event that ends the link.
  [[nodiscard]] bool up() const { return up_ && !dead_; }

  /// What was to be taken in as though it were the broker's, and whether it can be.
  std::vector<std::vector<std::uint8_t>> injected;
  bool takes_injected = true;

  /// When set, takes those in place of `injected` and says whether they can be. Must not say() from
  /// inside.
  std::function<bool(std::vector<std::uint8_t> packet)> takes;

  /// False: what is written is not acknowledged by the peer's TCP.
  bool reaches_peer = true;

  /// Delivers an event as the real link would: from outside any call.
  void say(mqtt_backend::LinkEvent event);

  /// A packet passes. False when nobody wants to know.
  bool pass(mqtt_backend::Direction direction, const mqtt_backend::PacketHeader& packet);

  /// The ticket of the packet that was last sent with this msgID (0 when there is none).
  [[nodiscard]] mqtt_backend::Ticket ticket(int msg_id) const;

  void listen(Listener listener) override { listener_ = std::move(listener); }
  void watch(Watcher watcher) override { watcher_ = std::move(watcher); }
  void open(const mqtt_backend::Endpoint& endpoint) override;
  void connect(const mqtt_backend::ConnectRequest& request) override;
  mqtt_backend::Ticket subscribe(std::uint16_t msg_id,
                                 const std::vector<mqtt_backend::TopicFilter>& filters) override;
  mqtt_backend::Ticket unsubscribe(std::uint16_t msg_id,
                                   const std::vector<std::string>& topics) override;
  mqtt_backend::Ticket publish(mqtt_backend::PublishRequest request) override;
  void resend(mqtt_backend::Ticket ticket) override;
  void ping() override;
  void disconnect() override;
  [[nodiscard]] bool delivered() const override { return reaches_peer; }
  void back_pressure(bool on) override;
  bool inject(std::vector<std::uint8_t> packet) override {
    if (takes) return takes(std::move(packet));
    injected.push_back(std::move(packet));
    return takes_injected;
  }
  void close() override;

 private:
  mqtt_backend::Ticket next_ticket(int msg_id, bool tells_when_written = true);
  void written();
  bool tell(const Asked& request) const;

  at::Timeline& timeline_;
  Listener listener_;
  Watcher watcher_;
  mqtt_backend::Ticket last_ticket_ = 0;
  std::map<int, mqtt_backend::Ticket> tickets_;
  std::map<mqtt_backend::Ticket, int> ids_;
  bool up_ = false;
  bool dead_ = false;  // went down by itself; the close() that follows is still written down
  std::uint64_t opening_ = 0;  // counts the openings
};

}  // namespace support
