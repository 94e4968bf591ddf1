#include "data_services/ftp/ftp_file_data.hpp"

#include <utility>

namespace data_services {

FtpToFile::FtpToFile(Files& files, std::string name, std::size_t room)
    : files_(files), name_(std::move(name)), room_(room) {}

void FtpToFile::begun(const std::shared_ptr<FtpTransfer>& transfer) {
  transfer_ = transfer;
  transfer->want(piece);
}

void FtpToFile::arrived(std::string_view bytes) {
  const auto transfer = transfer_.lock();  // it is who tells
  if (content_.size() + bytes.size() > room_) return transfer->abort(FtpError::file_failed);
  content_ += bytes;
  transfer->want(bytes.size());
}

std::optional<FtpResult> FtpToFile::over(const FtpResult& result) {
  if (!result.is_ok()) return result;
  const auto room = files_.room_for(name_);
  if (!room || content_.size() > *room || !files_.replace(name_, content_))
    return FtpResult{FtpError::file_failed};
  return result;
}

FtpFromFile::FtpFromFile(std::string content) : content_(std::move(content)) {}

void FtpFromFile::begun(const std::shared_ptr<FtpTransfer>& transfer) {
  if (!content_.empty()) transfer->supply(content_);
  transfer->end_supply();
}

}  // namespace data_services
