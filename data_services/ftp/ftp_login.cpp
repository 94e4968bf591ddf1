// How an FTP session is opened: connection, TLS, account (FTP-3).
#include "data_services/ftp/ftp_session.hpp"

#include <utility>

namespace data_services {
namespace {

constexpr int need_password = 331;
constexpr int need_account = 332;

FtpError error_of(OpenFailure failure) {
  switch (failure) {
    case OpenFailure::unresolved:
      return FtpError::dns_failed;
    case OpenFailure::tls_failed:
      return FtpError::tls_failed;
    case OpenFailure::local_port_taken:
    case OpenFailure::refused:
    case OpenFailure::unreachable:
      break;
  }
  return FtpError::network;
}

}  // namespace

void FtpSession::open(const std::string& host, std::uint16_t port, Done done) {
  begin(std::move(done), cellular::Latency::Step::open);
  state_ = State::opening;
  host_ = host;
  lease_ = world_.enter(settings_.cid, [this] { bearer_lost(); });
  if (!lease_) return fail({FtpError::network});
  if (!prepare_tls()) return fail({FtpError::tls_failed});
  open_timer_.start(open_limit, [this] { overdue(); });
  connect(port);
}

bool FtpSession::prepare_tls() {
  if (settings_.security == FtpSettings::plain) return true;
  auto request = world_.tls_request(settings_.ssl_ctx);
  if (const auto* missing = std::get_if<std::string>(&request)) {
    world_.log.info("FTP: " + *missing);
    return false;
  }
  tls_ = std::make_shared<ssl_ctx::TlsRequest>(std::get<ssl_ctx::TlsRequest>(std::move(request)));
  return true;
}

void FtpSession::connect(std::uint16_t port) {
  Endpoint endpoint{Protocol::tcp, host_, port};
  if (settings_.security == FtpSettings::implicit_tls) {
    endpoint.tls = tls_;
    earliest_ += world_.latency.draw(cellular::Latency::Step::answer);
  }
  endpoint.cid = cid();
  endpoint.name_servers = world_.bearer.chosen_name_servers(cid());
  control_ = std::make_unique<FtpControl>(world_, endpoint, events());
}

FtpControl::Events FtpSession::events() {
  return {[this] { opened(); },  [this](OpenFailure failure) { open_failed(failure); },
          [this] { protect(); }, [this](const FtpReply& reply) { replied(reply); },
          [this] { lost(); },    [this] { end_close(); }};
}

void FtpSession::open_failed(OpenFailure failure) { fail({error_of(failure)}); }

/// The server speaks first.
void FtpSession::opened() {
  then_ = [this](const FtpReply& reply) {
    if (reply.is_refusal()) return refused(reply);
    if (!reply.is_preliminary()) greeted();
  };
  reply_timer_.start(std::chrono::seconds(settings_.reply_timeout_s), [this] { overdue(); });
}

void FtpSession::greeted() {
  if (settings_.security == FtpSettings::explicit_tls) return negotiate_tls();
  if (tls_) return protect();
  log_in();
}

void FtpSession::negotiate_tls() {
  ask("AUTH TLS", [this](const FtpReply& reply) {
    if (reply.is_refusal()) return fail({FtpError::tls_failed, reply.code});
    if (reply.is_preliminary()) return;
    then_ = nullptr;
    control_->secure(tls_);
  });
}

/// Data connections are to have TLS too (RFC 4217 9).
void FtpSession::protect() {
  ask("PBSZ 0", [this](const FtpReply& size) {
    if (size.is_refusal()) return refused(size);
    if (size.is_preliminary()) return;
    ask("PROT P", [this](const FtpReply& reply) {
      if (reply.is_refusal()) return refused(reply);
      if (!reply.is_preliminary()) log_in();
    });
  });
}

void FtpSession::log_in() {
  ask("USER " + settings_.username, [this](const FtpReply& user) {
    if (user.is_refusal()) return refused(user);
    if (user.is_preliminary()) return;
    if (user.code == need_account) return fail({FtpError::account_needed, user.code});
    if (user.code != need_password) return logged_in();
    ask("PASS " + settings_.password, [this](const FtpReply& reply) {
      if (reply.is_refusal()) return refused(reply);
      if (reply.code == need_account) return fail({FtpError::account_needed, reply.code});
      if (!reply.is_preliminary()) logged_in();
    });
  });
}

void FtpSession::logged_in() {
  state_ = State::idle;
  finish({}, "0");
}

}  // namespace data_services
