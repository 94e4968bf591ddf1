#include "tests/support/fake_link.hpp"

#include "tests/support/escape.hpp"

#include <fmt/format.h>

namespace support {

using namespace mqtt_backend;

Ticket FakeLink::ticket(int msg_id) const {
  const auto found = tickets_.find(msg_id);
  return found == tickets_.end() ? 0 : found->second;
}

void FakeLink::written() {
  timeline_.after({}, [this] {
    if (up_) listener_(link_event::Sent{});
  });
}

Ticket FakeLink::sent(int msg_id, std::string request) {
  requests.push_back(std::move(request));
  tickets_[msg_id] = ++last_ticket_;
  ids_[last_ticket_] = msg_id;
  written();
  return last_ticket_;
}

void FakeLink::open(const Endpoint& endpoint) {
  up_ = true;
  requests.push_back(fmt::format("open {} {}", endpoint.host, endpoint.port));
  if (endpoint.tls_ctx) requests.back() += fmt::format(" tls={}", *endpoint.tls_ctx);
}

void FakeLink::connect(const ConnectRequest& request) {
  auto text = fmt::format("connect version={} clean={:d} keepalive={} id=\"{}\"", request.version,
                          request.clean_session, request.keepalive, escaped(request.client_id));
  if (request.username) text += fmt::format(" username=\"{}\"", escaped(*request.username));
  if (request.password) text += fmt::format(" password=\"{}\"", escaped(*request.password));
  if (request.will)
    text += fmt::format(" will qos={} retain={:d} \"{}\" \"{}\"", request.will->qos,
                        request.will->retain, escaped(request.will->topic),
                        escaped(request.will->message));
  requests.push_back(std::move(text));
  written();
}

Ticket FakeLink::subscribe(std::uint16_t msg_id, const std::vector<TopicFilter>& filters) {
  auto text = fmt::format("subscribe id={}", msg_id);
  for (const auto& filter : filters)
    text += fmt::format(" \"{}\",{}", escaped(filter.topic), filter.qos);
  return sent(msg_id, std::move(text));
}

Ticket FakeLink::unsubscribe(std::uint16_t msg_id, const std::vector<std::string>& topics) {
  auto text = fmt::format("unsubscribe id={}", msg_id);
  for (const auto& topic : topics) text += fmt::format(" \"{}\"", escaped(topic));
  return sent(msg_id, std::move(text));
}

Ticket FakeLink::publish(const PublishRequest& request) {
  return sent(request.msg_id, fmt::format("publish id={} qos={} retain={:d} \"{}\" \"{}\"",
                                          request.msg_id, request.qos, request.retain,
                                          escaped(request.topic), escaped(request.payload)));
}

void FakeLink::resend(Ticket ticket) {
  requests.push_back(fmt::format("resend id={}", ids_[ticket]));
  written();
}

void FakeLink::ping() {
  requests.emplace_back("ping");
  written();
}

void FakeLink::disconnect() { requests.emplace_back("disconnect"); }

void FakeLink::close() {
  if (up_) requests.emplace_back("close");
  up_ = false;
}

}  // namespace support
