#include "mqtt_backend/link/link_paho.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {
namespace {

OpenResult result_for(net::Dialer::Failure failure) {
  switch (failure) {
    case net::Dialer::Failure::unresolved:
      return OpenResult::unresolved;
    case net::Dialer::Failure::refused:
      return OpenResult::refused;
    case net::Dialer::Failure::tls_failed:
      return OpenResult::tls_failed;
    case net::Dialer::Failure::local_port_taken:
    case net::Dialer::Failure::unreachable:
    case net::Dialer::Failure::timed_out:
      break;
  }
  return OpenResult::unreachable;
}

}  // namespace

// What is left of one opening. Events under way share it; once abandoned, they come to nothing.
struct LinkPaho::Opening {
  std::shared_ptr<Relay> relay;
  bool abandoned = false;
};

LinkPaho::LinkPaho(PahoWorld& world, LinkOptions options)
    : world_(world),
      packet_cap_(options.packet_cap),
      gate_(std::move(options.gate)),
      clocks_{options.dialer.activity, std::move(options.module_time)},
      dialer_(world.io(), std::move(options.dialer)) {}

LinkPaho::~LinkPaho() {
  close();
  if (watcher_) *watcher_ = nullptr;
}

void LinkPaho::listen(Listener listener) { *listener_ = std::move(listener); }

void LinkPaho::watch(Watcher watcher) { watcher_ = std::make_shared<Watcher>(std::move(watcher)); }

Link::Watcher LinkPaho::posting_watcher() const {
  if (!watcher_) return nullptr;
  return [&io = world_.io(), watcher = watcher_](Direction direction, const PacketHeader& packet) {
    boost::asio::post(io, [watcher, direction, packet] {
      if (*watcher) (*watcher)(direction, packet);
    });
  };
}

void LinkPaho::open(const Endpoint& endpoint) {
  close();
  opening_ = std::make_shared<Opening>();
  endpoint_ = endpoint;
  if (!world_.warm_up()) return fail(OpenResult::unreachable, "no loopback listener");
  net::Dialer::Events events;
  events.negotiating = [this] { post(link_event::Negotiating{}); };
  events.established = [this](std::unique_ptr<net::Stream> stream) {
    establish(std::move(stream));
  };
  events.failed = [this](net::Dialer::Failure failure, const std::string& detail) {
    fail(result_for(failure), detail);
  };
  // The limit is the Client's, in its own time.
  dialer_.dial({endpoint.host, endpoint.port, endpoint.tls, endpoint.detour, endpoint.name_servers,
                0, endpoint.cid},
               {}, std::move(events));
}

void LinkPaho::establish(std::unique_ptr<net::Stream> stream) {
  auto [version, suite] = stream->security();
  opening_->relay = std::make_shared<Relay>(
      world_, std::move(stream), packet_cap_,
      Relay::Events{[this](LinkEvent event) { post(std::move(event)); }, posting_watcher(), gate_},
      clocks_);
  opening_->relay->start();
  post(link_event::Opened{OpenResult::ok, {std::move(version), std::move(suite)}});
}

void LinkPaho::fail(OpenResult result, const std::string& detail) {
  spdlog::info("mqtt open {}:{} failed: {}", endpoint_.host, endpoint_.port, detail);
  post(link_event::Opened{result});
}

void LinkPaho::connect(const ConnectRequest& request) {
  if (!opening_ || !opening_->relay) return;
  std::string session = fmt::format("{}:{} {}", endpoint_.host, endpoint_.port, request.client_id);
  if (request.clean_session || session != session_) store_->clear();
  session_ = std::move(session);
  opening_->relay->connect(request, store_);
}

Ticket LinkPaho::subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->subscribe(ticket, msg_id, filters);
  return ticket;
}

Ticket LinkPaho::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->unsubscribe(ticket, msg_id, topics);
  return ticket;
}

Ticket LinkPaho::publish(PublishRequest request) {
  const Ticket ticket = ++last_ticket_;
  if (opening_ && opening_->relay) opening_->relay->publish(ticket, std::move(request));
  return ticket;
}

void LinkPaho::resend(Ticket ticket) {
  if (opening_ && opening_->relay) opening_->relay->resend(ticket);
}

void LinkPaho::ping() {
  if (opening_ && opening_->relay) opening_->relay->ping();
}

void LinkPaho::disconnect() {
  if (opening_ && opening_->relay) return opening_->relay->disconnect();
  close();
  opening_ = std::make_shared<Opening>();
  post(link_event::Disconnected{true});
}

bool LinkPaho::delivered() const {
  return !opening_ || !opening_->relay || opening_->relay->delivered();
}

void LinkPaho::back_pressure(bool on) {
  if (opening_ && opening_->relay) opening_->relay->back_pressure(on);
}

bool LinkPaho::inject(std::vector<std::uint8_t> packet) {
  return opening_ && opening_->relay && opening_->relay->inject(std::move(packet));
}

void LinkPaho::close() {
  dialer_.cancel();
  if (!opening_) return;
  const auto old = std::exchange(opening_, nullptr);
  old->abandoned = true;
  if (old->relay) old->relay->cut();
}

void LinkPaho::post(LinkEvent event) {
  boost::asio::post(world_.io(),
                    [opening = opening_, listener = listener_, event = std::move(event)]() mutable {
                      if (!opening->abandoned && *listener) (*listener)(std::move(event));
                    });
}

}  // namespace mqtt_backend
