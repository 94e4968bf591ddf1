#include "ssl_ctx/tls_key_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace ssl_ctx {

TlsKeyLog::TlsKeyLog(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {}

TlsKeyLog::~TlsKeyLog() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::variant<std::shared_ptr<TlsKeyLog>, std::string> TlsKeyLog::open(const std::string& path) {
  // A FIFO whose reader is away or slow must not hold us up.
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
  const int descriptor = ::open(path.c_str(), flags, 0600);
  if (descriptor < 0)
    return fmt::format("cannot write the TLS keys to {}: {}", path,
                       std::generic_category().message(errno));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) ::fchmod(descriptor, 0600);
  return std::shared_ptr<TlsKeyLog>(new TlsKeyLog(descriptor, path));
}

std::shared_ptr<TlsKeyLog> TlsKeyLog::without_file() {
  return std::shared_ptr<TlsKeyLog>(new TlsKeyLog(-1, {}));
}

void TlsKeyLog::write(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (watcher_) watcher_(line);
  if (descriptor_ < 0) return;
  const auto whole = fmt::format("{}\n", line);
  if (::write(descriptor_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()))
    return;
  spdlog::warn("TLS keys: {} cannot be written any more: {}", path_,
               std::generic_category().message(errno));
  ::close(std::exchange(descriptor_, -1));
}

}  // namespace ssl_ctx
