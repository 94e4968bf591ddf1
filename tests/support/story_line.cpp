// One packet of a StoryBroker's story: the checks and the answers.
#include "tests/support/story_broker.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace support {

using mqtt_backend::Packet;
using std::chrono::milliseconds;

namespace {

/// A byte of CONNECT, counted from the one behind the protocol's name.
std::uint8_t connect_byte(const Packet& packet, std::size_t offset) {
  const std::size_t name = mqtt_backend::body_at(packet);
  return packet.at(name + 2 + mqtt_backend::read_u16(packet, name) + offset);
}

}  // namespace

StoryBroker::Line::~Line() {
  broker_.tell([&broker = broker_, type = type_, actions = std::move(actions_)] {
    const Packet packet = broker.hear(type);
    for (const auto& action : actions) action(packet);
  });
}

StoryBroker::Line& StoryBroker::Line::then(Action action) {
  actions_.push_back(std::move(action));
  return *this;
}

StoryBroker::Line& StoryBroker::Line::check(
    const std::string& name, const std::string& wanted,
    const std::function<std::string(const Packet&)>& found) {
  return then([=](const Packet& packet) {
    if (const auto is = found(packet); is != wanted)
      throw Deviation(
          fmt::format("expected {} {}, is {} in {}", name, wanted, is, described(packet)));
  });
}

StoryBroker::Line& StoryBroker::Line::id(std::uint16_t id) {
  return check("id", std::to_string(id),
               [](const Packet& p) { return std::to_string(mqtt_backend::id_of(p)); });
}

StoryBroker::Line& StoryBroker::Line::qos(int qos) {
  return check("qos", std::to_string(qos),
               [](const Packet& p) { return std::to_string(mqtt_backend::qos_of(p)); });
}

StoryBroker::Line& StoryBroker::Line::with_dup() {
  return check("DUP", "1", [](const Packet& p) { return mqtt_backend::dup_of(p) ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::without_dup() {
  return check("DUP", "0", [](const Packet& p) { return mqtt_backend::dup_of(p) ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::topic(const std::string& topic) {
  return check("topic", topic, [](const Packet& p) {
    return std::string(mqtt_backend::topic_of(p).value_or("(none)"));
  });
}

StoryBroker::Line& StoryBroker::Line::payload(const std::string& payload) {
  return check("payload", payload, [](const Packet& p) {
    const auto topic = mqtt_backend::topic_of(p).value_or("");
    const std::size_t id = mqtt_backend::qos_of(p) > 0 ? 2 : 0;
    const std::size_t at = mqtt_backend::body_at(p) + 2 + topic.size() + id;
    return std::string(p.begin() + static_cast<std::ptrdiff_t>(std::min(at, p.size())), p.end());
  });
}

StoryBroker::Line& StoryBroker::Line::version(int version) {
  return check("version", std::to_string(version),
               [](const Packet& p) { return std::to_string(connect_byte(p, 0)); });
}

StoryBroker::Line& StoryBroker::Line::clean(bool clean) {
  return check("clean", clean ? "1" : "0",
               [](const Packet& p) { return (connect_byte(p, 1) & 2u) != 0 ? "1" : "0"; });
}

StoryBroker::Line& StoryBroker::Line::keepalive(int seconds) {
  return check("keepalive", std::to_string(seconds), [](const Packet& p) {
    return std::to_string(connect_byte(p, 2) * 256 + connect_byte(p, 3));
  });
}

StoryBroker::Line& StoryBroker::Line::delay(milliseconds time) {
  return then([this_broker = &broker_, time](const Packet&) { this_broker->readable(-1, time); });
}

StoryBroker::Line& StoryBroker::Line::answer(const Reply& reply, int times) {
  return then([reply, times, this_broker = &broker_](const Packet& packet) {
    Packet all;
    for (int i = 0; i < times; ++i) {
      const Packet one = reply(packet);
      all.insert(all.end(), one.begin(), one.end());
    }
    this_broker->send(all);
  });
}

StoryBroker::Line& StoryBroker::Line::answer_bytewise(const Reply& reply) {
  return then([reply, this_broker = &broker_](const Packet& packet) {
    for (const auto byte : reply(packet)) {
      this_broker->send({byte});
      // Long enough for the reader to take it alone.
      this_broker->readable(-1, milliseconds(2));
    }
  });
}

StoryBroker::Line& StoryBroker::Line::answer_part(const Reply& reply, std::size_t size) {
  return then([reply, size, this_broker = &broker_](const Packet& packet) {
    const Packet whole = reply(packet);
    const auto border = whole.begin() + static_cast<std::ptrdiff_t>(size);
    this_broker->send({whole.begin(), border});
    this_broker->rest_.assign(border, whole.end());
  });
}

StoryBroker::Line& StoryBroker::Line::answer_rest() {
  return then([this_broker = &broker_](const Packet&) { this_broker->send(this_broker->rest_); });
}

StoryBroker::Line& StoryBroker::Line::keep() {
  return then(
      [this_broker = &broker_](const Packet& packet) { this_broker->kept_.push_back(packet); });
}

StoryBroker::Line& StoryBroker::Line::answer_kept(const Reply& reply) {
  return then([reply, this_broker = &broker_](const Packet&) {
    this_broker->send(reply(this_broker->kept_.front()));
    this_broker->kept_.pop_front();
  });
}

}  // namespace support
