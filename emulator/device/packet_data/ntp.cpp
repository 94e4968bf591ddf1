#include "emulator/device/packet_data/ntp.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

namespace emulator::device {
namespace {

using at::Command;
using at::Outcome;
using namespace std::chrono_literals;

constexpr int ntp_port = 123;

}  // namespace

const std::array<Command<Ntp>, 1>& Ntp::commands() {
  static constexpr std::array<Command<Ntp>, 1> table{{
      {.name = "+QNTP",
       .params = {at::number("contextID", 1, Pdp::max_cid), at::text("server", 1, 255),
                  at::number("port", 1, 65535).optional(),
                  at::choice("autosettime", {0, 1}).optional(),
                  at::number("retries", 1, 10).optional(),
                  at::number("interval", 5, 60).optional()},
       .read = &Ntp::server,
       .write = &Ntp::start,
       .shown = "(1-15),<server>,<port>,(0,1),(1-10),(5-60)",
       .section = "TCP/IP 2.4.17",
       .source = at::Source::sibling,
       .summary = "Ask a time server, and set the clock"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Ntp::Ntp(Parts parts) : parts_(parts), timer_(parts.timeline) {}

void Ntp::reset() {
  ground_.revoke();
  question_.reset();
  timer_.stop();
}

Outcome Ntp::start(const at::Call& call) {
  const auto& args = call.args;
  auto& pdp = parts_.pdp;
  if (question_) return pdp.refuse(TcpIpError::busy);
  cellular::Lease lease;
  const auto lost = [this] { done(std::to_string(code(TcpIpError::activation_failed))); };
  if (pdp.active(args.number(0))) lease = pdp.hold(args.number(0), lost);
  question_ = Question{call.asker,
                       std::move(lease),
                       {args.text(1), {}, static_cast<std::uint16_t>(args.number_or(2, ntp_port))},
                       args.number_or(3, parts_.knobs.get(cellular::Knob::ntp_autoset)) == 1,
                       args.number_or(4, parts_.qcfg.values().ntp_tries),
                       args.number_or(5, parts_.qcfg.values().ntp_interval_s)};
  ground_.revoke();
  pdp.note(TcpIpError::none);
  return Outcome::ok().afterwards(ground_.claim(), [this] { begin(); });
}

Outcome Ntp::server() {
  if (!question_) return Outcome::ok();
  return Outcome::ok(
      fmt::format("+QNTP: \"{}\",{}", question_->server.name, question_->server.port));
}

void Ntp::begin() {
  if (!question_->lease) return done(std::to_string(code(TcpIpError::activation_failed)));
  question_->inquiry = parts_.internet.resolve(
      {question_->server.name, parts_.pdp.chosen_name_servers(question_->lease.cid())},
      at::while_holds(ground_.claim(), [this](const cellular::Addresses& found) {
        if (found.addresses.empty()) return done(std::to_string(code(TcpIpError::dns_failed)));
        question_->server.address = found.addresses.front();
        next();
      }));
}

void Ntp::next() {
  if (question_->tries_left-- == 0) return done(std::to_string(code(TcpIpError::timed_out)));
  ground_.revoke();
  timer_.start(std::chrono::seconds(question_->interval_s), [this] { next(); });
  question_->inquiry = parts_.internet.ask_time(
      question_->server,
      at::while_holds(ground_.claim(), [this](const auto& unix_ms) { told(unix_ms); }));
}

// reading: the digits are UTC and the zone is the module's, as a log of the generation shows it
void Ntp::told(const std::optional<std::int64_t>& unix_ms) {
  if (!unix_ms) return;  // the next try comes when this one is over
  if (question_->set_clock) parts_.clock.set(*unix_ms);
  done(fmt::format("0,\"{}{:+03}\"", Clock::long_form(*unix_ms), parts_.clock.zone()));
}

void Ntp::done(const std::string& result) {
  const auto asker = question_->asker;
  reset();
  parts_.announce.result(asker, fmt::format("+QNTP: {}", result));
}

}  // namespace emulator::device
