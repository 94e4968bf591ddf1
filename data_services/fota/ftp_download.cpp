#include "data_services/fota/ftp_download.hpp"

#include <memory>
#include <utility>

namespace data_services {

class FtpDownload::Sink : public FtpDataEnd {
 public:
  explicit Sink(FtpDownload& download) : download_(download) {}

  void begun(const std::shared_ptr<FtpTransfer>& transfer) override {
    transfer_ = transfer;
    transfer->want(piece);
  }
  void arrived(std::string_view bytes) override {
    const auto transfer = transfer_.lock();  // it is who tells
    download_.too_much_ = !download_.order_.take(bytes);
    if (download_.too_much_) return transfer->abort(FtpError::no_space);
    transfer->want(bytes.size());
  }
  std::optional<FtpResult> over(const FtpResult& result) override { return result; }

 private:
  static constexpr std::size_t piece = std::size_t{16} * 1024;

  FtpDownload& download_;
  std::weak_ptr<FtpTransfer> transfer_;
};

FtpDownload::FtpDownload(const ServiceWorld& world, FtpUrl url, const FtpSettings& settings,
                         Order order)
    : url_(std::move(url)), order_(std::move(order)), session_(world) {
  set_up(settings);
  constexpr std::uint16_t usual_port = 21;
  constexpr std::uint16_t implicit_tls_port = 990;
  const bool is_implicit = session_.settings().security == FtpSettings::implicit_tls;
  session_.open(url_.host, url_.port.value_or(is_implicit ? implicit_tls_port : usual_port),
                [this](FtpResult result, const std::string&) {
                  if (!result.is_ok()) return failed(result);
                  transfer();
                });
}

// reading: how TLS begins is what "ssltype" says; where that says none, at once
void FtpDownload::set_up(const FtpSettings& settings) {
  auto& own = session_.settings();
  own = settings;
  own.ascii = false;
  own.cid = order_.cid;
  own.reply_timeout_s =
      static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(order_.patience).count());
  if (!url_.secure)
    own.security = FtpSettings::plain;
  else if (own.security == FtpSettings::plain)
    own.security = FtpSettings::implicit_tls;
  if (!url_.user) return;
  own.username = *url_.user;
  own.password = url_.password;
}

void FtpDownload::transfer() {
  FtpTransfer::Request request;
  request.command = "RETR " + url_.path;
  session_.transfer(std::move(request), std::make_shared<Sink>(*this),
                    [this](FtpResult result, const std::string&) {
                      if (!result.is_ok()) return failed(result);
                      close();
                    });
}

void FtpDownload::close() {
  const auto closed = [this](FtpResult, const std::string&) { order_.done(End::complete); };
  // The server may have hung up already.
  if (session_.obstacle_of_close() != FtpError::none) return closed({}, {});
  session_.close(closed);
}

void FtpDownload::failed(FtpResult result) {
  constexpr int first_permanent = 500;
  const bool is_final = too_much_ || result.reply >= first_permanent;
  order_.done(is_final ? End::refused : End::failed);
}

}  // namespace data_services
