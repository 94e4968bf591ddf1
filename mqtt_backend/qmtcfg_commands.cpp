#include "mqtt_backend/qmt_commands.hpp"
#include "mqtt_backend/topic.hpp"

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

constexpr at::Param client_idx = number("client_idx", 0, max_client_idx);

constexpr at::Param flag(std::string_view name) { return choice(name, {0, 1}).optional(); }
constexpr at::Param opt(std::string_view name, std::int64_t low, std::int64_t high) {
  return number(name, low, high).optional();
}
constexpr at::Param secret(std::string_view name) { return text(name, 0, max_secret).optional(); }
constexpr at::Param will_topic = text("willtopic", 0, 256).optional();

constexpr Command<Qmt> key(std::string_view name, at::ParamList params,
                           at::Outcome (Qmt::*write)(const at::Args&), std::string_view summary) {
  return {.name = qmtcfg,
          .key = name,
          .params = params,
          .write = write,
          .section = "note 3.3.1",
          .source = Source::note,
          .summary = summary};
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
  static constexpr auto table = [] {
    std::array<Command<Qmt>, 16> rows{{
        key("version", {client_idx, choice("vsn", {3, 4}).optional()}, &Qmt::version,
            "Protocol version: 3 = MQTT 3.1, 4 = MQTT 3.1.1"),
        key("pdpcid", {client_idx, opt("cid", 1, 15)}, &Qmt::pdpcid, "PDP context of the link"),
        key("ssl", {client_idx, flag("SSL_enable"), opt("SSL_ctx_idx", 0, 5)}, &Qmt::ssl,
            "TLS on the link, and its context"),
        key("keepalive", {client_idx, opt("keep_alive_time", 0, 3600)}, &Qmt::keepalive,
            "Keep-alive time in seconds"),
        key("session", {client_idx, flag("clean_session")}, &Qmt::session, "Clean session"),
        key("timeout",
            {client_idx, opt("pkt_timeout", 1, 60), opt("retry_times", 0, 10),
             flag("timeout_notice")},
            &Qmt::timeout, "Packet timeout in seconds, retries, and whether they are reported"),
        key("will",
            {client_idx, flag("will_fg"), opt("will_qos", 0, 2), flag("will_retain"), will_topic,
             text("willmessage", 0, 256).optional()},
            &Qmt::will, "Last will, message on the line"),
        key("willex",
            {client_idx, flag("will_fg"), opt("will_qos", 0, 2), flag("will_retain"), will_topic,
             opt("will_len", 0, 256)},
            &Qmt::willex, "Last will, message behind a prompt"),
        key("recv/mode", {client_idx, flag("msg_recv_mode"), flag("msg_len_enable")},
            &Qmt::recv_mode, "Messages in the URC (0) or stored (1), with their length or not"),
        key("qmtping", {client_idx, opt("qmtping_interval", 5, 60)}, &Qmt::qmtping,
            "Seconds to wait for the answer to a PINGREQ"),
        key("send/mode", {client_idx, flag("send_mode")}, &Qmt::send_mode,
            "Payload typed as text (0) or hex (1)"),
        key("aliauth",
            {client_idx, secret("product_key"), secret("device_name"), secret("device_secret")},
            &Qmt::aliauth, "Alibaba Cloud device, for a sign-in without username"),
        key("onenet", {client_idx, secret("product_id"), secret("access_key")}, &Qmt::onenet,
            "OneNET product, for a sign-in without username"),
        key("dataformat", {client_idx, flag("send_mode"), flag("recv_mode")}, &Qmt::dataformat,
            "Payload typed and shown as text (0) or hex (1)"),
        key("view/mode", {client_idx, flag("view_mode")}, &Qmt::view_mode,
            "Show typed payload back even with ATE0"),
        key("edit/timeout", {client_idx, flag("enable_timeout"), opt("edit_timeout", 1, 180)},
            &Qmt::edit_timeout, "Leave the prompt after so many seconds"),
    }};
    rows[3].shown = "(0-5),(1-3600)";
    rows[7].shown = "(0-5),(0,1),(0-2),(0,1),\"willtopic\",(1-256)";
    return rows;
  }();
  static_assert(at::well_formed(table));
  return table;
}

at::Outcome Qmt::number_key(const Args& args, std::string_view name, int Config::*value) {
  auto& target = client(args);
  if (!args.given(1)) return show(name, target.config().*value);
  if (!target.configurable()) return Outcome::error();
  target.config().*value = args.number(1);
  return Outcome::ok();
}

at::Outcome Qmt::flag_key(const Args& args, std::string_view name, bool Config::*value) {
  auto& target = client(args);
  if (!args.given(1)) return show(name, static_cast<int>(target.config().*value));
  if (!target.configurable()) return Outcome::error();
  target.config().*value = args.number(1) != 0;
  return Outcome::ok();
}

at::Outcome Qmt::version(const Args& args) { return number_key(args, "version", &Config::version); }

at::Outcome Qmt::pdpcid(const Args& args) { return number_key(args, "pdpcid", &Config::pdpcid); }

at::Outcome Qmt::ssl(const Args& args) {
  auto& target = client(args);
  auto& config = target.config();
  if (!args.given_from(1)) return config.ssl ? show("ssl", 1, *config.ssl_ctx) : show("ssl", 0);
  if (!target.configurable()) return Outcome::error();
  const bool enable = args.number_or(1, config.ssl) != 0;
  if (enable && !args.given(2) && !config.ssl_ctx) return Outcome::error();
  config.ssl = enable;
  if (args.given(2)) config.ssl_ctx = args.number(2);
  return Outcome::ok();
}

at::Outcome Qmt::keepalive(const Args& args) {
  const bool zero = args.given(1) && args.number(1) == 0;
  if (zero && !knobs_.is_set(cellular::Knob::keepalive_zero)) return Outcome::error();
  return number_key(args, "keepalive", &Config::keepalive);
}

at::Outcome Qmt::session(const Args& args) {
  return flag_key(args, "session", &Config::clean_session);
}

at::Outcome Qmt::timeout(const Args& args) {
  auto& target = client(args);
  auto& config = target.config();
  if (!args.given_from(1))
    return show("timeout", config.pkt_timeout, config.retry_times,
                static_cast<int>(config.timeout_notice));
  if (!args.given_all(1, 3) || !target.configurable()) return Outcome::error();
  config.pkt_timeout = args.number(1);
  config.retry_times = args.number(2);
  config.timeout_notice = args.number(3) != 0;
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

at::Outcome Qmt::recv_mode(const Args& args) {
  auto& target = client(args);
  auto& config = target.config();
  if (!args.given_from(1))
    return show("recv/mode", config.recv_mode, static_cast<int>(config.recv_len));
  if (!target.configurable()) return Outcome::error();
  config.recv_mode = args.number_or(1, config.recv_mode);
  config.recv_len = args.number_or(2, config.recv_len) != 0;
  return Outcome::ok();
}

at::Outcome Qmt::qmtping(const Args& args) { return number_key(args, "qmtping", &Config::qmtping); }

at::Outcome Qmt::send_mode(const Args& args) {
  return flag_key(args, "send/mode", &Config::send_hex);
}

at::Outcome Qmt::aliauth(const Args& args) {
  auto& target = client(args);
  auto& device = target.config().aliauth;
  if (!args.given_from(1))
    return show("aliauth", quoted(device.product_key), quoted(device.device_name),
                quoted(device.device_secret));
  if (!args.given_all(1, 3) || !target.configurable()) return Outcome::error();
  for (std::size_t i = 1; i <= 2; ++i)
    if (!is_mqtt_string(args.text(i))) return Outcome::error();
  device = {args.text(1), args.text(2), args.text(3)};
  return Outcome::ok();
}

at::Outcome Qmt::onenet(const Args& args) {
  auto& target = client(args);
  auto& product = target.config().onenet;
  if (!args.given_from(1))
    return show("onenet", quoted(product.product_id), quoted(product.access_key));
  if (!args.given_all(1, 2) || !target.configurable()) return Outcome::error();
  if (!is_mqtt_string(args.text(1))) return Outcome::error();
  product = {args.text(1), args.text(2)};
  return Outcome::ok();
}

at::Outcome Qmt::dataformat(const Args& args) {
  auto& target = client(args);
  auto& config = target.config();
  if (!args.given_from(1))
    return show("dataformat", static_cast<int>(config.format_send_hex),
                static_cast<int>(config.format_recv_hex));
  if (!args.given_all(1, 2) || !target.configurable()) return Outcome::error();
  config.format_send_hex = args.number(1) != 0;
  config.format_recv_hex = args.number(2) != 0;
  return Outcome::ok();
}

at::Outcome Qmt::view_mode(const Args& args) { return flag_key(args, "view/mode", &Config::view); }

at::Outcome Qmt::edit_timeout(const Args& args) {
  auto& target = client(args);
  auto& config = target.config();
  if (!args.given_from(1))
    return config.edit_timeout ? show("edit/timeout", 1, *config.edit_seconds)
                               : show("edit/timeout", 0);
  if (!target.configurable()) return Outcome::error();
  config.edit_timeout = args.number_or(1, config.edit_timeout) != 0;
  if (args.given(2)) config.edit_seconds = args.number(2);
  if (config.edit_timeout && !config.edit_seconds) config.edit_seconds = default_edit_seconds;
  return Outcome::ok();
}

}  // namespace mqtt_backend
