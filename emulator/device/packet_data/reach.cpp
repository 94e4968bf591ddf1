#include "emulator/device/packet_data/reach.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::text;
using namespace std::chrono_literals;

constexpr at::Param context_id = number("contextID", 1, Pdp::max_cid);
constexpr at::Duration lookup_limit = 60s;
constexpr at::Duration between_pings = 1s;
constexpr int ntp_port = 123;
// The system's resolver does not tell how long an address holds.
constexpr int usual_ttl_s = 600;

int code(TcpIpError error) { return static_cast<int>(error); }

}  // namespace

const std::array<Command<Reach>, 3>& Reach::commands() {
  static constexpr std::array<Command<Reach>, 3> table{{
      {.name = "+QIDNSGIP",
       .params = {context_id, text("hostname", 1, 255)},
       .write = &Reach::look_up,
       .shown = "(1-15),<hostname>",
       .section = "TCP/IP 2.4.15",
       .source = Source::sibling,
       .summary = "Addresses of a name"},
      {.name = "+QPING",
       .params = {context_id, text("host", 1, 255), number("timeout", 1, 255).optional(),
                  number("pingnum", 1, 10).optional()},
       .write = &Reach::ping,
       .shown = "(1-15),<host>,(1-255),(1-10)",
       .section = "TCP/IP 2.4.16",
       .source = Source::sibling,
       .summary = "Ping a host"},
      {.name = "+QNTP",
       .params = {context_id, text("server", 1, 255), number("port", 1, 65535).optional(),
                  at::choice("autosettime", {0, 1}).optional()},
       .read = &Reach::asked_time,
       .write = &Reach::ask_time,
       .shown = "(1-15),<server>,(1-65535),(0,1)",
       .section = "TCP/IP 2.4.17",
       .source = Source::sibling,
       .summary = "Ask a time server, and set the clock"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Reach::Reach(Parts parts)
    : parts_(parts),
      lookup_timer_(parts.timeline),
      ping_timer_(parts.timeline),
      time_timer_(parts.timeline) {}

void Reach::reset() {
  ++lookup_no_, ++ping_no_, ++time_no_;
  lookup_.reset();
  pinging_.reset();
  asking_.reset();
  lookup_timer_.stop();
  ping_timer_.stop();
  time_timer_.stop();
}

void Reach::lost(int cid) {
  if (lookup_ && lookup_->cid == cid) look_up_done({});
  if (pinging_ && pinging_->cid == cid) {
    parts_.announce.announce(fmt::format("+QPING: {}", code(TcpIpError::activation_failed)));
    ++ping_no_;
    pinging_.reset();
    ping_timer_.stop();
  }
  if (asking_ && asking_->cid == cid)
    time_done(std::to_string(code(TcpIpError::activation_failed)));
}

Outcome Reach::refuse(TcpIpError error) {
  parts_.pdp.note(error);
  return Outcome::error();
}

Outcome Reach::look_up(const at::Args& args) {
  if (!parts_.pdp.active(args.number(0))) return refuse(TcpIpError::activation_failed);
  if (lookup_) return refuse(TcpIpError::not_allowed);
  lookup_ = Lookup{args.number(0)};
  const auto name = args.text(1);
  return Outcome::ok().afterwards([this, name, no = ++lookup_no_] {
    lookup_timer_.start(lookup_limit, [this] { look_up_done({}); });
    parts_.internet.resolve(name, [this, no](const std::vector<std::string>& addresses) {
      if (no == lookup_no_) look_up_done(addresses);
    });
  });
}

void Reach::look_up_done(const std::vector<std::string>& addresses) {
  ++lookup_no_;
  lookup_.reset();
  lookup_timer_.stop();
  if (addresses.empty()) {
    parts_.pdp.note(TcpIpError::dns_failed);
    parts_.announce.announce(fmt::format("+QIURC: \"dnsgip\",{}", code(TcpIpError::dns_failed)));
    return;
  }
  parts_.announce.announce(
      fmt::format("+QIURC: \"dnsgip\",0,{},{}", addresses.size(), usual_ttl_s));
  for (const auto& address : addresses)
    parts_.announce.announce(fmt::format("+QIURC: \"dnsgip\",\"{}\"", address));
}

Outcome Reach::ping(const at::Args& args) {
  if (!parts_.pdp.active(args.number(0))) return refuse(TcpIpError::activation_failed);
  if (pinging_) return refuse(TcpIpError::not_allowed);
  pinging_ = Pinging{args.number(0),
                     args.text(1),
                     {},
                     std::chrono::seconds(args.number_or(2, 4)),
                     args.number_or(3, 4)};
  return Outcome::ok().afterwards([this, no = ++ping_no_] {
    parts_.internet.resolve(pinging_->name, [this, no](const std::vector<std::string>& found) {
      if (no != ping_no_) return;
      if (found.empty()) {
        parts_.announce.announce(fmt::format("+QPING: {}", code(TcpIpError::dns_failed)));
        pinging_.reset();
        return;
      }
      pinging_->address = found.front();
      next_ping();
    });
  });
}

void Reach::next_ping() {
  if (pinging_->sent == pinging_->wanted) return ping_done();
  ++pinging_->sent;
  const auto no = ++ping_no_;
  ping_timer_.start(pinging_->timeout, [this] { pinged(std::nullopt); });
  parts_.internet.ping(pinging_->address, [this, no](const std::optional<cellular::Echo>& echo) {
    if (no == ping_no_) pinged(echo);
  });
}

void Reach::pinged(const std::optional<cellular::Echo>& echo) {
  ++ping_no_;
  if (echo) {
    pinging_->times.push_back(echo->milliseconds);
    parts_.announce.announce(fmt::format("+QPING: 0,\"{}\",{},{},{}", pinging_->address,
                                         echo->bytes, echo->milliseconds, echo->ttl));
  } else {
    parts_.announce.announce(fmt::format("+QPING: {}", code(TcpIpError::timed_out)));
  }
  if (pinging_->sent == pinging_->wanted) return ping_done();
  ping_timer_.start(between_pings, [this] { next_ping(); });
}

void Reach::ping_done() {
  const auto done = std::move(*pinging_);
  pinging_.reset();
  ping_timer_.stop();
  const auto& times = done.times;
  const int received = static_cast<int>(times.size());
  const int least = times.empty() ? 0 : *std::min_element(times.begin(), times.end());
  const int most = times.empty() ? 0 : *std::max_element(times.begin(), times.end());
  const int mean = times.empty() ? 0 : std::accumulate(times.begin(), times.end(), 0) / received;
  parts_.announce.announce(fmt::format("+QPING: 0,{},{},{},{},{},{}", done.sent, received,
                                       done.sent - received, least, most, mean));
}

Outcome Reach::ask_time(const at::Args& args) {
  if (!parts_.pdp.active(args.number(0))) return refuse(TcpIpError::activation_failed);
  if (asking_) return refuse(TcpIpError::not_allowed);
  asking_ = Asking{args.number(0),
                   args.text(1),
                   static_cast<std::uint16_t>(args.number_or(2, ntp_port)),
                   {},
                   args.number_or(3, 1) == 1,
                   parts_.qcfg.number("ntp", 0)};
  return Outcome::ok().afterwards([this, no = ++time_no_] {
    parts_.internet.resolve(asking_->server, [this, no](const std::vector<std::string>& found) {
      if (no != time_no_) return;
      if (found.empty()) return time_done(std::to_string(code(TcpIpError::dns_failed)));
      asking_->address = found.front();
      next_question();
    });
  });
}

Outcome Reach::asked_time() {
  if (!asking_) return Outcome::ok();
  return Outcome::ok(fmt::format("+QNTP: \"{}\",{}", asking_->server, asking_->port));
}

void Reach::next_question() {
  if (asking_->tries_left-- == 0) return time_done(std::to_string(code(TcpIpError::timed_out)));
  const auto no = ++time_no_;
  time_timer_.start(std::chrono::seconds(parts_.qcfg.number("ntp", 1)),
                    [this] { next_question(); });
  parts_.internet.ask_time(asking_->address, asking_->port,
                           [this, no](const std::optional<std::int64_t>& unix_ms) {
                             if (no == time_no_) time_told(unix_ms);
                           });
}

// reading: the digits are UTC and the zone is the module's, as a log of the generation shows it
void Reach::time_told(const std::optional<std::int64_t>& unix_ms) {
  if (!unix_ms) return;  // the next try comes when this one is over
  if (asking_->set_clock) parts_.clock.set(*unix_ms);
  time_done(fmt::format("0,\"{}{:+03}\"", Clock::long_form(*unix_ms), parts_.clock.zone()));
}

void Reach::time_done(const std::string& result) {
  ++time_no_;
  asking_.reset();
  time_timer_.stop();
  parts_.announce.announce(fmt::format("+QNTP: {}", result));
}

}  // namespace emulator::device
