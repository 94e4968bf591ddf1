#include "tests/support/fake_link.hpp"

#include "conformance/transcript/escape.hpp"

#include <utility>

#include <fmt/format.h>

namespace support {

using namespace mqtt_backend;

Ticket FakeLink::ticket(int msg_id) const {
  const auto found = tickets_.find(msg_id);
  return found == tickets_.end() ? 0 : found->second;
}

void FakeLink::say(LinkEvent event) {
  const auto* opened = std::get_if<link_event::Opened>(&event);
  if (std::holds_alternative<link_event::Down>(event) ||
      std::holds_alternative<link_event::Disconnected>(event) ||
      (opened != nullptr && opened->result != OpenResult::ok))
    dead_ = true;
  listener_(std::move(event));
}

bool FakeLink::pass(Direction direction, const PacketHeader& packet) {
  if (watcher_) watcher_(direction, packet);
  return static_cast<bool>(watcher_);
}

bool FakeLink::tell(const Asked& request) const {
  if (asked) asked(request);
  return static_cast<bool>(asked);
}

void FakeLink::written() {
  timeline_.after({}, [this, opening = opening_] {
    if (up_ && !dead_ && opening == opening_) listener_(link_event::Sent{});
  });
}

Ticket FakeLink::next_ticket(int msg_id, bool tells_when_written) {
  ++last_ticket_;
  if (!asked) {
    tickets_[msg_id] = last_ticket_;
    ids_[last_ticket_] = msg_id;
  }
  if (tells_when_written) written();
  return last_ticket_;
}

void FakeLink::open(const Endpoint& endpoint) {
  up_ = true;
  dead_ = false;
  ++opening_;
  if (tell({Asked::What::open, 0, 0, 0, {}, endpoint.host, endpoint.detour})) return;
  requests.push_back(fmt::format("open {} {}", endpoint.host, endpoint.port));
  if (endpoint.tls) requests.back() += fmt::format(" tls={}", endpoint.tls->ctx);
  if (!endpoint.name_servers.empty())
    requests.back() += fmt::format(" at {}", fmt::join(endpoint.name_servers, " "));
}

void FakeLink::connect(const ConnectRequest& request) {
  written();
  if (tell({Asked::What::connect, 0, 0, 0, {}, request.client_id})) return;
  auto text =
      fmt::format("connect version={} clean={:d} keepalive={} id=\"{}\"", request.version,
                  request.clean_session, request.keepalive, transcript::escaped(request.client_id));
  if (request.username)
    text += fmt::format(" username=\"{}\"", transcript::escaped(*request.username));
  if (request.password)
    text += fmt::format(" password=\"{}\"", transcript::escaped(*request.password));
  if (request.will)
    text += fmt::format(" will qos={} retain={:d} \"{}\" \"{}\"", request.will->qos,
                        request.will->retain, transcript::escaped(request.will->topic),
                        transcript::escaped(request.will->message));
  requests.push_back(std::move(text));
}

Ticket FakeLink::subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) {
  const auto ticket = next_ticket(msg_id);
  Asked request{Asked::What::subscribe, ticket, msg_id, 0, {}, {}};
  for (const auto& filter : filters) request.codes.push_back(filter.qos);
  if (tell(request)) return ticket;
  auto text = fmt::format("subscribe id={}", msg_id);
  for (const auto& filter : filters)
    text += fmt::format(" \"{}\",{}", transcript::escaped(filter.topic), filter.qos);
  requests.push_back(std::move(text));
  return ticket;
}

Ticket FakeLink::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  const auto ticket = next_ticket(msg_id);
  if (tell({Asked::What::unsubscribe, ticket, msg_id, 0, {}, {}})) return ticket;
  auto text = fmt::format("unsubscribe id={}", msg_id);
  for (const auto& topic : topics) text += fmt::format(" \"{}\"", transcript::escaped(topic));
  requests.push_back(std::move(text));
  return ticket;
}

Ticket FakeLink::publish(PublishRequest request) {
  const auto ticket = next_ticket(request.msg_id, request.qos > 0);
  if (tell({Asked::What::publish, ticket, request.msg_id, request.qos, {}, request.payload}))
    return ticket;
  requests.push_back(fmt::format("publish id={} qos={} retain={:d} \"{}\" \"{}\"", request.msg_id,
                                 request.qos, request.retain, transcript::escaped(request.topic),
                                 transcript::escaped(request.payload)));
  return ticket;
}

void FakeLink::resend(Ticket ticket) {
  written();
  if (tell({Asked::What::resend, ticket})) return;
  requests.push_back(fmt::format("resend id={}", ids_[ticket]));
}

void FakeLink::ping() {
  written();
  if (!tell({Asked::What::ping})) requests.emplace_back("ping");
}

void FakeLink::disconnect() {
  if (!tell({Asked::What::disconnect})) requests.emplace_back("disconnect");
}

void FakeLink::back_pressure(bool on) {
  if (!tell({Asked::What::back_pressure}))
    requests.push_back(on ? "back-pressure on" : "back-pressure off");
}

void FakeLink::close() {
  const bool was_up = std::exchange(up_, false);
  if (tell({Asked::What::close})) return;
  if (was_up) requests.emplace_back("close");
}

}  // namespace support
