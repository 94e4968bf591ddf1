#include "emulator/line_file.hpp"

#include "emulator/stores/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <spdlog/spdlog.h>

namespace emulator {
namespace {

/// Whoever wrote it before was cut off in mid-line.
bool ends_in_mid_line(const std::string& path, off_t size) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  char last = '\n';
  const bool is_read = descriptor >= 0 && ::pread(descriptor, &last, 1, size - 1) == 1;
  if (descriptor >= 0) ::close(descriptor);
  return is_read && last != '\n';
}

}  // namespace

std::optional<std::string> LineFile::open(const std::string& path, const std::string& name,
                                          Content content) {
  // The open of a FIFO that nobody reads is refused at once, instead of waiting for ever.
  const int descriptor = open_private(path.c_str(), O_APPEND | O_NONBLOCK);
  if (descriptor < 0)
    return fmt::format("cannot write the {} to {}: {}", name, path,
                       std::generic_category().message(errno));
  struct stat status {};
  const bool has_lines = content == Content::lines;
  const bool is_regular = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  counts_ = is_regular && status.st_size == 0;
  const auto failed = [path, name](const std::string& why) {
    spdlog::warn("{}: {} cannot be written any more: {}; it ends", name, path, why);
  };
  // The descriptor is the writing thread's, which may outlive us.
  writer_ = std::make_unique<BackgroundWriter>(
      BackgroundWriter::Target{descriptor, name, path, queue_limit, gather, failed, !has_lines});
  if (has_lines && is_regular && !counts_ && ends_in_mid_line(path, status.st_size))
    writer_->write("\n");
  return std::nullopt;
}

std::optional<std::uint64_t> LineFile::append(std::string lines) {
  if (!writer_) return std::nullopt;
  const auto count =
      counts_ ? static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')) : 0;
  const std::lock_guard lock(mutex_);
  lines_ += count;
  writer_->write(std::move(lines));
  if (!counts_ || writer_->ended() || writer_->lost() > 0) return std::nullopt;
  return lines_;
}

void LineFile::flush() {
  if (writer_) writer_->flush(patience);
}

}  // namespace emulator
