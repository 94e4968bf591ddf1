#include "at_engine/setting.hpp"
#include "mqtt_backend/qmt_commands.hpp"
#include "mqtt_backend/topic.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace mqtt_backend {

using at::choice;
using at::Command;
using at::number;
using at::Source;
using at::text;

namespace {

constexpr std::string_view qmtcfg = "+QMTCFG";
constexpr int default_edit_seconds = 60;
constexpr std::int64_t max_secret = 256;
constexpr std::int64_t max_will_message = 256;

constexpr at::Param client_idx = number("client_idx", 0, max_client_idx);

consteval at::Param flag(std::string_view name) { return choice(name, {0, 1}); }
consteval at::Param secret(std::string_view name) { return text(name, 0, max_secret); }
constexpr at::Param will_topic = text("willtopic", 0, 256).optional();

using Key = at::Setting<Config>;
using at::field;

bool settle_ssl(Config& c) { return !c.ssl || c.ssl_ctx; }

bool settle_aliauth(Config& c) {
  return is_mqtt_string(c.aliauth.product_key) && is_mqtt_string(c.aliauth.device_name);
}

bool settle_onenet(Config& c) { return is_mqtt_string(c.onenet.product_id); }

bool settle_edit_timeout(Config& c) {
  if (c.edit_timeout && !c.edit_seconds) c.edit_seconds = default_edit_seconds;
  return true;
}

template <auto device, auto part>
std::string& device_part(Config& c) {
  return c.*device.*part;
}

template <auto device, auto part>
consteval at::Field<Config> device_field(std::string_view name) {
  return {secret(name), device_part<device, part>};
}

/// In the order of `=?`. The two wills have handlers of their own: what they need depends on
/// <will_fg>, and one of them asks for its message.
constexpr std::array<Key, 16> keys{{
    {.key = "version",
     .fields = {field<&Config::version>(choice("vsn", {3, 4}))},
     .summary = "Protocol version: 3 = MQTT 3.1, 4 = MQTT 3.1.1"},
    {.key = "pdpcid",
     .fields = {field<&Config::pdpcid>(number("cid", 1, 15))},
     .summary = "PDP context of the link"},
    {.key = "ssl",
     .fields = {field<&Config::ssl>(flag("SSL_enable")),
                field<&Config::ssl_ctx>(number("SSL_ctx_idx", 0, 5))},
     .summary = "TLS on the link, and its context",
     .zero_stands_alone = true,
     .settle = settle_ssl},
    {.key = "keepalive",
     .fields = {field<&Config::keepalive>(number("keep_alive_time", 0, 3600))},
     .summary = "Keep-alive time in seconds",
     .shown = "(1-3600)"},
    {.key = "session",
     .fields = {field<&Config::clean_session>(flag("clean_session"))},
     .summary = "Clean session"},
    {.key = "timeout",
     .fields = {field<&Config::pkt_timeout>(number("pkt_timeout", 1, 60)),
                field<&Config::retry_times>(number("retry_times", 0, 10)),
                field<&Config::timeout_notice>(flag("timeout_notice"))},
     .summary = "Packet timeout in seconds, retries, and whether they are reported",
     .all_together = true},
    {.key = "will", .fields = {}, .summary = "Last will, message on the line"},
    {.key = "willex",
     .fields = {},
     .summary = "Last will, message behind a prompt",
     .shown = "(0,1),(0-2),(0,1),\"willtopic\",(1-256)"},
    {.key = "recv/mode",
     .fields = {field<&Config::recv_mode>(flag("msg_recv_mode")),
                field<&Config::recv_len>(flag("msg_len_enable"))},
     .summary = "Messages in the URC (0) or stored (1), with their length or not"},
    {.key = "qmtping",
     .fields = {field<&Config::qmtping>(number("qmtping_interval", 5, 60))},
     .summary = "Seconds to wait for the answer to a PINGREQ"},
    {.key = "send/mode",
     .fields = {field<&Config::send_hex>(flag("send_mode"))},
     .summary = "Payload typed as text (0) or hex (1)"},
    {.key = "aliauth",
     .fields = {device_field<&Config::aliauth, &Aliauth::product_key>("product_key"),
                device_field<&Config::aliauth, &Aliauth::device_name>("device_name"),
                device_field<&Config::aliauth, &Aliauth::device_secret>("device_secret")},
     .summary = "Alibaba Cloud device, for a sign-in without username",
     .all_together = true,
     .settle = settle_aliauth},
    {.key = "onenet",
     .fields = {device_field<&Config::onenet, &Onenet::product_id>("product_id"),
                device_field<&Config::onenet, &Onenet::access_key>("access_key")},
     .summary = "OneNET product, for a sign-in without username",
     .all_together = true,
     .settle = settle_onenet},
    {.key = "dataformat",
     .fields = {field<&Config::format_send_hex>(flag("send_mode")),
                field<&Config::format_recv_hex>(flag("recv_mode"))},
     .summary = "Payload typed and shown as text (0) or hex (1)",
     .all_together = true},
    {.key = "view/mode",
     .fields = {field<&Config::view>(flag("view_mode"))},
     .summary = "Show typed payload back even with ATE0"},
    {.key = "edit/timeout",
     .fields = {field<&Config::edit_timeout>(flag("enable_timeout")),
                field<&Config::edit_seconds>(number("edit_timeout", 1, 180))},
     .summary = "Leave the prompt after so many seconds",
     .zero_stands_alone = true,
     .settle = settle_edit_timeout},
}};

constexpr at::ParamList will_params(std::string_view last, std::int64_t low, bool text_last) {
  at::ParamList params{client_idx, flag("will_fg").optional(), number("will_qos", 0, 2).optional(),
                       flag("will_retain").optional(), will_topic};
  params.add((text_last ? text(last, low, 256) : number(last, low, 256)).optional());
  return params;
}

template <class... Values>
at::Outcome show(std::string_view name, const Values&... values) {
  auto line = fmt::format("{}: \"{}\"", qmtcfg, name);
  ((line += fmt::format(",{}", values)), ...);
  return at::Outcome::ok(std::move(line));
}

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", text); }

}  // namespace

const std::array<Command<Qmt>, 16>& Qmt::config_commands() {
  // What `=?` shows behind the key: <client_idx>, then the values.
  static const auto shown = [] {
    std::array<std::string, keys.size()> texts;
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (!keys[i].shown.empty()) texts[i] = fmt::format("(0-5),{}", keys[i].shown);
    return texts;
  }();
  static const auto table = [] {
    std::array<Command<Qmt>, keys.size()> rows;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const auto& key = keys[i];
      rows[i] = {.name = qmtcfg,
                 .key = key.key,
                 .params = key.params({client_idx}),
                 .write = &Qmt::configure,
                 .shown = shown[i],
                 .section = "note 3.3.1",
                 .source = Source::note,
                 .summary = key.summary};
      if (key.key == "will") {
        rows[i].params = will_params("willmessage", 0, true);
        rows[i].write = &Qmt::will;
      } else if (key.key == "willex") {
        rows[i].params = will_params("will_len", 0, false);
        rows[i].write = &Qmt::willex;
      }
    }
    return rows;
  }();
  return table;
}

void Qmt::snapshot(at::Memo& memo, Config& config) {
  if (memo.restoring()) config = {};
  for (const auto& key : keys) key.snapshot(memo, config);
  memo.group("will", [&] {
    auto& [wanted, will] = config.will;
    memo.flag("will_fg", wanted);
    memo.whole("will_qos", will.qos, number("will_qos", 0, 2));
    memo.flag("will_retain", will.retain);
    memo.text("willtopic", will.topic, will_topic);
    memo.text("willmessage", will.message, text("willmessage", 0, max_will_message));
    if (wanted) memo.require(is_publishable(will.topic), "willtopic", "is no topic");
  });
}

at::Outcome Qmt::configure(const Args& args) {
  const auto& key = *std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return each.key == args.key(); });
  auto& target = client(args);
  if (!args.given_from(1)) return show(key.key, key.values(target.config()));
  if (!target.configurable()) return Outcome::error();
  auto proposed = target.config();
  if (!key.set(proposed, args, 1)) return Outcome::error();
  if (proposed.keepalive == 0 && !knobs_.is_set(cellular::Knob::keepalive_zero))
    return Outcome::error();
  target.config() = std::move(proposed);
  return Outcome::ok();
}

at::Outcome Qmt::will(const Args& args) {
  auto& target = client(args);
  auto& stored = target.config().will;
  if (!args.given_from(1)) {
    if (!stored.wanted) return show("will", 0);
    return show("will", 1, stored.will.qos, static_cast<int>(stored.will.retain),
                quoted(stored.will.topic), quoted(stored.will.message));
  }
  if (!args.given(1) || !target.configurable()) return Outcome::error();
  // reading: will_fg 0 ignores what follows it, but that must be in its range all the same
  if (args.number(1) == 0) {
    stored = {};
    return Outcome::ok();
  }
  if (!args.given_all(2, 5) || !is_publishable(args.text(4))) return Outcome::error();
  stored = {true, {args.number(2), args.number(3) != 0, args.text(4), args.text(5)}};
  return Outcome::ok();
}

at::Outcome Qmt::willex(const Args& args) {
  auto& target = client(args);
  auto& stored = target.config().will;
  if (!args.given_from(1)) {
    if (!stored.wanted) return show("willex", 0);
    return show("willex", 1, stored.will.qos, static_cast<int>(stored.will.retain),
                quoted(stored.will.topic), stored.will.message.size());
  }
  if (!args.given(1) || !target.configurable()) return Outcome::error();
  if (args.number(1) == 0) {
    stored = {};
    return Outcome::ok();
  }
  if (!args.given_all(2, 5) || !is_publishable(args.text(4)) || args.number(5) == 0)
    return Outcome::error();
  auto prompt = data_prompt(target, static_cast<std::size_t>(args.number(5)));
  prompt.then = [&target, will = Will{args.number(2), args.number(3) != 0, args.text(4), {}}](
                    std::string message) mutable {
    if (!target.configurable()) return Outcome::error();
    will.message = std::move(message);
    target.config().will = {true, std::move(will)};
    return Outcome::ok();
  };
  return Outcome::prompt(std::move(prompt));
}

}  // namespace mqtt_backend
