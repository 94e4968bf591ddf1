#include "tests/sim/link_audit.hpp"

#include "tests/sim/ledger.hpp"

#include <fmt/format.h>

namespace sim {

using namespace mqtt_backend::link_event;
using mqtt_backend::LinkEvent;
using mqtt_backend::OpenResult;
using mqtt_backend::Ticket;

void LinkAudit::check() const {
  if (!problem_.empty()) throw Violation(problem_);
  if (!has_session()) return;
  const auto now = timeline_.now();
  if (now - last_sent_ > std::chrono::seconds(keepalive_))
    throw Violation(fmt::format("link {}: no PINGREQ within the keep-alive time", index_));
  if (pong_due_ && now > *pong_due_)
    throw Violation(fmt::format("link {}: still up without PINGRESP", index_));
}

void LinkAudit::complain(std::string_view what) {
  if (problem_.empty()) problem_ = fmt::format("link {}: {}", index_, what);
}

void LinkAudit::listen(Listener listener) {
  link_->listen([this, hears = std::move(listener)](LinkEvent event) {
    heard(event);
    hears(std::move(event));
  });
}

void LinkAudit::heard(const LinkEvent& event) {
  if (!up_) complain("an event without a link");
  const auto* opened = std::get_if<Opened>(&event);
  if (opened != nullptr) up_ = opened_ = opened->result == OpenResult::ok;
  if (const auto* down = std::get_if<Down>(&event)) {
    hooks_.note(fmt::format("  link {} is down: {}", index_, down->detail));
    hooks_.lost(index_);
  }
  if (std::holds_alternative<Down>(event) || std::holds_alternative<Disconnected>(event))
    up_ = session_ = false;
  if (const auto* answer = std::get_if<ConnAck>(&event)) {
    session_ = answer->code == 0 && !leaving_;
    keepalive_ = hooks_.setup(index_).keepalive;
  } else if (const auto* acked = std::get_if<Acked>(&event)) {
    const auto flight = flights_.find(acked->ticket);
    if (flight == flights_.end()) return;
    if (flight->second.publish && flight->second.qos == 0) sent();
    flights_.erase(flight);
  } else if (const auto* received = std::get_if<Received>(&event)) {
    const auto flight = flights_.find(received->ticket);
    if (flight != flights_.end()) flight->second.resends = 0;
  } else if (std::holds_alternative<Pong>(event)) {
    pong_due_.reset();
  } else if (const auto* message = std::get_if<Message>(&event)) {
    if (has_session()) hooks_.delivered(index_, *message);
  }
}

void LinkAudit::open(const mqtt_backend::Endpoint& endpoint) {
  sent();
  flights_.clear();
  pong_due_.reset();
  opened_ = greets_ = session_ = leaving_ = false;
  up_ = true;
  link_->open(endpoint);
}

void LinkAudit::connect(const mqtt_backend::ConnectRequest& request) {
  sent();
  if (up_ && !opened_) complain("CONNECT before the link stands");
  if (up_ && greets_) complain("CONNECT twice");
  greets_ = true;
  link_->connect(request);
}

Ticket LinkAudit::under_way(Ticket ticket, Flight flight) {
  if (up_ && !session_) complain("a packet without a session");
  if (!flight.publish || flight.qos > 0) sent();
  flights_[ticket] = flight;
  return ticket;
}

Ticket LinkAudit::subscribe(std::uint16_t msg_id,
                            const std::vector<mqtt_backend::TopicFilter>& filters) {
  return under_way(link_->subscribe(msg_id, filters), {});
}

Ticket LinkAudit::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  return under_way(link_->unsubscribe(msg_id, topics), {});
}

Ticket LinkAudit::publish(mqtt_backend::PublishRequest request) {
  const int qos = request.qos;
  return under_way(link_->publish(std::move(request)), {0, qos, true});
}

void LinkAudit::resend(Ticket ticket) {
  sent();
  const auto flight = flights_.find(ticket);
  if (flight == flights_.end()) {
    if (up_) complain("a resend of what does not wait");
  } else if (++flight->second.resends > hooks_.setup(index_).retry_times - 1) {
    complain("more resends than retry_times allows");
  }
  link_->resend(ticket);
}

void LinkAudit::ping() {
  sent();
  if (!pong_due_) pong_due_ = timeline_.now() + std::chrono::seconds(hooks_.setup(index_).qmtping);
  link_->ping();
}

void LinkAudit::disconnect() {
  sent();
  session_ = false;
  leaving_ = true;
  link_->disconnect();
}

void LinkAudit::close() {
  opened_ = session_ = up_ = false;
  link_->close();
}

}  // namespace sim
