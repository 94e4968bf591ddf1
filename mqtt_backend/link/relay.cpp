#include "mqtt_backend/link/relay.hpp"

#include "mqtt_backend/link/connect_packet.hpp"
#include "mqtt_backend/link/server_rules.hpp"

#include <chrono>
#include <utility>

#include <boost/asio/error.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mqtt_backend {
namespace {

// Waits without any packet from the library until it counts as stuck (5 s of running time).
constexpr unsigned max_waits = 1000;
// Waits until the relay writes DISCONNECT itself (50 ms).
constexpr unsigned max_disconnect_waits = 10;
// Objects of the library tried for one CONNECT.
constexpr unsigned max_attempts = 5;
// Before the second of them; four times as long before each further one (0.85 s in all).
constexpr auto first_retry = std::chrono::milliseconds(10);
// Well above any CONNECT or PUBLISH that a host can type.
constexpr std::size_t max_library_packet = 1024 * 1024;
constexpr auto drain_limit = std::chrono::milliseconds(100);

DownReason reason_for(const boost::system::error_code& error, std::optional<PacketType> unsent) {
  if (unsent == PacketType::connect) return DownReason::connect_unsent;
  if (unsent == PacketType::pingreq) return DownReason::ping_unsent;
  namespace failure = boost::asio::error;
  if (error == failure::timed_out || error == failure::host_unreachable ||
      error == failure::network_unreachable || error == failure::network_down)
    return DownReason::unreachable;
  return DownReason::peer_closed;
}

}  // namespace

Relay::Relay(PahoWorld& world, std::unique_ptr<net::Stream> link, std::size_t packet_cap,
             Events events, Clocks clocks)
    : Source(std::move(clocks.activity)),
      world_(world),
      events_(std::move(events)),
      link_(std::make_shared<PacketStream>(std::move(link), packet_cap, PacketStream::Acks::normal,
                                           is_server_header)),
      stand_in_(world.io(), std::move(clocks.module), [this] { ping_as_stand_in(); }),
      watch_(world, {[this] { return library_owes(); },
                     [this](unsigned waits) { return wait_on(waits); }}),
      retry_(world.io()),
      drain_(world.io()) {}

void Relay::start() {
  const auto with_self = [weak = weak_from_this()](auto action) {
    if (const auto self = weak.lock()) action(*self);
  };
  PacketStream::Events events;
  const auto take = [with_self](Packet packet) {
    with_self([&](Relay& self) { self.on_link_packet(std::move(packet)); });
  };
  events.packet = [weak = weak_from_this(), take, gate = events_.gate](Packet packet) {
    if (const auto self = weak.lock(); !self || !self->came(packet)) return;
    if (gate)
      gate(std::move(packet), take);
    else
      take(std::move(packet));
  };
  events.broken = [with_self](const std::string& fault) {
    with_self([&](Relay& self) { self.down(DownReason::protocol_error, fault); });
  };
  events.written = [with_self](const Packet& packet, std::uint64_t tag) {
    with_self([&](Relay& self) { self.on_link_written(packet, tag); });
  };
  events.ended = [with_self](boost::system::error_code error, std::optional<PacketType> unsent) {
    with_self([&](Relay& self) { self.on_link_ended(error, unsent); });
  };
  link_->start(std::move(events));
}

void Relay::connect(const ConnectRequest& request, std::shared_ptr<Qos2Store> store) {
  if (state_ != State::established) return;
  state_ = State::connecting;
  request_ = request;
  store_ = std::move(store);
  start_library();
}

void Relay::start_library() {
  const auto weak = weak_from_this();
  nonce_ = world_.hop().expect([weak](boost::asio::ip::tcp::socket socket, const Packet& packet) {
    if (const auto self = weak.lock()) self->start_hop(std::move(socket), packet);
  });
  if (nonce_.empty()) return down(DownReason::internal, "no random numbers for the loopback hop");
  PahoClient::Events events;
  events.message = [weak](PahoMessage message) {
    if (const auto self = weak.lock()) self->on_library_message(std::move(message));
  };
  events.failed = [weak](const std::string& why) {
    if (const auto self = weak.lock())
      self->down(DownReason::internal, "the mqtt library refused a call: " + why);
  };
  events.not_connected = [weak](const std::string& why) {
    const auto self = weak.lock();
    if (self && self->state_ == State::connecting && !self->hop_) self->restart_library(why);
  };
  library_ = std::make_shared<PahoClient>(world_.io(), world_.api(), std::move(events));
  library_->connect(world_.uri(), nonce_, request_);
  watch_.start();
}

// The library may take the end of a former object's socket for that of the new one, when the system
// gives out the same descriptor again. Nothing has reached the broker yet.
void Relay::restart_library(const std::string& why) {
  if (++attempts_ >= max_attempts) return down(DownReason::internal, why);
  spdlog::warn("mqtt link: {}, trying again", why);
  world_.hop().forget(std::exchange(nonce_, {}));
  std::exchange(library_, nullptr)->drop();
  retry_.expires_after(first_retry * (1U << (2 * (attempts_ - 1))));
  retry_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->state_ == State::connecting) self->start_library();
  });
}

void Relay::start_hop(boost::asio::ip::tcp::socket socket, const Packet& connect) {
  if (state_ != State::connecting) return;
  hop_ = std::make_shared<PacketStream>(std::make_unique<net::TcpStream>(std::move(socket)),
                                        max_library_packet, PacketStream::Acks::quick);
  const auto weak = weak_from_this();
  PacketStream::Events events;
  events.packet = [weak](Packet packet) {
    if (const auto self = weak.lock()) self->on_hop_packet(std::move(packet));
  };
  events.broken = [weak](const std::string& fault) {
    if (const auto self = weak.lock())
      self->down(DownReason::internal, "from the mqtt library: " + fault);
  };
  events.written = [weak](const Packet&, std::uint64_t) {
    // It may come after the library has delivered what was written.
    if (const auto self = weak.lock()) self->apply_back_pressure();
  };
  events.ended = [weak](boost::system::error_code, std::optional<PacketType>) {
    if (const auto self = weak.lock()) self->on_hop_ended();
  };
  hop_->start(std::move(events));
  auto rewritten =
      with_fields(connect, {request_.client_id, request_.keepalive, request_.clean_session,
                            request_.username == std::string{}});
  if (!rewritten) return down(DownReason::internal, "the mqtt library sent a malformed CONNECT");
  stand_in_.connect(std::chrono::seconds(request_.keepalive));
  to_link(std::move(*rewritten));
}

void Relay::subscribe(Ticket ticket, std::uint16_t msg_id,
                      const std::vector<TopicFilter>& filters) {
  Flight flight;
  flight.type = PacketType::subscribe;
  flight.topics = filters.size();
  if (expect(ticket, flight, msg_id)) library_->subscribe(filters);
}

void Relay::unsubscribe(Ticket ticket, std::uint16_t msg_id,
                        const std::vector<std::string>& topics) {
  Flight flight;
  flight.type = PacketType::unsubscribe;
  if (expect(ticket, flight, msg_id)) library_->unsubscribe(topics);
}

void Relay::publish(Ticket ticket, PublishRequest request) {
  Flight flight;
  flight.type = PacketType::publish;
  flight.qos = request.qos;
  if (expect(ticket, flight, request.msg_id)) library_->publish(std::move(request));
}

bool Relay::expect(Ticket ticket, const Flight& flight, std::uint16_t msg_id) {
  if (state_ != State::connected) return false;
  if (!flights_.expect(ticket, flight, msg_id)) {
    down(DownReason::internal, "too many exchanges on one link");
    return false;
  }
  watch_.start();
  return true;
}

void Relay::resend(Ticket ticket) {
  Flight* flight = state_ == State::connected ? flights_.find(ticket) : nullptr;
  // What the library has not handed over yet will pass by itself.
  if (flight == nullptr || flight->packet.empty()) return;
  if (flight->received && flight->pubrel.empty()) return;
  Packet again = flight->received ? flight->pubrel : flight->packet;
  if (type_of(again) == PacketType::subscribe) repeated_subscribes_.insert(flight->wire_id);
  const bool with_dup = type_of(again) == PacketType::publish || request_.version == 3;
  if (with_dup) set_dup(again, true);
  awaited_.sent(again);
  if (!link_->send(std::move(again)))
    spdlog::warn("mqtt link is stalled: a repeated packet was left out");
}

void Relay::ping() {
  if (state_ != State::connected) return;
  ++pings_;
  to_link(bare_packet(PacketType::pingreq));
}

void Relay::disconnect() {
  switch (state_) {
    case State::disconnecting:
      return;
    case State::closed:
      return emit(link_event::Disconnected{true});
    case State::connected:
      state_ = State::disconnecting;
      watch_.heard();
      library_->disconnect();
      watch_.start();
      return;
    default:
      end(link_event::Disconnected{true});
  }
}

void Relay::send_disconnect() {
  disconnect_passed_ = true;
  to_link(bare_packet(PacketType::disconnect));
}

void Relay::cut() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  link_->close();
  if (hop_) hop_->reset();
  if (!nonce_.empty()) world_.hop().forget(nonce_);
  if (library_) library_->drop();
  if (store_) store_->next_link();
  watch_.stop();
  stand_in_.stop();
  retry_.cancel();
  drain_.cancel();
}

void Relay::end(LinkEvent event) {
  cut();
  emit(std::move(event));
}

void Relay::down(DownReason reason, std::string detail) {
  if (state_ == State::closed || state_ == State::draining) return;
  // The refusal was reported and all that follows belongs to it; closing is up to the Client.
  if (state_ == State::refused) return link_->close();
  if (reason == DownReason::internal) spdlog::error("mqtt link: {}", detail);
  if (state_ == State::disconnecting) return end(link_event::Disconnected{false});
  if (reason == DownReason::internal || deliveries_.empty())
    return end(link_event::Down{reason, std::move(detail)});
  // What the broker sent before it went comes before the news that it went.
  state_ = State::draining;
  draining_for_ = link_event::Down{reason, std::move(detail)};
  link_->close();
  drain_.expires_after(drain_limit);
  drain_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->state_ == State::draining) self->end(*self->draining_for_);
  });
}

void Relay::to_link(Packet packet, std::uint64_t tag) {
  if (state_ == State::closed || state_ == State::draining) return;
  awaited_.sent(packet);
  if (!link_->send(std::move(packet), tag))
    return down(DownReason::internal, "too much waits to be sent");
  apply_back_pressure();
}

void Relay::to_hop(Packet packet) {
  if (state_ == State::closed || !hop_) return;
  if (!hop_->send(std::move(packet)))
    return down(DownReason::internal, "too much waits for the mqtt library");
  apply_back_pressure();
}

void Relay::show(Direction direction, const Packet& packet) const {
  if (events_.packet) events_.packet(direction, header_of(packet));
}

void Relay::on_link_written(const Packet& packet, std::uint64_t tag) {
  if (tag == stand_in_tag) return stand_in_.stood_in();
  show(Direction::sent, packet);
  if (state_ == State::closed) return;
  stand_in_.sent();
  if (type_of(packet) == PacketType::disconnect) {
    link_->finish();
    return end(link_event::Disconnected{true});
  }
  if (tag != 0) {
    flights_.finish(tag);
    emit(link_event::Acked{tag, {}});
  } else {
    emit(link_event::Sent{});
  }
  apply_back_pressure();
}

void Relay::on_link_ended(const boost::system::error_code& error,
                          std::optional<PacketType> unsent) {
  const bool fin = error == boost::asio::error::eof;
  down(reason_for(error, unsent), fin ? "closed by the peer" : error.message());
}

bool Relay::wait_on(unsigned waits) {
  if (state_ == State::disconnecting && waits >= max_disconnect_waits) {
    send_disconnect();
    return false;
  }
  if (waits < max_waits) return true;
  down(DownReason::internal, "the mqtt library is stuck");
  return false;
}

bool Relay::library_owes() const {
  if (hop_ && hop_->held()) return false;
  switch (state_) {
    case State::connecting:
      return !hop_;
    case State::connected:
      return flights_.expecting();
    case State::disconnecting:
      return !disconnect_passed_;
    default:
      return false;
  }
}

void Relay::back_pressure(bool on) {
  client_is_full_ = on;
  apply_back_pressure();
}

// Who reads faster than the other side takes has to wait.
void Relay::apply_back_pressure() {
  // Well above the Client's window of five packets of 1500 bytes.
  constexpr std::size_t link_backlog = 64 * 1024;
  constexpr std::size_t hop_backlog = 512 * 1024;
  if (!hop_ || state_ == State::closed || state_ == State::draining) return;
  const bool hold_hop = link_->backlog() > link_backlog;
  if (hold_hop != hop_->held()) {
    hop_->hold(hold_hop);
    if (!hold_hop) watch_.start();
  }
  const bool hold_link = hop_->backlog() > hop_backlog || deliveries_.full() || client_is_full_;
  if (hold_link != link_->held()) link_->hold(hold_link);
}

}  // namespace mqtt_backend
