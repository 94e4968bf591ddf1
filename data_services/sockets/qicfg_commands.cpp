// AT+QICFG: what is set for all sockets, one row a key (data services 3.8).
#include "at_engine/setting.hpp"
#include "data_services/sockets/socket_commands.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace data_services {
namespace {

using at::choice;
using at::field;
using at::number;
using S = SocketSettings;
using Key = at::Setting<SocketSettings>;

constexpr at::Param flag = choice("value", {0, 1});

constexpr std::array<Key, Qi::key_count> keys{{
    {.key = "transpktsize",
     .fields = {field<&S::packet_size>(number("bytes", 1, 1460))},
     .summary = "A transparent socket sends when so many bytes are there"},
    {.key = "transwaittm",
     .fields = {field<&S::packet_wait>(number("wait", 0, 20))},
     .summary = "Or after a pause of so many 100 ms; 0: at once"},
    {.key = "dataformat",
     .fields = {field<&S::send_hex>(choice("send", {0, 1})),
                field<&S::receive_hex>(choice("recv", {0, 1}))},
     .summary = "Payload as text or as hex digits, to send and received",
     .all_together = true},
    {.key = "viewmode",
     .fields = {field<&S::one_line>(flag)},
     .summary = "Direct push: header and data on two lines, or on one with a comma"},
    {.key = "udp/sendmode",
     .fields = {field<&S::udp_send_stream>(flag)},
     .summary = "A transparent UDP socket sends a datagram a packet, or all that is there as one"},
    {.key = "udp/readmode",
     .fields = {field<&S::udp_read_stream>(flag)},
     .summary = "A read of a UDP socket takes one datagram at the most, or any number"},
    {.key = "tcp/accept",
     .fields = {field<&S::accepts>(flag)},
     .summary = "Who connects to a listener gets a socket, or is told of and turned away"},
    {.key = "passiveclosed",
     .fields = {field<&S::passive_close>(flag)},
     .summary = "Our side closes with the peer's, or still sends"},
    {.key = "tcp/twrecycle",
     .fields = {field<&S::recycles>(flag)},
     .summary = "Reuse of local ports (stored only: the system's counts)"},
    {.key = "close/mode",
     .fields = {field<&S::close_urc>(flag)},
     .summary = "QICLOSE is followed by a \"closed\""},
    {.key = "recvind",
     .fields = {field<&S::unread_in_urc>(flag)},
     .summary = "\"recv\" tells the unread length"},
    {.key = "sendinfo",
     .fields = {field<&S::send_info>(flag)},
     .summary = "Sends end with +QISEND: <id>,<status>,<free> and OK"},
    {.key = "tcp/keepalive",
     .fields = {field<&S::keep_alive>(choice("enable", {0, 1})),
                field<&S::keep_alive_idle_s>(number("idle", 1, 1800)),
                field<&S::keep_alive_interval_s>(number("interval", 25, 100)),
                field<&S::keep_alive_probes>(number("probes", 3, 10))},
     .summary = "A silent peer is asked whether it is there; seconds; from the next open on",
     .zero_stands_alone = true},
    {.key = "tcp/retranscfg",
     .fields = {field<&S::retries>(number("retries", 3, 12)),
                field<&S::retry_period_s>(number("period", 1, 60))},
     .summary = "Retransmissions until a connection is given up; from the next open on",
     .all_together = true},
    {.key = "formatcfg",
     .fields = {field<&S::prompt_line>(flag)},
     .summary = "The prompt begins a line, or is one"},
    {.key = "qisend/timeout",
     .fields = {field<&S::send_timeout_s>(number("seconds", 0, 180))},
     .summary = "Limit of the prompt of QISEND; 0: none"},
    {.key = "send/buffersize",
     .fields = {field<&S::send_buffer>(number("bytes", 1460, 10'240))},
     .summary = "Bytes of a socket that may wait for the peer's acknowledgement"},
    {.key = "tcp/inactivetm",
     .fields = {field<&S::inactive_s>(number("seconds", 0, 65'535))},
     .summary = "A TCP socket without data for so long is closed; 0: never"},
    {.key = "tcp/sendmode",
     .fields = {field<&S::send_mode>(choice("mode", {0, 1, 4}))},
     .summary = "SEND OK at once (0; or as AT+QCFG=\"TCP/SendMode\" says), with the peer's "
                "acknowledgement (1), or at once and a URC with it (4)"},
    {.key = "pdp/retry",
     .fields = {field<&S::pdp_retry>(choice("activation", {0, 1})),
                field<&S::pdp_retry_rat>(choice("rat", {0, 1})),
                field<&S::pdp_retries>(number("retries", 2, 4)),
                field<&S::pdp_retry_s>(number("period", 1, 3600))},
     .summary = "Retries of contexts (stored only)"},
}};

constexpr std::int64_t max_payload = 128;
constexpr at::Param form = number("form", 0, 2);

using R = SocketRules;
using Rule = at::Setting<SocketRules>;

// reading: the last two values of each are named nowhere; here the first of them tells how the
// payload is given (0: off), the second is a count (0: without end) or a switch
constexpr std::array<Rule, Qi::rule_count> rules{{
    {.key = "send/auto",
     .fields = {field<&R::beat_s>(number("interval", 20, 86'400)),
                field<&R::beat>(at::text("msg_auto", 0, max_payload)), field<&R::beat_form>(form),
                field<&R::beat_count>(number("count", 0, 10))},
     .summary = "Sends a payload so often while the socket is open",
     .all_together = true},
    {.key = "recv/ignore",
     .fields = {field<&R::ignored>(at::text("msg_ignore", 0, max_payload)),
                field<&R::ignored_form>(form), field<&R::ignores>(flag)},
     .summary = "What comes in one piece and is this, is dropped",
     .all_together = true},
    {.key = "wakeup/data",
     .fields = {field<&R::waking>(at::text("wakeup_data", 0, max_payload)),
                field<&R::waking_form>(form), field<&R::wakes>(flag)},
     .summary = "What comes in one piece and is this, is told of by a URC before",
     .all_together = true},
}};

/// Where they are among the keys of `=?`.
constexpr std::array<std::string_view, Qi::rule_count> rule_comes_behind{
    "tcp/retranscfg", "tcp/retranscfg", "tcp/inactivetm"};

at::Command<Qi> row_of(std::string_view key, at::ParamList params, std::string_view summary) {
  return {.name = "+QICFG",
          .key = key,
          .params = params,
          .section = "TCP/IP 2.4.16",
          .source = at::Source::sibling,
          .summary = summary};
}

}  // namespace

const std::array<at::Command<Qi>, Qi::key_count + Qi::rule_count>& Qi::config_commands() {
  static const auto table = [] {
    std::array<at::Command<Qi>, key_count + rule_count> rows;
    auto* row = rows.data();
    for (const auto& key : keys) {
      *row = row_of(key.key, key.params({}), key.summary);
      row++->write = &Qi::configure;
      for (std::size_t i = 0; i < rules.size(); ++i) {
        if (rule_comes_behind[i] != key.key) continue;
        *row = row_of(rules[i].key, rules[i].params({number("connectID", 0, max_connect_id)}),
                      rules[i].summary);
        row++->write = &Qi::rule;
      }
    }
    for (auto& each : rows) each.malformed = &Qi::malformed;
    return rows;
  }();
  return table;
}

at::Outcome Qi::configure(const Args& args) {
  const auto& key = *std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return each.key == args.key(); });
  auto& settings = sockets_.settings();
  if (!args.given_from(0))
    return done(Outcome::ok(fmt::format("+QICFG: \"{}\",{}", key.key, key.values(settings))));
  if (!key.set(settings, args, 0)) return refuse(cellular::TcpIpError::invalid_parameters);
  return done();
}

at::Outcome Qi::rule(const Args& args) {
  const auto& key = *std::find_if(rules.begin(), rules.end(),
                                  [&](const Rule& each) { return each.key == args.key(); });
  const int id = args.number(0);
  auto& rule = sockets_.settings().rules[static_cast<std::size_t>(id)];
  if (!args.given_from(1))
    return done(Outcome::ok(fmt::format("+QICFG: \"{}\",{},{}", key.key, id, key.values(rule))));
  if (!key.set(rule, args, 1)) return refuse(cellular::TcpIpError::invalid_parameters);
  if (const auto socket = sockets_.at(id)) socket->rules_changed();
  return done();
}

void Qi::snapshot(at::Memo& memo, SocketSettings& settings) {
  memo.enter("sockets");
  if (memo.restoring()) settings = {};
  for (const auto& key : keys) key.snapshot(memo, settings);
  for (std::size_t i = 0; i < settings.rules.size(); ++i) {
    memo.enter(std::to_string(i));
    for (const auto& key : rules) key.snapshot(memo, settings.rules[i]);
    memo.leave();
  }
  memo.leave();
}

}  // namespace data_services
