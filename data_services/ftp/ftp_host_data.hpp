// Ends of an FTP transfer at the host's port, "COM:" (FTP-7 to FTP-10): a download, an upload of so
// many bytes, and one until "+++". Each answers its command with CONNECT once the transfer stands.
// Shared by the FtpSession and the terminal.
#pragma once

#include "at_engine/outcome.hpp"
#include "data_services/ftp/ftp_transfer.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace data_services {

/// What they have in common: the command that waits for its answer.
class FtpAtPort : public FtpDataEnd {
 public:
  /// What the command's handler returns.
  [[nodiscard]] at::Outcome answer() const { return at::Outcome::later(later_); }

  std::optional<FtpResult> over(const FtpResult& result) final;
  void refuse(FtpError why) final { later_->settle_with(at::Outcome::cme(code(why))); }

 protected:
  /// The transfer is over, and has begun.
  virtual void done() {}
  void connect(const std::shared_ptr<FtpTransfer>& transfer, const at::Outcome& outcome);
  /// The command ends with an error of its own: there is no result line.
  void forget_result() { connected_ = false; }
  [[nodiscard]] std::shared_ptr<FtpTransfer> transfer() const { return transfer_.lock(); }

 private:
  std::shared_ptr<at::Later> later_ = std::make_shared<at::Later>();
  std::weak_ptr<FtpTransfer> transfer_;
  bool connected_ = false;
};

class FtpToHost : public FtpAtPort,
                  public at::Online,
                  public std::enable_shared_from_this<FtpToHost> {
 public:
  void begun(const std::shared_ptr<FtpTransfer>& transfer) override;
  void arrived(std::string_view bytes) override;
  void ended() override { done(); }

  void connected(at::OnlineChannel& channel) override;
  void receive(std::string_view) override {}
  void drained() override { want_more(); }
  void suspended() override;
  void hung_up() override;

 private:
  static constexpr std::size_t piece = 4096;

  void done() override;
  void want_more();

  at::OnlineChannel* channel_ = nullptr;  // while the host takes the bytes
  std::size_t wanted_ = 0;
};

/// Exactly `length` bytes.
class FtpPieceFromHost : public FtpAtPort, public std::enable_shared_from_this<FtpPieceFromHost> {
 public:
  /// Longest piece, in bytes.
  static constexpr std::size_t max_length = std::size_t{1024} * 1024;

  FtpPieceFromHost(std::size_t length, at::Duration timeout);

  void begun(const std::shared_ptr<FtpTransfer>& transfer) override;

 private:
  class Awaited;

  void supply(const std::string& data);
  void give_up();

  std::size_t length_;
  at::Duration timeout_;
};

/// All until "+++".
class FtpFromHost : public FtpAtPort,
                    public at::Online,
                    public std::enable_shared_from_this<FtpFromHost> {
 public:
  /// Bytes that the system has not taken before the host is to wait.
  static constexpr std::size_t enough = std::size_t{16} * 1024;

  void begun(const std::shared_ptr<FtpTransfer>& transfer) override;
  void sent() override;

  void connected(at::OnlineChannel& channel) override { channel_ = &channel; }
  void receive(std::string_view bytes) override;
  void suspended() override;
  void hung_up() override;

 private:
  void done() override;

  at::OnlineChannel* channel_ = nullptr;
};

}  // namespace data_services
