// Another MQTT client at the suite's mosquitto: what the unit publishes arrives here, and what it
// should receive comes from here. Eclipse Paho; its threads only post to the loop.
#pragma once

#include "conformance/run/loop.hpp"

#include <deque>
#include <memory>
#include <string>

namespace mqtt {
class async_client;
}

namespace conformance {

class Peer {
 public:
  struct Message {
    std::string topic;
    std::string payload;
    int qos = 0;
    bool retained = false;
  };

  /// Connects to the broker; throws std::runtime_error when that fails.
  Peer(Loop& loop, const std::string& host, std::uint16_t port, const std::string& client_id);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// These throw std::runtime_error when the broker does not take it.
  void subscribe(const std::string& topic, int qos);
  void publish(const Message& message);

  /// Arrived and not taken yet.
  std::deque<Message> messages;

 private:
  static constexpr std::size_t max_messages = 100'000;

  std::shared_ptr<Peer*> self_;  // what late callbacks look through
  std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace conformance
