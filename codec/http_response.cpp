#include "codec/http_response.hpp"

#include <limits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/none.hpp>
#include <boost/optional.hpp>

namespace codec {

namespace http = boost::beast::http;
using boost::system::error_code;
using Text = boost::beast::string_view;

namespace {

/// Longer bodies than a file offset can tell are lies.
constexpr std::uint64_t max_length = std::numeric_limits<std::int64_t>::max();

}  // namespace

class HttpResponse::Parser : public http::basic_parser<false> {
 public:
  int status = 0;
  std::string text{};
  std::optional<std::string> location{};
  std::string body{};

  /// Of a last chunk that comes first Beast takes for granted, once it has seen the line, that more
  /// of it is there.
  [[nodiscard]] bool may_have(std::string_view waiting) const {
    constexpr std::string_view shortest = "0\r\n\r\n";
    const bool at_chunk = chunked() && chunk_left_ == 0;
    return !at_chunk || waiting.front() != '0' || waiting.size() >= shortest.size();
  }

 private:
  void on_request_impl(http::verb, Text, Text, int, error_code&) override {}
  void on_response_impl(int code, Text, int, error_code&) override { status = code; }
  void on_field_impl(http::field name, Text, Text value, error_code&) override {
    if (name == http::field::location) location = std::string(value.data(), value.size());
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(Text bytes, error_code&) override {
    body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(std::uint64_t size, Text, error_code&) override { chunk_left_ = size; }
  std::size_t on_chunk_body_impl(std::uint64_t left, Text bytes, error_code& error) override {
    chunk_left_ = left - bytes.size();
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}

  std::uint64_t chunk_left_ = 0;  // bytes of the chunk that has begun
};

HttpResponse::HttpResponse(bool to_head) : to_head_(to_head) { begin(); }
HttpResponse::~HttpResponse() = default;

void HttpResponse::begin() {
  parser_ = std::make_unique<Parser>();
  parser_->header_limit(max_head);
  parser_->body_limit(boost::none);
  parser_->skip(to_head_);
}

/// True when the head is there, with what belongs to it taken off `waiting_`.
bool HttpResponse::take_head() {
  constexpr int first_status = 100;
  constexpr int switching_protocols = 101;  // nobody has asked for that
  constexpr int first_final_status = 200;
  while (!head_) {
    error_code error;
    const auto used = parser_->put(boost::asio::buffer(waiting_), error);
    parser_->text += waiting_.substr(0, used);
    waiting_.erase(0, used);
    // The parser's own limit is one of what comes at a time.
    const bool too_long = parser_->text.size() + waiting_.size() > max_head;
    if (error == http::error::need_more ? too_long : error.failed()) malformed_ = true;
    if (error || !parser_->is_header_done()) return false;
    if (parser_->status < first_status || parser_->status == switching_protocols) {
      malformed_ = true;
      return false;
    }
    if (parser_->status < first_final_status) {
      begin();
      continue;
    }
    const auto length = parser_->content_length();
    if (length && *length > max_length) {
      malformed_ = true;
      return false;
    }
    head_ = HttpHead{parser_->status, std::move(parser_->text), {}, std::move(parser_->location)};
    if (length) head_->length = *length;
    parser_->eager(true);
  }
  return true;
}

std::string HttpResponse::take(std::string_view bytes) {
  if (malformed_) return {};
  begun_ = begun_ || !bytes.empty();
  waiting_ += bytes;
  if (!take_head()) return {};
  while (!waiting_.empty() && !parser_->is_done() && parser_->may_have(waiting_)) {
    error_code error;
    const auto used = parser_->put(boost::asio::buffer(waiting_), error);
    waiting_.erase(0, used);
    const bool too_long = waiting_.size() > max_head;
    if (error == http::error::need_more ? too_long : error.failed()) malformed_ = true;
    if (error || used == 0) break;
  }
  return std::exchange(parser_->body, {});
}

void HttpResponse::peer_ended() {
  if (!head_ || malformed_ || parser_->is_done()) return;
  error_code error;
  parser_->put_eof(error);  // without effect where something is missing
}

bool HttpResponse::is_complete() const { return head_ && !malformed_ && parser_->is_done(); }

/// What came behind its end belongs to nobody.
bool HttpResponse::keeps_alive() const {
  return is_complete() && waiting_.empty() && parser_->keep_alive();
}

}  // namespace codec
