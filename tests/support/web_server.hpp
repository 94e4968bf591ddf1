// nginx as a child on free ports of 127.0.0.1, plain and TLS, with files to serve and a place that
// takes uploads: the independent judge of what HTTP was on the wire. Owned by a test.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/program.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace support {

class WebServer {
 public:
  /// Throws std::runtime_error when it does not listen within `patience`.
  WebServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::uint16_t tls_port() const { return tls_port_; }
  [[nodiscard]] const Certificates& certificates() const { return certificates_; }

  /// Makes /NAME.
  void serve(const std::string& name, const std::string& content) const;
  /// What was put to /up/NAME; empty when nothing was.
  [[nodiscard]] std::string uploaded(const std::string& name) const;
  /// Whether a request was answered whose line of the log has `text`: request, status, User-Agent,
  /// Content-Type and number of the connection. nginx writes it behind the answer, so it is waited
  /// for within `patience`.
  [[nodiscard]] bool logged(std::string_view text);

 private:
  [[nodiscard]] std::string configuration() const;

  Certificates certificates_;
  ScratchDirectory directory_;
  std::uint16_t port_;
  std::uint16_t tls_port_;
  Program program_;
};

}  // namespace support
