// The secrets of TLS sessions, in the format of SSLKEYLOGFILE, so that Wireshark can read them.
// Only with --tls-keylog or --capture. Owned by the program; any thread may write.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ssl_ctx {

class TlsKeyLog {
 public:
  ~TlsKeyLog();
  TlsKeyLog(const TlsKeyLog&) = delete;
  TlsKeyLog& operator=(const TlsKeyLog&) = delete;

  /// Appends to the file at `path`, made for its owner only. The alternative: what went wrong.
  static std::variant<std::shared_ptr<TlsKeyLog>, std::string> open(const std::string& path);

  /// Without a file, for a watcher.
  static std::shared_ptr<TlsKeyLog> without_file();

  /// Shows `watcher` each line.
  void show(std::function<void(std::string_view line)> watcher) { watcher_ = std::move(watcher); }

  /// Adds one line, at once. When it cannot, it warns once and writes no more.
  void write(std::string_view line);

 private:
  TlsKeyLog(int descriptor, std::string path);

  std::mutex mutex_;
  int descriptor_;
  std::string path_;
  std::function<void(std::string_view)> watcher_;
};

}  // namespace ssl_ctx
