// A real FTP server as a child: pyftpdlib, with a directory of its own. For the user "user" with
// the password "secret". Skipped by a test where it is not installed.
#pragma once

#include "tests/support/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class FtpServer {
 public:
  /// "plain", "explicit" or "implicit" (TLS); then with the paths of certificate and key. Throws
  /// std::runtime_error when it does not listen within `patience`.
  explicit FtpServer(const std::string& kind, const std::vector<std::string>& certificate = {});

  [[nodiscard]] static bool is_installed();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What is in a file of its directory.
  [[nodiscard]] std::string content(std::string_view name) const;
  void put(std::string_view name, std::string_view content) const;
  /// Waits until a client has said this.
  bool got(std::string_view line) { return program_.wait_for_out("got " + std::string(line)); }
  /// Ends it.
  void end() { program_.terminate(); }

 private:
  ScratchDirectory directory_;
  Program program_;
  std::uint16_t port_ = 0;
};

}  // namespace support
