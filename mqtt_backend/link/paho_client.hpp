// One object of the MQTT library, for one QMTCONN: made and destroyed on the API thread, used there
// or, while the library's lock is free enough, on the io thread; never connected twice. Its
// callbacks copy and post to the io thread. Made by a Relay, which must call drop() before it lets
// go.
#pragma once

#include "mqtt_backend/link.hpp"
#include "mqtt_backend/link/paho_thread.hpp"
#include "mqtt_backend/link/queue.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <mqtt/async_client.h>

namespace mqtt_backend {

/// An application message as the library delivers it, without the broker's identifier.
struct PahoMessage {
  int qos = 0;
  bool retain = false;
  std::string topic;
  std::string payload;
};

class PahoClient : public std::enable_shared_from_this<PahoClient> {
 public:
  /// Both run on the io thread.
  struct Events {
    std::function<void(PahoMessage)> message;
    /// A call was refused by the library.
    std::function<void(const std::string& why)> failed;
    /// connect() ended without a connection (CONNACK code, or the hop was not reached).
    std::function<void(const std::string& why)> not_connected;
  };

  /// Requests that may wait for the connection.
  static constexpr std::size_t max_waiting = 1024;
  /// And the bytes of their topics and payloads.
  static constexpr std::size_t max_waiting_bytes = 4 * 1024 * 1024;

  PahoClient(boost::asio::io_context& io, PahoThread& api, Events events);
  ~PahoClient();

  /// Creates the library's object with `nonce` as client id and connects it to `uri`. Requests made
  /// before the library has taken notice of its CONNACK wait for that.
  void connect(const std::string& uri, const std::string& nonce, const ConnectRequest& request);
  void subscribe(const std::vector<TopicFilter>& filters);
  void unsubscribe(const std::vector<std::string>& topics);
  void publish(PublishRequest asked);
  void disconnect();

  /// Destroys the library's object. No event comes afterwards.
  void drop();

 private:
  class Actions;

  using Job = std::function<void(PahoClient&)>;
  struct Waiting {
    Job job;
    std::size_t bytes;
  };

  void request(Job job, std::size_t bytes = 0);
  void call(Job job, std::size_t bytes = 0);
  void post(Job job, std::size_t bytes = 0);
  void run(const Job& job);
  void on_connected() noexcept;
  void open(const std::string& uri, const std::string& nonce, const ConnectRequest& request);
  void on_message(const mqtt::const_message_ptr& message) noexcept;
  void deliver();
  void report(std::function<void(const std::string&)> Events::*event,
              const std::string& why) noexcept;

  boost::asio::io_context& io_;
  PahoThread& api_;
  const Events events_;
  bool dropped_ = false;
  std::atomic<int> posted_ = 0;  // jobs that the API thread has not run to the end
  bool ready_ = false;
  Queue<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  // What the library has delivered and the io thread has not seen; who let it in bounds it.
  std::mutex messages_mutex_;
  std::vector<PahoMessage> messages_;
  // The library's object refers to these listeners until it is destroyed.
  std::unique_ptr<Actions> actions_;
  std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace mqtt_backend
