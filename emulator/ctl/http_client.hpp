// The client's side of HTTP: one request on a connection of its own, over TCP or a local socket.
// Owned by the Session. Throws Failure when the server cannot be reached or does not speak HTTP.
#pragma once

#include "emulator/ctl/address.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace emulator::ctl {

struct Request {
  std::string method = "GET";
  std::string target{};
  std::string body{};     // JSON; empty: none
  bool may_last = false;  // the answer comes when it comes
  const char* accept = "application/json";
};

struct Response {
  unsigned status = 0;
  std::string body;
};

class HttpClient {
 public:
  /// `token` is empty when none is wanted.
  HttpClient(Endpoint endpoint, std::string token)
      : endpoint_(std::move(endpoint)), token_(std::move(token)) {}

  /// The whole answer. One that does not come is given up after `patience`; before, a line on
  /// standard error says that it is waited for.
  [[nodiscard]] Response ask(const Request& request) const;

  /// Shows an answer of 200 line by line as it comes, until `show` returns false or the server ends
  /// it. Another answer is returned as by ask().
  Response follow(const Request& request,
                  const std::function<bool(const std::string& line)>& show) const;

  [[nodiscard]] const std::string& address() const { return endpoint_.address; }

 private:
  Endpoint endpoint_;
  std::string token_;
};

}  // namespace emulator::ctl
