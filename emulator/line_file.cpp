#include "emulator/line_file.hpp"

#include "emulator/stores/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/core.h>
#include <spdlog/spdlog.h>

namespace emulator {

std::optional<std::string> LineFile::open(const std::string& path, const std::string& name,
                                          bool whole) {
  // The open of a FIFO that nobody reads is refused at once, instead of waiting for ever.
  const int descriptor = open_private(path.c_str(), O_APPEND | O_NONBLOCK);
  if (descriptor < 0)
    return fmt::format("cannot write the {} to {}: {}", name, path,
                       std::generic_category().message(errno));
  struct stat status {};
  counts_ = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
  const auto failed = [path, name](const std::string& why) {
    spdlog::warn("{}: {} cannot be written any more: {}; it ends", name, path, why);
  };
  // The descriptor is the writing thread's, which may outlive us.
  writer_ = std::make_unique<BackgroundWriter>(
      BackgroundWriter::Target{descriptor, name, path, queue_limit, gather, failed, whole});
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
