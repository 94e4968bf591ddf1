// The part of the journal's keeper that is about MQTT clients and the device.
#include "at_engine/text.hpp"
#include "codec/digest.hpp"
#include "emulator/journal/keeper.hpp"
#include "mqtt_backend/packet_contents.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace emulator::journal {
namespace {

namespace event = mqtt_backend::event;
using mqtt_backend::DownReason;
using mqtt_backend::OpenResult;

std::string_view text_of(OpenResult result) {
  switch (result) {
    case OpenResult::ok:
      return "established";
    case OpenResult::unresolved:
      return "the name has no address";
    case OpenResult::refused:
      return "refused";
    case OpenResult::unreachable:
      return "no answer, or no route";
    case OpenResult::tls_failed:
      return "the TLS handshake failed";
  }
  return {};
}

std::string_view text_of(DownReason reason) {
  switch (reason) {
    case DownReason::peer_closed:
      return "closed by the broker";
    case DownReason::unreachable:
      return "the broker cannot be reached any more";
    case DownReason::connect_unsent:
      return "CONNECT could not be sent";
    case DownReason::ping_unsent:
      return "PINGREQ could not be sent";
    case DownReason::protocol_error:
      return "the broker broke the protocol";
    case DownReason::internal:
      return "internal";
  }
  return {};
}

void add_contents(std::vector<Field>& fields, const mqtt_backend::PacketHeader& packet) {
  using mqtt_backend::PacketType;
  if (packet.type == PacketType::publish) {
    const auto payload = mqtt_backend::payload_in(packet);
    // Without a `text`, by which events of the port are found.
    fields.push_back({"payload", codec::base64_encode(payload.kept)});
    fields.push_back({"payload_length", static_cast<std::int64_t>(payload.length)});
  }
  auto codes = mqtt_backend::codes_in(packet);
  if (packet.type == PacketType::connack && !codes.empty()) {
    fields.push_back({"code", static_cast<std::int64_t>(codes.front())});
    fields.push_back({"session", mqtt_backend::session_in(packet)});
  } else if (!codes.empty()) {
    fields.push_back({"codes", std::move(codes)});
  }
  auto filters = mqtt_backend::filters_in(packet);
  if (filters.topics.empty()) return;
  fields.push_back({"topics", std::move(filters.topics)});
  if (!filters.qoss.empty()) fields.push_back({"qoss", std::move(filters.qoss)});
}

}  // namespace

void Keeper::saw(at::Time at, int client_idx, const mqtt_backend::Event& event) {
  std::visit([&](const auto& each) { on(at, client_idx, each); }, event);
}

void Keeper::link(at::Time at, int client, std::string_view what, std::string why) {
  std::vector<Field> fields{{"client", std::int64_t{client}}, {"event", std::string(what)}};
  if (!why.empty()) fields.push_back({"why", why});
  remember(client, journal_.add(at, Kind::link, std::move(fields)));
  if (!why.empty()) clients_[client].why = std::move(why);
}

void Keeper::on(at::Time at, int client, const event::LinkOpening& event) {
  clients_[client] = {};
  remember(client, journal_.add(at, Kind::link,
                                {{"client", std::int64_t{client}},
                                 {"event", std::string("opening")},
                                 {"host", std::string(event.host)},
                                 {"port", std::int64_t{event.port}},
                                 {"tls", event.tls}}));
}

void Keeper::on(at::Time at, int client, const event::LinkNegotiating&) {
  link(at, client, "negotiating");
}

void Keeper::on(at::Time at, int client, const event::LinkOpened& event) {
  if (event.result != OpenResult::ok)
    return link(at, client, "failed", std::string(text_of(event.result)));
  std::vector<Field> fields{{"client", std::int64_t{client}},
                            {"event", std::string("established")}};
  if (!event.security.version.empty()) {
    fields.push_back({"tls_version", event.security.version});
    fields.push_back({"tls_suite", event.security.suite});
  }
  remember(client, journal_.add(at, Kind::link, std::move(fields)));
}

void Keeper::on(at::Time at, int client, const event::LinkLost& event) {
  link(at, client, "lost", fmt::format("{}: {}", text_of(event.reason), event.detail));
}

void Keeper::on(at::Time at, int client, const event::LinkEnded& event) {
  link(at, client, "ended", event.ok ? "" : "DISCONNECT could not be sent");
}

void Keeper::on(at::Time at, int client, const event::BearerLost& event) {
  link(at, client, "lost", fmt::format("context {} is gone", event.cid));
}

void Keeper::on(at::Time at, int client, const event::PacketPassed& event) {
  const auto& packet = event.packet;
  const bool sent = event.direction == mqtt_backend::Direction::sent;
  std::vector<Field> fields{{"client", std::int64_t{client}},
                            {"dir", std::string(sent ? "out" : "in")},
                            {"type", at::lower(mqtt_backend::name_of(packet.type))},
                            {"length", static_cast<std::int64_t>(packet.length)}};
  if (packet.id != 0) fields.push_back({"id", std::int64_t{packet.id}});
  if (packet.type == mqtt_backend::PacketType::publish) {
    fields.push_back({"qos", static_cast<std::int64_t>(packet.flags >> 1U & 3U)});
    fields.push_back({"dup", (packet.flags & 8U) != 0});
    fields.push_back({"retain", (packet.flags & 1U) != 0});
    fields.push_back({"topic", packet.topic});
  }
  add_contents(fields, packet);
  remember(client, journal_.add(at, Kind::packet, std::move(fields)));
}

void Keeper::on(at::Time at, int client, const event::StateChanged& event) {
  journal_.add(at, Kind::client,
               {{"client", std::int64_t{client}},
                {"from", std::string(name_of(event.from))},
                {"to", std::string(name_of(event.to))},
                {"why", std::string(event.why)}});
  if (event.to == mqtt_backend::ClientState::idle && clients_[client].why.empty())
    clients_[client].why = event.why;
}

void Keeper::on(at::Time at, int client, const event::TimerSet& event) {
  timer(at,
        {{"client", std::int64_t{client}},
         {"name", std::string(name_of(event.timer))},
         {"id", std::int64_t{event.msg_id}},
         {"delay", std::chrono::duration<double>(event.delay).count()}},
        "set");
}

void Keeper::on(at::Time at, int client, const event::TimerFired& event) {
  timer(at,
        {{"client", std::int64_t{client}},
         {"name", std::string(name_of(event.timer))},
         {"id", std::int64_t{event.msg_id}}},
        "fired");
}

void Keeper::on(at::Time at, int client, const event::TimerStopped& event) {
  timer(at,
        {{"client", std::int64_t{client}},
         {"name", std::string(name_of(event.timer))},
         {"id", std::int64_t{event.msg_id}}},
        "stopped");
}

void Keeper::device(at::Time at, std::string_view what, Value value) {
  journal_.add(at, Kind::device, {{"what", std::string(what)}, {"value", std::move(value)}});
}

/// What stays as it was is not told again, but for the first of them.
void Keeper::saw_signal(at::Time at, const device::Signal& signal) {
  device(at, "rsrp", std::int64_t{signal.rsrp});
  const auto tell = [&](std::string_view name, int now, int before) {
    if (!signal_ || now != before) device(at, name, std::int64_t{now});
  };
  const auto before = signal_.value_or(device::Signal{});
  tell("rsrq", signal.rsrq, before.rsrq);
  tell("rssi", signal.rssi, before.rssi);
  tell("sinr", signal.sinr, before.sinr);
  signal_ = signal;
}

void Keeper::saw(at::Time at, const device::Event& event) {
  namespace seen = device::event;
  if (const auto* power = std::get_if<seen::PowerChanged>(&event)) {
    using State = device::Power::State;
    device(at, "power",
           std::string(power->state == State::off       ? "off"
                       : power->state == State::booting ? "booting"
                                                        : "on"));
    device(at, "function_level", std::int64_t{power->function_level});
  } else if (const auto* sim = std::get_if<seen::SimChanged>(&event)) {
    device(at, "sim", std::string(device::Sim::name_of(sim->to)));
  } else if (const auto* registration = std::get_if<seen::RegistrationChanged>(&event)) {
    device(at, "registration", std::string(device::Network::name_of_stat(registration->stat)));
    device(at, "attached", registration->attached);
  } else if (const auto* context = std::get_if<seen::ContextChanged>(&event)) {
    device(at, context->change.active ? "context up" : "context down",
           std::int64_t{context->change.cid});
  } else if (const auto* scene = std::get_if<seen::SceneChanged>(&event)) {
    saw_signal(at, scene->scene.signal);
  }
}

}  // namespace emulator::journal
