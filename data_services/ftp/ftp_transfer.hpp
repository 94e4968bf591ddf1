// One transfer of an FTP session: the type, the data connection (to the server, or from it), the
// command, the bytes, and the reply behind them (RFC 959 3.2, RFC 4217; data services FTP-7 to
// FTP-11). Sans I/O. Owned by the FtpSession.
#pragma once

#include "at_engine/timeline.hpp"
#include "data_services/ftp/ftp_error.hpp"
#include "data_services/ftp/ftp_reply.hpp"
#include "data_services/ftp/ftp_settings.hpp"
#include "data_services/service_world.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace data_services {

class FtpTransfer;

/// The module's end of a transfer: where its bytes come from or go to. It asks for them by want(),
/// or has them sent by supply().
class FtpDataEnd {
 public:
  FtpDataEnd() = default;
  virtual ~FtpDataEnd() = default;
  FtpDataEnd(const FtpDataEnd&) = delete;
  FtpDataEnd& operator=(const FtpDataEnd&) = delete;

  /// The server has begun, and the data connection stands.
  virtual void begun(const std::shared_ptr<FtpTransfer>& transfer) = 0;
  virtual void arrived(std::string_view /*bytes*/) {}
  /// Nothing arrives any more.
  virtual void ended() {}
  /// The system has taken all that was supplied.
  virtual void sent() {}
  /// It is over, perhaps before it has begun. Gives the result that the host is told in a result
  /// line; nothing where refuse() is to answer the command itself.
  virtual std::optional<FtpResult> over(const FtpResult& result) = 0;
  virtual void refuse(FtpError /*why*/) {}
};

class FtpTransfer : public std::enable_shared_from_this<FtpTransfer> {
 public:
  struct Request {
    std::string command{};  // "RETR x"
    bool is_typed = true;   // binary or text, as it is set
    bool is_upload = false;
    std::uint64_t start = 0;                // byte of the server's file
    std::optional<std::uint64_t> length{};  // of a download, at most
  };

  /// TLS of data connections, as of the control connection; null without. The certificate is
  /// `host`'s.
  struct Protection {
    std::shared_ptr<const ssl_ctx::TlsRequest> tls;
    std::string host;
  };

  /// What it needs of its session.
  class Control {
   public:
    /// Sends a line; each reply comes to `then` until another line is sent.
    virtual void ask(const std::string& line, std::function<void(const FtpReply&)> then) = 0;
    [[nodiscard]] virtual const ServiceWorld& world() const = 0;
    [[nodiscard]] virtual const FtpSettings& settings() const = 0;
    /// Whether the server owes a reply.
    virtual void await(bool reply) = 0;
    /// Address of the server.
    [[nodiscard]] virtual std::string server() const = 0;
    /// The address at which it sees the module.
    [[nodiscard]] virtual std::string local_address() const = 0;
    [[nodiscard]] virtual Protection protection() const = 0;
    /// The context of the session.
    [[nodiscard]] virtual int cid() const = 0;
    /// Told once; it may destroy the transfer.
    virtual void transfer_over(FtpResult result) = 0;

   protected:
    ~Control() = default;
  };

  FtpTransfer(Control& control, Request request, FtpDataEnd& end);

  void start();

  /// So many bytes more may arrive.
  void want(std::size_t bytes);
  void supply(std::string_view bytes);
  /// That was all.
  void end_supply();
  [[nodiscard]] std::size_t unsent() const { return connection_ ? connection_->unsent() : 0; }
  /// Ends it early, with this error.
  void abort(FtpError why);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  void open_data();
  void ask_passive(bool is_ipv6);
  void passive_told(const FtpReply& reply);
  void dial(const Origin& place);
  void dial_failed();
  void listen();
  void listening();
  void accept(const Incoming& incoming);
  [[nodiscard]] Connection::Events events();
  void reached();
  void restart();
  void command();
  void replied(const FtpReply& reply);
  void begin();
  void begin_data();
  void arrived(const Arrival& arrival);
  void data_over();
  void data_ended(Ending ending);
  void watch();
  void finish();
  void conclude(FtpResult result);
  void refused(const FtpReply& reply);

  Control& control_;
  Request request_;
  FtpDataEnd& end_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Listener> listener_;
  std::optional<Origin> other_place_;  // to try if the first one is not there
  at::Timer silence_;
  bool accepted_ = false;  // by the server
  bool begun_ = false;
  bool supplied_all_ = false;
  bool data_over_ = false;
  bool server_ended_ = false;  // it sends no more data
  bool cut_short_ = false;     // all that was wanted is here
  FtpError aborted_ = FtpError::none;
  std::optional<FtpReply> last_;  // the server's verdict
  std::size_t wanted_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace data_services
