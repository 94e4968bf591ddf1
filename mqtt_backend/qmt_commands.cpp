#include "mqtt_backend/qmt_commands.hpp"

#include "at_engine/text.hpp"
#include "mqtt_backend/topic.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace mqtt_backend {

using at::choice;
using at::Command;
using at::number;
using at::Shown;
using at::Source;
using at::TestForm;
using at::text;
using namespace std::chrono_literals;

namespace {

constexpr int max_payload = 1500;
constexpr at::Duration packet_limit = 15s;  // pkt_timeout x retry_times with their defaults
constexpr std::int64_t any_length = 4096;   // the line is the limit

constexpr at::Param client_idx = number("client_idx", 0, max_client_idx);
constexpr at::Param msg_id = number("msgID", 0, 65535).as(Shown::angled);
constexpr at::Param topic = text("topic", 1, 256);
constexpr at::Param qos = number("qos", 0, 2);
constexpr at::Param retain = choice("retain", {0, 1});
constexpr at::Param length = number("length", 1, max_payload).as(Shown::quoted);

bool is_printable(std::string_view host) {
  return std::all_of(host.begin(), host.end(),
                     [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
}

at::Outcome ok_or_error(bool accepted) {
  return accepted ? at::Outcome::ok() : at::Outcome::error();
}

at::Outcome ok_unless(std::optional<Refusal> refusal) {
  return refusal ? at::Outcome::error(text_of(*refusal)) : at::Outcome::ok();
}

}  // namespace

const std::array<Command<Qmt>, 8>& Qmt::commands() {
  static constexpr std::array<Command<Qmt>, 8> table{{
      {.name = "+QMTOPEN",
       .params = {client_idx, text("hostname", 1, 100), number("port", 1, 65535)},
       .limit = 120s,
       .read = &Qmt::open_state,
       .write = &Qmt::open,
       .section = "note 3.3.2",
       .source = Source::note,
       .summary = "Open a network link for a client"},
      {.name = "+QMTCLOSE",
       .params = {client_idx},
       .limit = 30s,
       .write = &Qmt::close,
       .section = "note 3.3.3",
       .source = Source::note,
       .summary = "Close a client's network link"},
      {.name = "+QMTCONN",
       .params = {client_idx, text("clientID", 0, any_length),
                  text("username", 0, any_length).optional(),
                  text("password", 0, any_length).optional()},
       .limit = packet_limit,
       .read = &Qmt::connect_state,
       .write = &Qmt::connect,
       .section = "note 3.3.4",
       .source = Source::note,
       .summary = "Connect a client to the broker"},
      {.name = "+QMTDISC",
       .params = {client_idx},
       .limit = 30s,
       .write = &Qmt::disconnect,
       .section = "note 3.3.5",
       .source = Source::note,
       .summary = "Disconnect a client from the broker"},
      {.name = "+QMTSUB",
       .params = {client_idx, msg_id, topic, qos},
       .repeats = 2,
       .limit = packet_limit,
       .write = &Qmt::subscribe,
       .shown = "(0-5), <msgID>,list of [\"topic\",qos]",
       .section = "note 3.3.6",
       .source = Source::note,
       .summary = "Subscribe to topics"},
      {.name = "+QMTUNS",
       .params = {client_idx, msg_id, topic},
       .repeats = 1,
       .limit = packet_limit,
       .write = &Qmt::unsubscribe,
       .shown = "(0-5),<msgID>,\"topic\"[,\"topic\"...]",
       .section = "note 3.3.7",
       .source = Source::note,
       .summary = "Unsubscribe from topics"},
      {.name = "+QMTPUBEX",
       .params = {client_idx, msg_id, qos, retain, topic, length},
       .limit = packet_limit,
       .write = &Qmt::publish,
       .section = "note 3.3.8",
       .source = Source::note,
       .summary = "Publish a message of fixed length"},
      {.name = "+QMTRECV",
       .params = {client_idx, number("recv_id", 0, 4).optional()},
       .read = &Qmt::receive_state,
       .write = &Qmt::receive,
       .test = TestForm::bare,
       .section = "note 3.3.9",
       .source = Source::note,
       .summary = "Read stored messages"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

const std::array<Command<Qmt>, 1>& Qmt::sibling_commands() {
  static constexpr std::array<Command<Qmt>, 1> table{{
      {.name = "+QMTPUB",
       .params = {client_idx, msg_id, qos, retain, topic, length.optional()},
       .limit = packet_limit,
       .write = &Qmt::publish_as_sibling,
       .section = "PUB-12",
       .source = Source::sibling,
       .summary = "Publish, by length or ended with Ctrl-Z (knob qmtpub)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

at::Outcome Qmt::open(const Call& call) {
  const auto& args = call.args;
  // reading: a host with blanks or control characters is a bad argument, not an unknown name
  if (!is_printable(args.text(1))) return Outcome::error();
  client(args).open(call.asker, args.text(1), static_cast<std::uint16_t>(args.number(2)));
  return Outcome::ok();
}

at::Outcome Qmt::open_state() {
  std::vector<std::string> lines;
  for (const auto& each : clients_)
    if (each->established())
      lines.push_back(fmt::format("+QMTOPEN: {},\"{}\",{}", each->index(), each->endpoint().host,
                                  each->endpoint().port));
  return Outcome::ok(std::move(lines));
}

at::Outcome Qmt::close(const Call& call) {
  return ok_or_error(client(call.args).close(call.asker));
}

at::Outcome Qmt::connect(const Call& call) {
  const auto& args = call.args;
  Client::Credentials credentials{args.text(1)};
  if (args.given(2)) credentials.username = args.text(2);
  if (args.given(3)) credentials.password = args.text(3);
  // reading: strings that MQTT forbids are refused here; a broker would cut the link for them
  if (!is_mqtt_string(credentials.client_id) || !is_mqtt_string(credentials.username.value_or("")))
    return Outcome::error();
  // A password needs a username, if only an empty one that was typed (MQTT 3.1.1, 3.1.2.9).
  if (!credentials.username && !credentials.password.empty()) return Outcome::error();
  return ok_or_error(client(args).connect(call.asker, credentials));
}

at::Outcome Qmt::connect_state() {
  std::vector<std::string> lines;
  for (const auto& each : clients_) {
    auto state = ConnState::initializing;
    switch (each->state()) {
      case Client::State::open:
        break;
      case Client::State::connecting:
        state = ConnState::connecting;
        break;
      case Client::State::connected:
        state = ConnState::connected;
        break;
      case Client::State::disconnecting:
        state = ConnState::disconnecting;
        break;
      case Client::State::idle:
      case Client::State::opening:
      case Client::State::closing:
        continue;
    }
    lines.push_back(fmt::format("+QMTCONN: {},{}", each->index(), static_cast<int>(state)));
  }
  return Outcome::ok(std::move(lines));
}

at::Outcome Qmt::disconnect(const Call& call) {
  return ok_or_error(client(call.args).disconnect(call.asker));
}

at::Outcome Qmt::subscribe(const Call& call) {
  const auto& args = call.args;
  std::vector<TopicFilter> filters;
  bool all_qos_zero = true;
  for (std::size_t i = 2; i + 1 < args.size(); i += 2) {
    filters.push_back({args.text(i), args.number(i + 1)});
    if (!is_mqtt_string(filters.back().topic)) return Outcome::error();
    all_qos_zero = all_qos_zero && filters.back().qos == 0;
  }
  if (args.number(1) == 0 && !all_qos_zero && !knobs_.is_set(cellular::Knob::sub_msg_id_zero))
    return Outcome::error();
  return ok_unless(client(args).subscribe(call.asker, args.number(1), filters));
}

at::Outcome Qmt::unsubscribe(const Call& call) {
  const auto& args = call.args;
  std::vector<std::string> topics;
  for (std::size_t i = 2; i < args.size(); ++i) {
    topics.push_back(args.text(i));
    if (!is_mqtt_string(topics.back())) return Outcome::error();
  }
  return ok_unless(client(args).unsubscribe(call.asker, args.number(1), topics));
}

at::Prompt Qmt::data_prompt(Client& client, std::size_t bytes) const {
  const auto& config = client.config();
  at::Prompt prompt;
  prompt.length = bytes;
  if (config.view) prompt.echo = at::Prompt::Echo::always;
  if (config.edit_timeout) prompt.timeout = std::chrono::seconds(*config.edit_seconds);
  return prompt;
}

at::Outcome Qmt::ask_payload(at::Asker asker, Client& client, std::string_view urc,
                             PublishRequest request, at::Prompt prompt) const {
  if (!is_publishable(request.topic)) return Outcome::error();
  if (request.qos > 0 && request.msg_id == 0) return Outcome::error();
  if (const auto refusal = client.refuse_publish(request.msg_id, request.qos))
    return Outcome::error(text_of(*refusal));
  prompt.then = [asker, &client, urc, request = std::move(request)](std::string data) mutable {
    const auto& config = client.config();
    if (config.send_hex || config.format_send_hex) {
      auto bytes = at::unhex(data);
      if (!bytes) return Outcome::error();
      data = std::move(*bytes);
    }
    request.payload = std::move(data);
    return ok_unless(client.publish(asker, urc, std::move(request)));
  };
  return Outcome::prompt(std::move(prompt));
}

at::Outcome Qmt::publish(const Call& call) {
  const auto& args = call.args;
  auto& target = client(args);
  PublishRequest request{static_cast<std::uint16_t>(args.number(1)),
                         args.number(2),
                         args.number(3) != 0,
                         args.text(4),
                         {}};
  return ask_payload(call.asker, target, "+QMTPUBEX", std::move(request),
                     data_prompt(target, static_cast<std::size_t>(args.number(5))));
}

at::Outcome Qmt::publish_as_sibling(const Call& call) {
  const auto& args = call.args;
  auto& target = client(args);
  PublishRequest request{static_cast<std::uint16_t>(args.number(1)),
                         args.number(2),
                         args.number(3) != 0,
                         args.text(4),
                         {}};
  auto prompt = data_prompt(target, static_cast<std::size_t>(args.number_or(5, max_payload)));
  if (!args.given(5)) prompt.ending = at::Prompt::Ending::ctrl_z;
  return ask_payload(call.asker, target, "+QMTPUB", std::move(request), std::move(prompt));
}

at::Outcome Qmt::receive(const Args& args) {
  auto& target = client(args);
  if (!target.connected()) return Outcome::error();
  const auto first = static_cast<std::size_t>(args.number_or(1, 0));
  const auto last = args.given(1) ? first : Inbox::slots - 1;
  std::vector<std::string> lines;
  for (auto slot = first; slot <= last; ++slot)
    if (const auto message = target.take_message(slot)) lines.push_back(target.show(*message));
  return Outcome::ok(std::move(lines));
}

at::Outcome Qmt::receive_state() {
  std::vector<std::string> lines;
  for (const auto& each : clients_) {
    if (!each->connected()) continue;
    auto line = fmt::format("+QMTRECV: {}", each->index());
    bool any = false;
    for (std::size_t slot = 0; slot < Inbox::slots; ++slot) {
      any = any || each->inbox().holds(slot);
      if (!knobs_.is_set(cellular::Knob::recv_status))
        line += fmt::format(",{:d}", each->inbox().holds(slot));
    }
    if (knobs_.is_set(cellular::Knob::recv_status)) line += fmt::format(",{:d}", any);
    lines.push_back(std::move(line));
  }
  return Outcome::ok(std::move(lines));
}

}  // namespace mqtt_backend
