// Inbound QoS 2 messages between their PUBLISH and their PUBCOMP. Each link has a new MQTT library
// object that knows nothing of the last link; what that one had already confirmed with PUBREC is
// found here when the broker goes on with PUBREL. Owned by LinkPaho, lent to each Relay; pure.
#pragma once

#include "mqtt_backend/link/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace mqtt_backend {

class Qos2Store {
 public:
  /// Most bytes of messages kept at a time: more than brokers have in flight with packets as large
  /// as we accept.
  static constexpr std::size_t max_bytes = 64 * 1024 * 1024;

  /// What PUBREL for an id means now.
  enum class Release {
    unknown,   // no message with that id, or it was released before
    here,      // its PUBLISH passed on this link: the library has it
    inherited  // its PUBLISH came on a former link: the library must be given it first
  };

  /// A PUBLISH of qos 2 passed. False when the store is full.
  bool keep(const Packet& publish);

  /// PUBREL passed; a message is released once.
  Release release(std::uint16_t id);

  /// The application has the message.
  void delivered(std::uint16_t id);

  /// PUBCOMP passed: the message is done.
  void finish(std::uint16_t id);

  /// The PUBLISH with `id`, or nullptr.
  const Packet* find(std::uint16_t id) const;

  /// The link ended. What was delivered is not wanted again, the rest waits for its PUBREL.
  void next_link();

  void clear();
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Packet publish;
    bool here = true;
    bool released = false;
    bool delivered = false;
  };

  void erase(std::map<std::uint16_t, Entry>::iterator entry);

  std::map<std::uint16_t, Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace mqtt_backend
