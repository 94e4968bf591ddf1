#include "emulator/device/packet_data/ping.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::number;
using at::Outcome;
using namespace std::chrono_literals;

constexpr at::Duration between = 1s;
constexpr int usual_timeout_s = 4;
constexpr int usual_count = 4;

}  // namespace

const std::array<Command<Ping>, 1>& Ping::commands() {
  static constexpr std::array<Command<Ping>, 1> table{{
      {.name = "+QPING",
       .params = {number("contextID", 1, Pdp::max_cid), at::text("host", 1, 255),
                  number("timeout", 1, 255).optional(), number("pingnum", 1, 10).optional()},
       .write = &Ping::start,
       .shown = "(1-15),<host>,(1-255),(1-10)",
       .section = "TCP/IP 2.4.16",
       .source = at::Source::sibling,
       .summary = "Ping a host"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Ping::Ping(at::Timeline& timeline, at::Announce& announce, cellular::Internet& internet, Pdp& pdp)
    : announce_(announce), internet_(internet), pdp_(pdp), timer_(timeline) {}

void Ping::reset() {
  ground_.revoke();
  series_.reset();
  timer_.stop();
}

Outcome Ping::start(const at::Call& call) {
  const auto& args = call.args;
  if (series_) return pdp_.refuse(TcpIpError::not_allowed);
  cellular::Lease lease;
  if (pdp_.active(args.number(0)))
    lease = pdp_.hold(args.number(0), [this] { fail(TcpIpError::activation_failed); });
  series_ = Series{call.asker,
                   std::move(lease),
                   args.text(1),
                   {},
                   std::chrono::seconds(args.number_or(2, usual_timeout_s)),
                   args.number_or(3, usual_count)};
  pdp_.note(TcpIpError::none);
  return Outcome::ok().afterwards(ground_.claim(), [this] { begin(); });
}

void Ping::begin() {
  if (!series_->lease) return fail(TcpIpError::activation_failed);
  series_->inquiry =
      internet_.resolve({series_->name, pdp_.chosen_name_servers(series_->lease.cid())},
                        at::while_holds(ground_.claim(), [this](const cellular::Addresses& found) {
                          if (found.addresses.empty()) return fail(TcpIpError::dns_failed);
                          series_->address = found.addresses.front();
                          next();
                        }));
}

void Ping::next() {
  ++series_->sent;
  timer_.start(series_->timeout, [this] { came(std::nullopt); });
  series_->inquiry = internet_.ping(
      series_->address, at::while_holds(ground_.claim(), [this](const auto& echo) { came(echo); }));
}

void Ping::came(const std::optional<cellular::Echo>& echo) {
  auto& series = *series_;
  series.inquiry.reset();
  if (echo) {
    series.times.push_back(echo->milliseconds);
    announce_.result(series.asker, fmt::format("+QPING: 0,\"{}\",{},{},{}", series.address,
                                               echo->bytes, echo->milliseconds, echo->ttl));
  } else {
    announce_.result(series.asker, fmt::format("+QPING: {}", code(TcpIpError::timed_out)));
  }
  if (series.sent == series.wanted) return done();
  timer_.start(between, [this] { next(); });
}

void Ping::done() {
  const auto series = std::exchange(series_, std::nullopt).value();
  reset();
  const auto& times = series.times;
  const int received = static_cast<int>(times.size());
  const int least = times.empty() ? 0 : *std::min_element(times.begin(), times.end());
  const int most = times.empty() ? 0 : *std::max_element(times.begin(), times.end());
  const int mean = times.empty() ? 0 : std::accumulate(times.begin(), times.end(), 0) / received;
  announce_.result(series.asker, fmt::format("+QPING: 0,{},{},{},{},{},{}", series.sent, received,
                                             series.sent - received, least, most, mean));
}

void Ping::fail(TcpIpError error) {
  const auto asker = series_->asker;
  reset();
  announce_.result(asker, fmt::format("+QPING: {}", code(error)));
}

}  // namespace emulator::device
