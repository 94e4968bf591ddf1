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

std::size_t size_of(const LinkEvent& event) {
  const auto* message = std::get_if<link_event::Message>(&event);
  return message == nullptr ? 0 : message->topic.size() + message->payload.size();
}

}  // namespace

FaultyLink::FaultyLink(at::Timeline& timeline, std::unique_ptr<mqtt_backend::Link> link,
                       Hooks hooks)
    : timeline_(timeline),
      link_(std::move(link)),
      hooks_(std::move(hooks)),
      opening_(timeline),
      idle_(timeline),
      late_timer_(timeline) {}

FaultyLink::~FaultyLink() { hooks_.gone(*this); }

void FaultyLink::listen(Listener listener) {
  listener_ = std::move(listener);
  link_->listen([this](LinkEvent event) { heard(std::move(event)); });
}

void FaultyLink::open(const mqtt_backend::Endpoint& endpoint) {
  forget();
  auto to = endpoint;
  at::Duration wait{};
  for (const auto* fault : hooks_.opening(endpoint)) {
    const auto& mode = fault->text("mode");
    const bool dns = fault->type().name == "dns";
    if (dns && mode == "none") return fail(OpenResult::unresolved);
    if (dns && mode == "wrong") to.host = wrong_address;
    if (dns && mode == "slow") wait += fault->ms();
    if (!dns && mode == "refuse") return fail(OpenResult::refused);
    if (!dns && mode == "swallow") return;
    if (!dns && mode == "reset") reset_on_open_ = true;
  }
  if (wait == at::Duration::zero()) return link_->open(to);
  opening_.start(wait, [this, to] { link_->open(to); });
}

void FaultyLink::fail(OpenResult result) {
  opening_.start({}, [this, result] { listener_(link_event::Opened{result}); });
}

void FaultyLink::heard(LinkEvent event) {
  if (deaf_) return;
  if (const auto* opened = std::get_if<link_event::Opened>(&event))
    established_ = opened->result == OpenResult::ok;
  traffic();
  if (late_.empty() && delay_ == at::Duration::zero()) {
    listener_(std::move(event));
  } else {
    const auto most = static_cast<double>(jitter_.count());
    const auto drift = std::uniform_real_distribution<>(-most, most)(draw_);
    const auto delay = std::max(delay_ + at::Duration(static_cast<at::Duration::rep>(drift)),
                                at::Duration::zero());
    // What came first is said first.
    const auto before = late_.empty() ? timeline_.now() : late_.back().due;
    const bool had_room = late_bytes_ <= max_late;
    late_bytes_ += size_of(event);
    late_.push_back({std::max(timeline_.now() + delay, before), std::move(event)});
    if (had_room && late_bytes_ > max_late) apply_back_pressure();
    deliver_due();
  }
  if (established_ && std::exchange(reset_on_open_, false)) lose("Connection reset by peer");
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

void FaultyLink::slow_down(at::Duration delay, at::Duration jitter, std::uint64_t seed) {
  delay_ = delay;
  jitter_ = jitter;
  draw_.seed(seed);
}

void FaultyLink::forget_after(std::optional<at::Duration> idle) {
  forgotten_after_ = idle;
  if (!idle) idle_.stop();
  traffic();
}

void FaultyLink::forget() {
  opening_.stop();
  idle_.stop();
  late_timer_.stop();
  late_.clear();
  late_bytes_ = 0;
  client_is_full_ = false;
  reset_on_open_ = established_ = deaf_ = false;
}

void FaultyLink::connect(const mqtt_backend::ConnectRequest& request) {
  if (traffic()) link_->connect(request);
}

Ticket FaultyLink::subscribe(std::uint16_t msg_id,
                             const std::vector<mqtt_backend::TopicFilter>& filters) {
  return traffic() ? link_->subscribe(msg_id, filters) : first_lost_ticket + ++lost_tickets_;
}

Ticket FaultyLink::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  return traffic() ? link_->unsubscribe(msg_id, topics) : first_lost_ticket + ++lost_tickets_;
}

Ticket FaultyLink::publish(mqtt_backend::PublishRequest request) {
  return traffic() ? link_->publish(std::move(request)) : first_lost_ticket + ++lost_tickets_;
}

void FaultyLink::resend(Ticket ticket) {
  if (traffic() && ticket < first_lost_ticket) link_->resend(ticket);
}

void FaultyLink::ping() {
  if (traffic()) link_->ping();
}

void FaultyLink::disconnect() {
  if (!deaf_ && !opening_.running()) return link_->disconnect();
  // The system takes the DISCONNECT, and nobody gets it.
  close();
  opening_.start({}, [this] { listener_(link_event::Disconnected{true}); });
}

void FaultyLink::close() {
  forget();
  link_->close();
}

}  // namespace emulator::faults
