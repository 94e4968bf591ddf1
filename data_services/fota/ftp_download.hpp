// A download by FTP or FTPS: a session of its own, apart from that of AT+QFTP* but set as that is
// (FOTA-1). Owned by the Fota.
#pragma once

#include "data_services/fota/download.hpp"
#include "data_services/fota/source.hpp"
#include "data_services/ftp/ftp_session.hpp"
#include "data_services/service_world.hpp"

namespace data_services {

class FtpDownload : public Download {
 public:
  /// `settings`: of the host's session.
  FtpDownload(const ServiceWorld& world, FtpUrl url, const FtpSettings& settings, Order order);

 private:
  class Sink;

  void set_up(const FtpSettings& settings);
  void transfer();
  void close();
  void failed(FtpResult result);

  FtpUrl url_;
  Order order_;
  bool too_much_ = false;
  FtpSession session_;
};

}  // namespace data_services
