#include "data_services/ftp/ftp_host_data.hpp"

#include <algorithm>
#include <utility>

namespace data_services {

using at::Outcome;

std::optional<FtpResult> FtpAtPort::over(const FtpResult& result) {
  if (!connected_) return std::nullopt;
  done();
  return result;
}

/// A command that nobody waits for any more has nobody to talk to either.
void FtpAtPort::connect(const std::shared_ptr<FtpTransfer>& transfer, const Outcome& outcome) {
  const bool waits = later_->settle != nullptr;
  transfer_ = transfer;
  connected_ = true;
  if (waits) return later_->settle_with(outcome);
  transfer->abort(FtpError::transfer_aborted);
}

void FtpToHost::begun(const std::shared_ptr<FtpTransfer>& transfer) {
  connect(transfer, Outcome::online(shared_from_this()));
}

void FtpToHost::connected(at::OnlineChannel& channel) {
  channel_ = &channel;
  want_more();
}

void FtpToHost::want_more() {
  const auto to_come = transfer();
  if (channel_ == nullptr || wanted_ > 0 || !to_come) return;
  wanted_ = std::min(channel_->room(), piece);
  if (wanted_ > 0) to_come->want(wanted_);
}

void FtpToHost::arrived(std::string_view bytes) {
  wanted_ -= std::min(wanted_, bytes.size());
  if (channel_ != nullptr) channel_->transmit(bytes);
  want_more();
}

void FtpToHost::done() {
  if (auto* const channel = std::exchange(channel_, nullptr)) channel->finish(Outcome::ok());
}

// reading: what "+++" breaks off has a result, 616, so that the host hears when it is over
void FtpToHost::suspended() {
  done();
  hung_up();
}

void FtpToHost::hung_up() {
  channel_ = nullptr;
  if (const auto broken_off = transfer()) broken_off->abort(FtpError::transfer_aborted);
}

/// Until the prompt is over: where it goes without an end, so does the transfer.
class FtpPieceFromHost::Awaited {
 public:
  explicit Awaited(std::weak_ptr<FtpPieceFromHost> piece) : piece_(std::move(piece)) {}
  ~Awaited() {
    if (const auto piece = piece_.lock())
      if (const auto transfer = piece->transfer()) transfer->abort(FtpError::transfer_aborted);
  }
  Awaited(const Awaited&) = delete;
  Awaited& operator=(const Awaited&) = delete;

  [[nodiscard]] std::shared_ptr<FtpPieceFromHost> take() {
    return std::exchange(piece_, {}).lock();
  }

 private:
  std::weak_ptr<FtpPieceFromHost> piece_;
};

FtpPieceFromHost::FtpPieceFromHost(std::size_t length, at::Duration timeout)
    : length_(length), timeout_(timeout) {}

void FtpPieceFromHost::begun(const std::shared_ptr<FtpTransfer>& transfer) {
  const auto awaited = std::make_shared<Awaited>(weak_from_this());
  at::Prompt prompt;
  prompt.introduction = at::Prompt::Introduction::connect;
  prompt.echo = at::Prompt::Echo::never;
  prompt.length = length_;
  prompt.timeout = timeout_;
  prompt.timeout_from = at::Prompt::TimeoutFrom::last_byte;
  prompt.then = [awaited](const std::string& data) {
    if (const auto piece = awaited->take()) piece->supply(data);
    return Outcome::ok();
  };
  prompt.expired = [awaited](const std::string&) {
    if (const auto piece = awaited->take()) piece->give_up();
    return Outcome::cme(code(FtpError::timed_out));
  };
  connect(transfer, Outcome::prompt(std::move(prompt)));
}

void FtpPieceFromHost::supply(const std::string& data) {
  const auto to_go = transfer();
  if (!to_go) return;
  to_go->supply(data);
  to_go->end_supply();
}

void FtpPieceFromHost::give_up() {
  forget_result();
  if (const auto late = transfer()) late->abort(FtpError::timed_out);
}

void FtpFromHost::begun(const std::shared_ptr<FtpTransfer>& transfer) {
  connect(transfer, Outcome::online(shared_from_this()));
}

void FtpFromHost::receive(std::string_view bytes) {
  const auto to_go = transfer();
  if (!to_go) return;
  to_go->supply(bytes);
  if (channel_ != nullptr && to_go->unsent() > enough) channel_->hold(true);
}

void FtpFromHost::sent() {
  if (channel_ != nullptr) channel_->hold(false);
}

/// "+++" is its end; there is no way back (FTP-9).
void FtpFromHost::suspended() {
  done();
  hung_up();
}

void FtpFromHost::hung_up() {
  channel_ = nullptr;
  if (const auto to_go = transfer()) to_go->end_supply();
}

void FtpFromHost::done() {
  if (auto* const channel = std::exchange(channel_, nullptr)) channel->finish(Outcome::ok());
}

}  // namespace data_services
