// A client of the control interface that says what a test wants, byte by byte. Waits, never sleeps;
// what does not come within `patience` throws std::runtime_error.
#pragma once

#include "tests/support/program.hpp"

#include <string>
#include <string_view>

namespace support {

struct HttpResponse {
  int status = 0;
  std::string head;  // status line and header fields
  std::string body;

  [[nodiscard]] bool has(std::string_view text) const {
    return head.find(text) != std::string::npos;
  }
};

class HttpClient {
 public:
  /// "http://127.0.0.1:PORT" or "unix:PATH".
  explicit HttpClient(const std::string& address);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// What Host has to be.
  [[nodiscard]] const std::string& host() const { return host_; }

  /// Sends all of it. False: the server does not take it any more.
  bool send(std::string_view bytes);
  /// Sends a request with Host, `fields` ("Name: value\r\n") and, unless empty, a body.
  bool ask(const std::string& method, const std::string& path, const std::string& fields = {},
           const std::string& body = {});

  /// The next response; its body as Content-Length says. `head_only`: it has none.
  HttpResponse response(bool head_only = false);
  /// ask() and response().
  HttpResponse get(const std::string& path, const std::string& fields = {});

  /// Everything up to and with `end`.
  std::string read_until(std::string_view end);
  /// The server closed the connection; what it said before is dropped.
  bool at_end(std::chrono::milliseconds limit = patience);

 private:
  bool receive(std::chrono::milliseconds limit);

  std::string host_;
  int descriptor_ = -1;
  std::string received_;
};

/// One request on a connection of its own.
HttpResponse fetch(const std::string& address, const std::string& path,
                   const std::string& fields = {});

}  // namespace support
