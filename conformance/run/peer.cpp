#include "conformance/run/peer.hpp"

#include <stdexcept>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <mqtt/async_client.h>

namespace conformance {
namespace {

constexpr auto limit = std::chrono::seconds(10);

void must(const mqtt::token_ptr& token, const std::string& what) {
  if (!token->wait_for(limit)) throw std::runtime_error("the broker does not answer: " + what);
}

}  // namespace

Peer::Peer(Loop& loop, const std::string& host, std::uint16_t port, const std::string& client_id)
    : self_(std::make_shared<Peer*>(this)),
      client_(
          std::make_unique<mqtt::async_client>(fmt::format("tcp://{}:{}", host, port), client_id)) {
  client_->set_message_callback([&loop,
                                 weak = std::weak_ptr(self_)](const mqtt::const_message_ptr& got) {
    Message message{got->get_topic(), got->get_payload_str(), got->get_qos(), got->is_retained()};
    boost::asio::post(loop.io(), [weak, message = std::move(message)] {
      const auto self = weak.lock();
      if (self && (*self)->messages.size() < max_messages) (*self)->messages.push_back(message);
    });
  });
  try {
    must(client_->connect(mqtt::connect_options_builder().clean_session(true).finalize()),
         "connect");
  } catch (const mqtt::exception& error) {
    throw std::runtime_error(std::string("the peer cannot connect: ") + error.what());
  }
}

Peer::~Peer() {
  self_.reset();
  try {
    if (client_->is_connected()) client_->disconnect()->wait_for(limit);
  } catch (const mqtt::exception&) {
    // The broker ended the link first.
  }
}

void Peer::subscribe(const std::string& topic, int qos) try {
  must(client_->subscribe(topic, qos), "subscribe");
} catch (const mqtt::exception& error) {
  throw std::runtime_error(std::string("the peer cannot subscribe: ") + error.what());
}

void Peer::publish(const Message& message) try {
  must(client_->publish(message.topic, message.payload.data(), message.payload.size(), message.qos,
                        message.retained),
       "publish");
} catch (const mqtt::exception& error) {
  throw std::runtime_error(std::string("the peer cannot publish: ") + error.what());
}

}  // namespace conformance
