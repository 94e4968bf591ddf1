#include "mqtt_backend/link/paho_client.hpp"

#include <cassert>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {
namespace {

// Time limits are the relay's; the library's own must never end first.
constexpr auto never = std::chrono::seconds(3600);
constexpr int max_inflight = 65535;

mqtt::connect_options options_for(const ConnectRequest& request) {
  mqtt::connect_options options;
  options.set_mqtt_version(request.version);
  options.set_keep_alive_interval(0);
  options.set_clean_session(true);
  options.set_connect_timeout(never);
  options.set_max_inflight(max_inflight);
  options.set_automatic_reconnect(false);
  // The library leaves an empty username out; the relay puts it in.
  if (request.username) options.set_user_name(request.username->empty() ? "-" : *request.username);
  if (request.password) options.set_password(*request.password);
  if (const auto& will = request.will)
    options.set_will(mqtt::will_options(will->topic, will->message.data(), will->message.size(),
                                        will->qos, will->retain));
  return options;
}

}  // namespace

// Answers of the library to single calls. Only that of connect matters: everything else is known
// from the packets themselves.
class PahoClient::Actions {
 public:
  explicit Actions(std::weak_ptr<PahoClient> owner) : connect(std::move(owner)) {}

  struct Ignore : mqtt::iaction_listener {
    void on_failure(const mqtt::token&) override {}
    void on_success(const mqtt::token&) override {}
  };

  struct Connect : Ignore {
    explicit Connect(std::weak_ptr<PahoClient> client) : owner(std::move(client)) {}
    void on_success(const mqtt::token&) override {
      if (const auto client = owner.lock()) client->on_connected();
    }
    void on_failure(const mqtt::token& token) override {
      if (const auto client = owner.lock())
        client->report(&Events::not_connected, fmt::format("the mqtt library could not connect: {}",
                                                           token.get_return_code()));
    }
    std::weak_ptr<PahoClient> owner;
  };

  Connect connect;
  Ignore ignore;
};

PahoClient::PahoClient(boost::asio::io_context& io, PahoThread& api, Events events)
    : io_(io), api_(api), events_(std::move(events)) {
  api_.count_user(1);
}

PahoClient::~PahoClient() { assert(!client_); }

void PahoClient::connect(const std::string& uri, const std::string& nonce,
                         const ConnectRequest& request) {
  post([uri, nonce, request](PahoClient& self) { self.open(uri, nonce, request); });
}

void PahoClient::subscribe(const std::vector<TopicFilter>& filters) {
  request([filters](PahoClient& self) {
    auto topics = std::make_shared<mqtt::string_collection>();
    mqtt::async_client::qos_collection qos;
    for (const auto& filter : filters) {
      topics->push_back(filter.topic);
      qos.push_back(filter.qos);
    }
    self.client_->subscribe(std::move(topics), qos, nullptr, self.actions_->ignore);
  });
}

void PahoClient::unsubscribe(const std::vector<std::string>& topics) {
  request([topics](PahoClient& self) {
    auto list = std::make_shared<mqtt::string_collection>();
    for (const auto& topic : topics) list->push_back(topic);
    self.client_->unsubscribe(std::move(list), nullptr, self.actions_->ignore);
  });
}

void PahoClient::publish(PublishRequest asked) {
  const std::size_t bytes = asked.topic.size() + asked.payload.size();
  auto job = [wanted = std::move(asked)](PahoClient& self) {
    auto message = mqtt::make_message(wanted.topic, wanted.payload.data(), wanted.payload.size(),
                                      wanted.qos, wanted.retain);
    self.client_->publish(std::move(message), nullptr, self.actions_->ignore);
  };
  request(std::move(job), bytes);
}

void PahoClient::disconnect() {
  // The link may end first; then there is nothing to disconnect, which is no fault.
  request([](PahoClient& self) {
    try {
      self.client_->disconnect(0, nullptr, self.actions_->ignore);
    } catch (const mqtt::exception& error) {
      spdlog::debug("mqtt library, disconnect: {}", error.what());
    }
  });
}

void PahoClient::drop() {
  if (std::exchange(dropped_, true)) return;
  api_.post_always([self = shared_from_this()] {
    self->client_.reset();
    self->api_.count_user(-1);
  });
}

void PahoClient::request(Job job, std::size_t bytes) {
  if (ready_) return call(std::move(job), bytes);
  if (waiting_.size() >= max_waiting || waiting_bytes_ + bytes > max_waiting_bytes)
    return report(&Events::failed, "too many requests wait");
  waiting_.push_back({std::move(job), bytes});
  waiting_bytes_ += bytes;
}

void PahoClient::call(Job job, std::size_t bytes) {
  if (dropped_) return;
  if (posted_ == 0 && api_.can_be_spared()) return run(job);
  post(std::move(job), bytes);
}

void PahoClient::post(Job job, std::size_t bytes) {
  ++posted_;
  auto guarded = [self = shared_from_this(), job = std::move(job)] {
    self->run(job);
    --self->posted_;
  };
  if (api_.post(std::move(guarded), bytes)) return;
  --posted_;
  report(&Events::failed, "too many calls wait for the mqtt library");
}

void PahoClient::run(const Job& job) {
  try {
    job(*this);
  } catch (const std::exception& error) {
    report(&Events::failed, error.what());
  }
}

void PahoClient::open(const std::string& uri, const std::string& nonce,
                      const ConnectRequest& request) {
  actions_ = std::make_unique<Actions>(weak_from_this());
  mqtt::create_options limits(MQTTVERSION_DEFAULT, max_inflight);
  limits.set_send_while_disconnected(false);
  client_ = std::make_unique<mqtt::async_client>(uri, nonce, limits, nullptr);
  client_->set_message_callback([weak = weak_from_this()](const mqtt::const_message_ptr& message) {
    if (const auto self = weak.lock()) self->on_message(message);
  });
  client_->connect(options_for(request), nullptr, actions_->connect);
}

void PahoClient::on_connected() noexcept {
  try {
    boost::asio::post(io_, [self = shared_from_this()] {
      if (self->dropped_) return;
      self->ready_ = true;
      self->waiting_bytes_ = 0;
      for (auto& [job, bytes] : std::exchange(self->waiting_, {}))
        self->call(std::move(job), bytes);
    });
  } catch (...) {
    report(&Events::failed, "the connection could not be taken over");
  }
}

void PahoClient::on_message(const mqtt::const_message_ptr& message) noexcept {
  try {
    PahoMessage copy{message->get_qos(), message->is_retained(), message->get_topic(),
                     message->to_string()};
    const std::lock_guard lock(messages_mutex_);
    messages_.push_back(std::move(copy));
    // One that waits already takes this one with it.
    if (messages_.size() == 1)
      boost::asio::post(io_, [self = shared_from_this()] { self->deliver(); });
  } catch (...) {
    report(&Events::failed, "a message could not be taken over");
  }
}

void PahoClient::deliver() {
  std::vector<PahoMessage> messages;
  {
    const std::lock_guard lock(messages_mutex_);
    messages.swap(messages_);
  }
  for (auto& message : messages)
    if (!dropped_) events_.message(std::move(message));
}

void PahoClient::report(std::function<void(const std::string&)> Events::*event,
                        const std::string& why) noexcept {
  try {
    boost::asio::post(io_, [self = shared_from_this(), event, why] {
      if (!self->dropped_) (self->events_.*event)(why);
    });
  } catch (...) {
    spdlog::error("mqtt library: {}", why);
  }
}

}  // namespace mqtt_backend
