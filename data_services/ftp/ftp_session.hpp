// The FTP session of the module: its one control connection, who is logged in, and the operation
// that is under way, one at a time (data services 9). Sans I/O. Owned by the Modem.
#pragma once

#include "at_engine/call.hpp"
#include "at_engine/timeline.hpp"
#include "data_services/ftp/ftp_control.hpp"
#include "data_services/ftp/ftp_error.hpp"
#include "data_services/ftp/ftp_settings.hpp"
#include "data_services/ftp/ftp_transfer.hpp"
#include "data_services/ftp/ram_files.hpp"
#include "data_services/service_world.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace data_services {

class FtpSession : private FtpTransfer::Control {
 public:
  /// As +QFTPSTAT numbers them.
  enum class State { opening, idle, transferring, closing, closed };

  /// Within it the session is open, or +QFTPOPEN tells why it is not (GEN-16).
  static constexpr at::Duration open_limit = std::chrono::seconds(125);

  explicit FtpSession(ServiceWorld world);
  FtpSession(const FtpSession&) = delete;
  FtpSession& operator=(const FtpSession&) = delete;

  [[nodiscard]] FtpSettings& settings() { return settings_; }
  /// The storage of a local name: RAM for "RAM:x", else the module's flash.
  [[nodiscard]] Files& files_of(std::string_view local_name);
  [[nodiscard]] State state() const { return state_; }
  /// The host that it is with, or was.
  [[nodiscard]] const std::string& host() const { return host_; }
  /// Its data connection could not be had: it is good for nothing but to be closed (FTP-11).
  [[nodiscard]] bool is_stuck() const { return stuck_; }
  /// Bytes of the last transfer.
  [[nodiscard]] std::uint64_t transferred() const { return transferred_; }

  /// What keeps it from taking a command now: `busy`, `control_closed`, or nothing (FTP-11,
  /// FTP-12).
  [[nodiscard]] FtpError obstacle() const;
  [[nodiscard]] FtpError obstacle_of_open() const;
  [[nodiscard]] FtpError obstacle_of_close() const;

  /// How an operation ended, and the value that goes with it: the server's reply where it failed.
  using Done = std::function<void(FtpResult result, const std::string& value)>;
  /// Says it in the result line of the command `name` of `asker`.
  [[nodiscard]] Done result_line(at::Asker asker, std::string name);

  /// Lines to send one after the other, and what the value of the result is by the last reply;
  /// nothing where that is no good answer.
  struct Exchange {
    std::vector<std::string> lines;
    std::function<std::optional<std::string>(const FtpReply&)> value;
  };

  // Each ends with `done`, never from inside the call; only where nothing is in the way.
  void open(const std::string& host, std::uint16_t port, Done done);
  void exchange(Exchange exchange, Done done);
  /// `end` is told what it ends with, and may answer for it itself.
  void transfer(FtpTransfer::Request request, std::shared_ptr<FtpDataEnd> end, Done done);
  void close(Done done);
  /// What is known here already.
  void tell(at::Asker asker, const std::string& name, const std::string& value);

  /// The module stops: all is cut, and what was set is forgotten (GEN-5, GEN-17).
  void reset();

  /// What is under way, if anything is.
  [[nodiscard]] std::optional<std::string> busy() const;

 private:
  using Then = std::function<void(const FtpReply&)>;

  // For the transfer.
  void ask(const std::string& line, Then then) override;
  void await(bool reply) override;
  [[nodiscard]] const ServiceWorld& world() const override { return world_; }
  [[nodiscard]] const FtpSettings& settings() const override { return settings_; }
  [[nodiscard]] std::string server() const override { return control_->peer(); }
  [[nodiscard]] std::string local_address() const override { return control_->local_address(); }
  [[nodiscard]] FtpTransfer::Protection protection() const override { return {tls_, host_}; }
  [[nodiscard]] int cid() const override { return lease_.cid(); }
  void transfer_over(FtpResult result) override;

  [[nodiscard]] FtpControl::Events events();
  [[nodiscard]] bool prepare_tls();
  void connect(std::uint16_t port);
  void opened();
  void greeted();
  void negotiate_tls();
  void protect();
  void log_in();
  void logged_in();
  void run(std::size_t line);
  void replied(const FtpReply& reply);
  void open_failed(OpenFailure failure);
  void lost();
  void bearer_lost();
  void overdue() { fail({FtpError::timed_out}); }
  void fail(FtpResult result);
  void refused(const FtpReply& reply);
  void tell_end(FtpResult result);
  void begin(Done done, cellular::Latency::Step step);
  void finish(FtpResult result, const std::string& value);
  void drop();
  void end_close();

  ServiceWorld world_;
  FtpSettings settings_;
  RamFiles ram_;
  State state_ = State::closed;
  bool stuck_ = false;
  bool busy_ = false;
  Done done_;  // of the operation that is under way
  at::Time earliest_{};
  at::Timer result_timer_;
  at::Timer reply_timer_;
  at::Timer open_timer_;
  cellular::Lease lease_;
  std::string host_;
  std::shared_ptr<const ssl_ctx::TlsRequest> tls_;  // of this session; null without
  std::unique_ptr<FtpControl> control_;
  Then then_;
  Exchange exchange_;
  std::shared_ptr<FtpTransfer> transfer_;
  std::shared_ptr<FtpDataEnd> end_;
  std::uint64_t transferred_ = 0;
};

}  // namespace data_services
