// Ends of an FTP transfer in the module's files (FTP-7 to FTP-9). Owned by the FtpSession while it
// lasts.
#pragma once

#include "data_services/files.hpp"
#include "data_services/ftp/ftp_transfer.hpp"

#include <string>

namespace data_services {

/// Becomes the file when all is there; what is there before stays until then.
class FtpToFile : public FtpDataEnd {
 public:
  /// `room`: most bytes that the file may have.
  FtpToFile(Files& files, std::string name, std::size_t room);

  void begun(const std::shared_ptr<FtpTransfer>& transfer) override;
  void arrived(std::string_view bytes) override;
  std::optional<FtpResult> over(const FtpResult& result) override;

 private:
  static constexpr std::size_t piece = std::size_t{16} * 1024;

  Files& files_;
  std::string name_;
  std::size_t room_;
  std::string content_;
  std::weak_ptr<FtpTransfer> transfer_;
};

/// Sends `content`.
class FtpFromFile : public FtpDataEnd {
 public:
  explicit FtpFromFile(std::string content);

  void begun(const std::shared_ptr<FtpTransfer>& transfer) override;
  std::optional<FtpResult> over(const FtpResult& result) override { return result; }

 private:
  std::string content_;
};

}  // namespace data_services
