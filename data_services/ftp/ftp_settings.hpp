// What AT+QFTPCFG sets, in RAM (data services FTP-1, FTP-2). Acts on what begins behind it. Owned
// by the FtpSession.
#pragma once

#include <string>

namespace data_services {

struct FtpSettings {
  enum Security { plain, implicit_tls, explicit_tls };
  enum DataAddress { as_told, as_control, both };

  std::string username = "anonymous";
  std::string password = "anonymous@";
  bool ascii = false;
  bool passive = true;
  int cid = 1;
  int reply_timeout_s = 90;
  int security = plain;
  int ssl_ctx = 0;
  int data_address = as_told;
  int data_timeout_s = 30;  // of a try to open the data connection
  bool may_restart = true;  // REST
};

}  // namespace data_services
