#include "data_services/ftp/ftp_session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace data_services {

namespace {

constexpr int service_unavailable = 421;

}  // namespace

FtpSession::FtpSession(ServiceWorld world)
    : world_(std::move(world)),
      result_timer_(world_.timeline),
      reply_timer_(world_.timeline),
      open_timer_(world_.timeline) {}

Files& FtpSession::files_of(std::string_view local_name) {
  if (RamFiles::are_meant(local_name)) return ram_;
  return world_.files;
}

FtpError FtpSession::obstacle() const {
  if (busy_ || stuck_) return FtpError::busy;
  return state_ == State::closed ? FtpError::control_closed : FtpError::none;
}

FtpError FtpSession::obstacle_of_open() const {
  return busy_ || state_ != State::closed ? FtpError::busy : FtpError::none;
}

FtpError FtpSession::obstacle_of_close() const {
  if (busy_) return FtpError::busy;
  return state_ == State::closed ? FtpError::control_closed : FtpError::none;
}

FtpSession::Done FtpSession::result_line(at::Asker asker, std::string name) {
  return [this, asker, name = std::move(name)](FtpResult result, const std::string& value) {
    world_.announce.result(asker, fmt::format("{}: {},{}", name, code(result.error), value));
  };
}

void FtpSession::begin(Done done, cellular::Latency::Step step) {
  busy_ = true;
  done_ = std::move(done);
  earliest_ = world_.timeline.now() + world_.latency.draw(step);
}

void FtpSession::finish(FtpResult result, const std::string& value) {
  reply_timer_.stop();
  open_timer_.stop();
  then_ = nullptr;
  auto told = result.is_ok() ? value : std::to_string(result.reply);
  result_timer_.start(std::max(earliest_ - world_.timeline.now(), at::Duration::zero()),
                      [this, result, told = std::move(told)] {
                        busy_ = false;
                        // It may begin the next one.
                        const auto done = std::exchange(done_, nullptr);
                        done(result, told);
                      });
}

void FtpSession::tell(at::Asker asker, const std::string& name, const std::string& value) {
  world_.announce.result(asker, fmt::format("{}: 0,{}", name, value));
}

void FtpSession::ask(const std::string& line, Then then) {
  then_ = std::move(then);
  reply_timer_.start(std::chrono::seconds(settings_.reply_timeout_s), [this] { overdue(); });
  control_->send(line);
}

void FtpSession::await(bool reply) {
  if (!reply) reply_timer_.stop();
  control_->await(reply);
}

void FtpSession::replied(const FtpReply& reply) {
  // Behind a preliminary one the server owes another, in the same time.
  if (reply.is_preliminary() && reply_timer_.running())
    control_->await(true);
  else
    reply_timer_.stop();
  if (reply.code == service_unavailable && state_ != State::closing) {
    fail({FtpError::service_unavailable, reply.code});
    return;
  }
  // It may take another's place.
  if (const auto then = then_) then(reply);
}

void FtpSession::exchange(Exchange exchange, Done done) {
  begin(std::move(done), cellular::Latency::Step::answer);
  exchange_ = std::move(exchange);
  run(0);
}

/// Sends a line of the exchange; its reply leads to the next.
void FtpSession::run(std::size_t line) {
  ask(exchange_.lines[line], [this, line](const FtpReply& reply) {
    if (reply.is_refusal()) return refused(reply);
    if (reply.is_preliminary()) return;
    if (line + 1 < exchange_.lines.size()) return run(line + 1);
    const auto value = exchange_.value(reply);
    finish(value ? FtpResult{} : FtpResult{FtpError::unknown, reply.code}, value.value_or(""));
  });
}

void FtpSession::refused(const FtpReply& reply) {
  const FtpResult result{error_of_reply(reply.code), reply.code};
  if (state_ == State::opening) return fail(result);
  finish(result, {});
}

void FtpSession::transfer(FtpTransfer::Request request, std::shared_ptr<FtpDataEnd> end,
                          Done done) {
  begin(std::move(done), cellular::Latency::Step::answer);
  state_ = State::transferring;
  transferred_ = 0;
  end_ = std::move(end);
  FtpTransfer::Control& control = *this;
  transfer_ = std::make_shared<FtpTransfer>(control, std::move(request), *end_);
  transfer_->start();
}

void FtpSession::transfer_over(FtpResult result) {
  reply_timer_.stop();
  then_ = nullptr;
  state_ = State::idle;
  transferred_ = transfer_->bytes();
  transfer_.reset();
  // A reply that comes after all would be taken for another's.
  if (result.error == FtpError::timed_out && result.reply == 0) drop();
  stuck_ = result.error == FtpError::data_open_failed;
  tell_end(result);
}

void FtpSession::tell_end(FtpResult result) {
  const auto end = std::exchange(end_, nullptr);
  if (const auto told = end->over(result)) return finish(*told, std::to_string(transferred_));
  busy_ = false;
  end->refuse(result.error);
}

/// The session cannot go on.
void FtpSession::fail(FtpResult result) {
  if (transfer_) transferred_ = transfer_->bytes();
  const bool is_waited_for = busy_ && !result_timer_.running();
  const bool closes = state_ == State::closing;
  drop();
  if (end_) return tell_end(result);
  if (closes) return finish({}, "0");
  if (is_waited_for) finish(result, {});
}

/// Nothing is left of it but a result that is still to be told.
void FtpSession::drop() {
  reply_timer_.stop();
  open_timer_.stop();
  then_ = nullptr;
  state_ = State::closed;
  stuck_ = false;
  transfer_.reset();
  control_.reset();
  tls_.reset();
  lease_.end();
}

void FtpSession::lost() {
  if (state_ == State::closing) return end_close();
  fail({FtpError::control_closed});
}

void FtpSession::bearer_lost() { fail({FtpError::network}); }

void FtpSession::close(Done done) {
  constexpr int good_bye = 221;
  begin(std::move(done), cellular::Latency::Step::answer);
  state_ = State::closing;
  ask("QUIT", [this](const FtpReply& reply) {
    if (reply.code != good_bye) return end_close();
    reply_timer_.start(std::chrono::seconds(settings_.reply_timeout_s), [this] { end_close(); });
    control_->close();
  });
}

void FtpSession::end_close() {
  drop();
  finish({}, "0");
}

void FtpSession::reset() {
  end_.reset();
  drop();
  result_timer_.stop();
  busy_ = false;
  settings_ = {};
  ram_.clear();
  transferred_ = 0;
}

std::optional<std::string> FtpSession::busy() const {
  if (busy_) return "an FTP command runs";
  if (state_ != State::closed) return "an FTP session is open";
  return std::nullopt;
}

}  // namespace data_services
