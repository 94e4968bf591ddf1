#include "emulator/faults/faulty_link.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace emulator::faults {

using mqtt_backend::DownReason;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;
using mqtt_backend::Ticket;
namespace link_event = mqtt_backend::link_event;

namespace {

/// Tickets of what a deaf link never sent; links do not count so far.
constexpr Ticket first_lost_ticket = Ticket{1} << 62U;

/// Of a packet beside its topics and payload: fixed header, lengths and an id.
constexpr std::size_t packet_overhead = 6;

std::size_t size_of(const LinkEvent& event) {
  const auto* message = std::get_if<link_event::Message>(&event);
  return message == nullptr ? 0 : message->topic.size() + message->payload.size();
}

/// Events that are no bytes of the broker take no time on the line.
std::size_t bytes_of(const LinkEvent& event) {
  const bool of_broker = std::holds_alternative<link_event::Message>(event) ||
                         std::holds_alternative<link_event::Acked>(event) ||
                         std::holds_alternative<link_event::Received>(event) ||
                         std::holds_alternative<link_event::ConnAck>(event) ||
                         std::holds_alternative<link_event::Pong>(event);
  return of_broker ? packet_overhead + size_of(event) : 0;
}

}  // namespace

FaultyLink::FaultyLink(at::Timeline& timeline, std::unique_ptr<mqtt_backend::Link> link,
                       Hooks hooks)
    : timeline_(timeline),
      link_(std::move(link)),
      hooks_(std::move(hooks)),
      opening_(timeline),
      idle_(timeline),
      late_timer_(timeline),
      taken_timer_(timeline),
      way_(timeline) {}

FaultyLink::~FaultyLink() { hooks_.gone(*this); }

void FaultyLink::listen(Listener listener) {
  listener_ = std::move(listener);
  link_->listen([this](LinkEvent event) { heard(std::move(event)); });
}

void FaultyLink::open(const mqtt_backend::Endpoint& endpoint) {
  forget();
  auto to = endpoint;
  at::Duration wait{};
  std::optional<TlsTrouble> trouble;
  for (const auto* fault : hooks_.opening(endpoint)) {
    const auto& mode = fault->text("mode");
    if (fault->type().name == "tls") {
      trouble = {mode, static_cast<std::size_t>(fault->number("at_byte"))};
      continue;
    }
    const bool dns = fault->type().name == "dns";
    if (dns && mode == "none") return fail(OpenResult::unresolved);
    if (dns && mode == "wrong") to.host = wrong_address;
    if (dns && mode == "slow") wait += fault->ms();
    if (!dns && mode == "refuse") return fail(OpenResult::refused);
    if (!dns && mode == "swallow") return;
    if (!dns && mode == "reset") reset_on_open_ = true;
  }
  if (wait == at::Duration::zero()) return go(to, trouble);
  opening_.start(wait, [this, to, trouble] { go(to, trouble); });
}

void FaultyLink::go(const mqtt_backend::Endpoint& endpoint,
                    const std::optional<TlsTrouble>& trouble) {
  if (!trouble) return link_->open(endpoint);
  detouring_ = std::make_shared<char>();
  hooks_.detour(*trouble, endpoint,
                [this, waiting = std::weak_ptr(detouring_)](const auto& instead) {
                  if (waiting.expired()) return;
                  detouring_.reset();
                  if (!instead) return fail(OpenResult::tls_failed);
                  link_->open(*instead);
                });
}

void FaultyLink::fail(OpenResult result) {
  opening_.start({}, [this, result] { listener_(link_event::Opened{result}); });
}

void FaultyLink::heard(LinkEvent event) {
  if (deaf_) return;
  if (const auto* opened = std::get_if<link_event::Opened>(&event))
    established_ = opened->result == OpenResult::ok;
  if (std::holds_alternative<link_event::Down>(event) ||
      std::holds_alternative<link_event::Disconnected>(event)) {
    established_ = false;
    idle_.stop();
  }
  traffic();
  // What the module has written is no news of the broker.
  const bool own = std::holds_alternative<link_event::Sent>(event);
  if (own || (late_.empty() && !way_.slow())) {
    listener_(std::move(event));
  } else {
    const auto due = arrival(event);
    const bool had_room = late_bytes_ <= max_late;
    late_bytes_ += size_of(event);
    late_.push_back({due, std::move(event)});
    if (had_room && late_bytes_ > max_late) apply_back_pressure();
    deliver_due();
  }
  if (established_ && std::exchange(reset_on_open_, false)) lose("Connection reset by peer");
}

/// What came first is said first.
at::Time FaultyLink::arrival(const LinkEvent& event) {
  return way_.arrives(bytes_of(event), late_.empty() ? timeline_.now() : late_.back().due);
}

void FaultyLink::deliver_due() {
  if (late_.empty() || late_timer_.running()) return;
  late_timer_.start(late_.front().due - timeline_.now(), [this] {
    auto event = std::move(late_.front().event);
    late_.pop_front();
    const bool was_full = late_bytes_ > max_late;
    late_bytes_ -= size_of(event);
    if (was_full && late_bytes_ <= max_late) apply_back_pressure();
    listener_(std::move(event));
    deliver_due();
  });
}

bool FaultyLink::traffic() {
  if (deaf_) return false;
  if (established_ && forgotten_after_) idle_.start(*forgotten_after_, [this] { go_deaf(); });
  return true;
}

void FaultyLink::lose(const std::string& detail) {
  if (!established_ || deaf_) return;
  established_ = false;
  link_->close();
  late_.push_back({timeline_.now(), link_event::Down{DownReason::peer_closed, detail}});
  deliver_due();
}

void FaultyLink::go_deaf() {
  if (!established_) return;
  deaf_ = true;
  apply_back_pressure();
}

void FaultyLink::slow_down(Slowness slowness, std::uint64_t seed) { way_.become(slowness, seed); }

void FaultyLink::forget_after(std::optional<at::Duration> idle) {
  forgotten_after_ = idle;
  if (!idle) idle_.stop();
  traffic();
}

void FaultyLink::forget() {
  opening_.stop();
  detouring_.reset();
  way_.clear();
  idle_.stop();
  late_timer_.stop();
  late_.clear();
  taken_timer_.stop();
  taken_.clear();
  late_bytes_ = 0;
  client_is_full_ = false;
  reset_on_open_ = established_ = deaf_ = false;
}

void FaultyLink::swallow(LinkEvent written) {
  taken_.push_back(std::move(written));
  if (taken_timer_.running()) return;
  taken_timer_.start({}, [this] {
    while (!taken_.empty()) {
      const auto event = std::move(taken_.front());
      taken_.pop_front();
      listener_(event);
    }
  });
}

void FaultyLink::connect(const mqtt_backend::ConnectRequest& request) {
  if (!traffic()) return swallow(link_event::Sent{});
  link_->connect(request);
}

Ticket FaultyLink::lost_ticket() {
  swallow(link_event::Sent{});
  return first_lost_ticket + ++lost_tickets_;
}

Ticket FaultyLink::subscribe(std::uint16_t msg_id,
                             const std::vector<mqtt_backend::TopicFilter>& filters) {
  return traffic() ? link_->subscribe(msg_id, filters) : lost_ticket();
}

Ticket FaultyLink::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  return traffic() ? link_->unsubscribe(msg_id, topics) : lost_ticket();
}

Ticket FaultyLink::publish(mqtt_backend::PublishRequest request) {
  way_.goes_out(packet_overhead + request.topic.size() + request.payload.size());
  if (traffic()) return link_->publish(std::move(request));
  if (request.qos > 0) return lost_ticket();
  const auto ticket = first_lost_ticket + ++lost_tickets_;
  swallow(link_event::Acked{ticket, {}});
  return ticket;
}

void FaultyLink::resend(Ticket ticket) {
  if (!traffic()) return swallow(link_event::Sent{});
  if (ticket < first_lost_ticket) link_->resend(ticket);
}

void FaultyLink::ping() {
  if (!traffic()) return swallow(link_event::Sent{});
  link_->ping();
}

void FaultyLink::disconnect() {
  if (!deaf_ && !opening_.running() && !detouring_) return link_->disconnect();
  // The system takes the DISCONNECT, and nobody gets it.
  close();
  opening_.start({}, [this] { listener_(link_event::Disconnected{true}); });
}

void FaultyLink::close() {
  forget();
  link_->close();
}

}  // namespace emulator::faults
