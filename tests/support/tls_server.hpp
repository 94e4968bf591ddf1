// TLS servers beside mosquitto: OpenSSL's own s_server as a child with the options of a test, and a
// server that takes TCP connections and never says a word. On free ports of 127.0.0.1.
#pragma once

#include "tests/support/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class TlsServer {
 public:
  /// `options` of openssl-s_server, certificate and key among them. Throws std::runtime_error when
  /// it does not listen within `patience`.
  explicit TlsServer(const std::vector<std::string>& options);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Types a line at it: one of s_server's letters, or text for the client.
  void type(const std::string& line) { program_.say(line + "\n"); }

  /// Waits until it has said this since the last forget().
  bool says(std::string_view text);
  /// What it has said since the last forget().
  [[nodiscard]] std::string_view said() const;
  /// Also keeps its pipe from filling up.
  void forget();

 private:
  Program program_;
  std::size_t seen_ = 0;
  std::uint16_t port_ = 0;
};

class SilentServer {
 public:
  SilentServer();
  ~SilentServer();
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace support
