// What the link tests stand on: an io_context with a PahoWorld, run by the test's thread until a
// condition holds, and Probe, a LinkPaho whose events are kept for the test to look at.
#pragma once

#include "mqtt_backend/link/link_paho.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace support {

struct LinkBench {
  /// Runs the loop until `done`; false when it does not come true in time.
  bool run_until(const std::function<bool()>& done,
                 std::chrono::milliseconds limit = std::chrono::seconds(5));
  /// Runs the loop for this long: to see that something does not happen.
  void run_for(std::chrono::milliseconds time);

  boost::asio::io_context io;
  mqtt_backend::PahoWorld world{io};
};

class Probe {
 public:
  explicit Probe(LinkBench& bench, mqtt_backend::LinkOptions options = {});

  /// Open and connect, each until its result. False when it fails.
  bool open(std::uint16_t port);
  bool connect(const mqtt_backend::ConnectRequest& request);
  bool up(std::uint16_t port, const std::string& client_id);

  /// Subscribe or publish until acknowledged.
  bool subscribe(std::uint16_t id, const std::string& topic, int qos);
  bool publish(std::uint16_t id, int qos, const std::string& topic, const std::string& payload);
  bool acked(mqtt_backend::Ticket ticket) const;
  bool disconnect();

  template <class Event>
  std::vector<Event> all() const {
    std::vector<Event> found;
    for (const auto& event : events) {
      if (const auto* match = std::get_if<Event>(&event)) found.push_back(*match);
    }
    return found;
  }
  /// Counts in place: a loop that waits asks after every event, and messages may be long.
  template <class Event>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(),
                      [](const auto& event) { return std::holds_alternative<Event>(event); }));
  }
  template <class Event>
  bool has() const {
    return count<Event>() > 0;
  }
  template <class Event>
  bool wait(std::size_t count = 1, std::chrono::milliseconds limit = std::chrono::seconds(5)) {
    return bench_.run_until([&] { return this->count<Event>() >= count; }, limit);
  }

  std::vector<mqtt_backend::LinkEvent> events;
  mqtt_backend::LinkPaho link;

 private:
  LinkBench& bench_;
};

/// A CONNECT request with a clean session of version 3.1.1.
mqtt_backend::ConnectRequest as_client(const std::string& client_id);

}  // namespace support
