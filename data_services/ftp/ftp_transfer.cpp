#include "data_services/ftp/ftp_transfer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace data_services {

FtpTransfer::FtpTransfer(Control& control, Request request, FtpDataEnd& end)
    : control_(control),
      request_(std::move(request)),
      end_(end),
      silence_(control.world().timeline) {}

void FtpTransfer::start() {
  if (!request_.is_typed) return open_data();
  control_.ask(control_.settings().ascii ? "TYPE A" : "TYPE I", [this](const FtpReply& reply) {
    if (reply.is_refusal()) return refused(reply);
    if (!reply.is_preliminary()) open_data();
  });
}

// reading: FTPS is always passive, whatever "transmode" says (FTP-2), and so is IPv6, in which the
// module listens nowhere
void FtpTransfer::open_data() {
  const bool is_ipv6 = control_.server().find(':') != std::string::npos;
  if (control_.settings().passive || control_.protection().tls || is_ipv6)
    return ask_passive(is_ipv6);
  listen();
}

void FtpTransfer::ask_passive(bool is_ipv6) {
  control_.ask(is_ipv6 ? "EPSV" : "PASV", [this](const FtpReply& reply) { passive_told(reply); });
}

void FtpTransfer::passive_told(const FtpReply& reply) {
  constexpr int passive = 227;
  constexpr int extended_passive = 229;
  if (reply.is_refusal()) return refused(reply);
  if (reply.is_preliminary()) return;
  std::optional<Origin> told;
  if (reply.code == passive) told = passive_place(reply.text);
  if (reply.code == extended_passive)
    if (const auto port = extended_passive_port(reply.text)) told = {control_.server(), *port};
  if (!told) return conclude({FtpError::unknown, reply.code});
  const Origin at_server{control_.server(), told->port};
  const int choice = control_.settings().data_address;
  if (choice == FtpSettings::both && told->address != at_server.address) other_place_ = at_server;
  dial(choice == FtpSettings::as_control ? at_server : *told);
}

void FtpTransfer::dial(const Origin& place) {
  Endpoint endpoint{Protocol::tcp, place.address, place.port};
  endpoint.cid = control_.cid();
  silence_.start(std::chrono::seconds(control_.settings().data_timeout_s),
                 [this] { dial_failed(); });
  connection_ = control_.world().transport.connect(endpoint, events());
}

void FtpTransfer::dial_failed() {
  connection_.reset();
  if (!other_place_) return conclude({FtpError::data_open_failed});
  dial(*std::exchange(other_place_, std::nullopt));
}

Connection::Events FtpTransfer::events() {
  Connection::Events events;
  events.opened = [this](const Ends&) { reached(); };
  events.failed = [this](OpenFailure failure) {
    if (failure == OpenFailure::tls_failed) return abort(FtpError::tls_failed);
    dial_failed();
  };
  events.secured = [this] { begin_data(); };
  events.arrived = [this](const Arrival& arrival) { arrived(arrival); };
  events.ended = [this](Ending ending) { data_ended(ending); };
  events.closed = [this] { data_over(); };
  events.sent = [this] {
    watch();
    end_.sent();
  };
  return events;
}

void FtpTransfer::listen() {
  silence_.start(std::chrono::seconds(control_.settings().data_timeout_s),
                 [this] { conclude({FtpError::data_open_failed}); });
  Listener::Events events;
  events.listening = [this] { listening(); };
  events.failed = [this](OpenFailure) { conclude({FtpError::data_open_failed}); };
  events.incoming = [this](const Incoming& incoming) { accept(incoming); };
  listener_ = control_.world().transport.listen({0, control_.cid()}, std::move(events));
}

void FtpTransfer::listening() {
  constexpr unsigned byte = 256;
  const auto here = listener_->place();
  auto digits = here.address == "0.0.0.0" ? control_.local_address() : here.address;
  std::replace(digits.begin(), digits.end(), '.', ',');
  control_.ask(fmt::format("PORT {},{},{}", digits, here.port / byte, here.port % byte),
               [this](const FtpReply& reply) {
                 if (reply.is_refusal()) return refused(reply);
                 if (!reply.is_preliminary()) reached();
               });
}

/// Whoever comes first is the server.
void FtpTransfer::accept(const Incoming& incoming) {
  if (connection_) return;
  connection_ = incoming.accept(events());
  begin();
}

void FtpTransfer::reached() {
  silence_.stop();
  if (request_.start > 0) return restart();
  command();
}

void FtpTransfer::restart() {
  control_.ask(fmt::format("REST {}", request_.start), [this](const FtpReply& reply) {
    if (reply.is_refusal()) return refused(reply);
    if (!reply.is_preliminary()) command();
  });
}

void FtpTransfer::command() {
  control_.ask(request_.command, [this](const FtpReply& reply) { replied(reply); });
}

void FtpTransfer::replied(const FtpReply& reply) {
  const auto life = shared_from_this();
  if (reply.is_preliminary()) {
    accepted_ = true;
    watch();
    return begin();
  }
  if (reply.is_refusal() && !cut_short_ && aborted_ == FtpError::none) return refused(reply);
  accepted_ = true;
  last_ = reply;
  watch();
  begin();
  finish();
}

/// The server's TLS waits for its own reply to the command.
void FtpTransfer::begin() {
  if (!accepted_ || !connection_ || begun_) return;
  watch();
  begun_ = true;
  const auto protection = control_.protection();
  if (protection.tls) return connection_->start_tls(protection.tls, protection.host);
  begin_data();
}

/// From here on there is a connection until the data are over.
void FtpTransfer::begin_data() {
  watch();
  end_.begun(shared_from_this());
}

void FtpTransfer::want(std::size_t bytes) {
  if (data_over_) return;
  const auto left = request_.length.value_or(~std::uint64_t{0}) - bytes_ - wanted_;
  const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left));
  wanted_ += more;
  watch();
  connection_->want(more);
}

void FtpTransfer::arrived(const Arrival& arrival) {
  const auto life = shared_from_this();
  bytes_ += arrival.bytes.size();
  wanted_ -= std::min(wanted_, arrival.bytes.size());
  watch();
  end_.arrived(arrival.bytes);
  if (!request_.length || bytes_ < *request_.length || data_over_) return;
  cut_short_ = true;
  connection_.reset();
  data_over();
}

void FtpTransfer::supply(std::string_view bytes) {
  if (data_over_) return;
  bytes_ += bytes.size();
  connection_->send(std::string(bytes));
  watch();
}

void FtpTransfer::end_supply() {
  if (data_over_) return;
  supplied_all_ = true;
  connection_->close();
  watch();
}

/// Of an upload, the end of the server's side tells nothing; its reply does. Of a download, servers
/// with TLS wait for the end of ours before they reply.
void FtpTransfer::data_ended(Ending ending) {
  if (data_over_) return;
  const bool had_ended = std::exchange(server_ended_, true);
  if (ending == Ending::reset && !had_ended) return abort(FtpError::data_closed);
  if (request_.is_upload) return;
  connection_->close();
  data_over();
}

void FtpTransfer::data_over() {
  if (std::exchange(data_over_, true)) return;
  const auto life = shared_from_this();
  watch();
  end_.ended();
  finish();
}

/// The server may be silent so long, while something is expected of it.
void FtpTransfer::watch() {
  const bool expects = !begun_ || data_over_ || wanted_ > 0 || supplied_all_ || unsent() > 0;
  if (connection_) connection_->await(expects && begun_ && !data_over_);
  control_.await(!last_ && data_over_);
  if (!expects) return silence_.stop();
  silence_.start(std::chrono::seconds(control_.settings().reply_timeout_s),
                 [this] { conclude({FtpError::timed_out}); });
}

void FtpTransfer::abort(FtpError why) {
  if (aborted_ != FtpError::none) return;
  aborted_ = why;
  listener_.reset();
  connection_.reset();
  data_over();
}

void FtpTransfer::finish() {
  if (!last_ || !data_over_) return;
  if (aborted_ != FtpError::none) return conclude({aborted_, last_->code});
  conclude({});
}

void FtpTransfer::refused(const FtpReply& reply) {
  conclude({error_of_reply(reply.code), reply.code});
}

void FtpTransfer::conclude(FtpResult result) {
  silence_.stop();
  const auto life = shared_from_this();
  data_over_ = true;
  connection_.reset();
  listener_.reset();
  control_.transfer_over(result);
}

}  // namespace data_services
