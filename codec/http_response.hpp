// Reads an HTTP/1 response as its bytes come (RFC 9112): the head as it stands, then the body
// without its chunks. Interim responses (1xx) are passed over. Sans I/O, by Boost.Beast's parser.
// Owned by whoever has asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace codec {

struct HttpHead {
  int status = 0;
  std::string text{};                     // status line, fields and the empty line, as they came
  std::optional<std::uint64_t> length{};  // Content-Length
  std::optional<std::string> location{};
};

class HttpResponse {
 public:
  /// Longest head, in bytes; a longer one is malformed.
  static constexpr std::size_t max_head = 16'384;

  /// `to_head`: of a HEAD request, which has no body whatever its fields say.
  explicit HttpResponse(bool to_head = false);
  ~HttpResponse();
  HttpResponse(const HttpResponse&) = delete;
  HttpResponse& operator=(const HttpResponse&) = delete;

  /// Takes what has come; the answer is what it holds of the body.
  [[nodiscard]] std::string take(std::string_view bytes);

  /// The peer sends nothing more: the end of a body without length, or too early.
  void peer_ended();

  /// Nothing as long as it has not come.
  [[nodiscard]] const std::optional<HttpHead>& head() const { return head_; }
  [[nodiscard]] bool is_complete() const;
  [[nodiscard]] bool is_malformed() const { return malformed_; }
  /// Whether anything has come at all.
  [[nodiscard]] bool has_begun() const { return begun_; }
  /// The server takes another request on the same connection. Of a complete response.
  [[nodiscard]] bool keeps_alive() const;

 private:
  class Parser;

  void begin();
  [[nodiscard]] bool take_head();

  bool to_head_;
  std::unique_ptr<Parser> parser_;
  std::string waiting_;  // came, and is no whole field or chunk header yet; at most max_head
  std::optional<HttpHead> head_;
  bool begun_ = false;
  bool malformed_ = false;
};

}  // namespace codec
