// The secrets of TLS sessions, in the format of SSLKEYLOGFILE, so that Wireshark can read them.
// Only with --tls-keylog. Owned by the program.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ssl_ctx {

class TlsKeyLog {
 public:
  ~TlsKeyLog();
  TlsKeyLog(const TlsKeyLog&) = delete;
  TlsKeyLog& operator=(const TlsKeyLog&) = delete;

  /// Appends to the file at `path`, made for its owner only. The alternative: what went wrong.
  static std::variant<std::shared_ptr<TlsKeyLog>, std::string> open(const std::string& path);

  /// Adds one line, at once. When it cannot, it warns once and writes no more.
  void write(std::string_view line);

 private:
  TlsKeyLog(int descriptor, std::string path);

  int descriptor_;
  std::string path_;
};

}  // namespace ssl_ctx
