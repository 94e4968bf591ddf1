#include "emulator/control/http_connection.hpp"

#include "emulator/control/routes_page.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

namespace emulator::control {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t chunk = 4096;
constexpr std::size_t longest_piece = std::size_t{64} * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

std::string text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

template <class Fields>
std::optional<std::string> value_of(const Fields& fields, http::field name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return text_of(found->value());
}

}  // namespace

HttpConnection::HttpConnection(Socket socket, std::vector<std::string> served, House house,
                               Ended ended)
    : socket_(std::move(socket)),
      served_(std::move(served)),
      house_(house),
      ended_(std::move(ended)),
      timer_(socket_.get_executor()),
      gathering_(socket_.get_executor()),
      buffer_(longest_piece) {}

void HttpConnection::start() { await_request(house_.limits.request); }

void HttpConnection::drop() {
  if (!std::exchange(open_, false)) return;
  const auto life = shared_from_this();
  Error ignored;
  socket_.close(ignored);
  timer_.cancel();
  gathering_.cancel();
  if (const auto exchange = exchange_.lock()) exchange->end();
  if (const auto stream = stream_.lock()) stream->end();
  ended_(life);
}

void HttpConnection::await_request(std::chrono::milliseconds patience) {
  state_ = State::waiting;
  parser_.emplace();
  parser_->header_limit(house_.limits.header);
  parser_->body_limit(house_.limits.body);
  arm(patience);
  if (buffer_.size() == 0) return watch();
  if (!watching_) return read_header();
  Error ignored;
  socket_.cancel(ignored);
}

/// Waits for the next request, or for the client to leave; also behind what it sent ahead, as far
/// as that is kept.
void HttpConnection::watch() {
  if (watching_ || buffer_.size() + chunk > buffer_.max_size()) return;
  watching_ = true;
  socket_.async_read_some(
      buffer_.prepare(chunk),
      [self = shared_from_this()](Error error, std::size_t size) { self->watched(error, size); });
}

void HttpConnection::watched(Error error, std::size_t size) {
  watching_ = false;
  if (!open_) return;
  if (error && error != asio::error::operation_aborted) return drop();
  if (state_ == State::lingering) return discard();
  buffer_.commit(size);
  if (state_ == State::waiting) return read_header();
  if (state_ == State::answering || state_ == State::streaming) watch();
}

void HttpConnection::read_header() {
  state_ = State::reading;
  arm(house_.limits.request);
  http::async_read_header(
      socket_, buffer_, *parser_,
      [self = shared_from_this()](Error error, std::size_t) { self->header_read(error); });
}

void HttpConnection::header_read(Error error) {
  if (!open_ || state_ != State::reading) return;
  if (error) return unreadable(error);
  const auto& header = parser_->get();
  version_ = header.version();
  head_only_ = header.method() == http::verb::head;
  if (const auto problem = refusal()) return refuse(*problem);
  const auto expect = header[http::field::expect];
  if (!expect.empty() && version_ >= 11) {
    if (!boost::beast::iequals(expect, "100-continue"))
      return refuse({417, "of Expect only 100-continue is known", "Expect"});
    if (!parser_->is_done()) send(go_on);
  }
  read_body();
}

void HttpConnection::read_body() {
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, std::size_t) {
                     if (!self->open_ || self->state_ != State::reading) return;
                     if (error) return self->unreadable(error);
                     self->dispatch();
                   });
}

std::optional<Problem> HttpConnection::refusal() const {
  const auto& header = parser_->get();
  Credentials credentials{value_of(header, http::field::host),
                          value_of(header, http::field::origin),
                          value_of(header, http::field::authorization)};
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && version_ >= 11 && !served_.empty()))
    return Problem{400, "exactly one Host has to be there", "Host"};
  const auto coding = header[http::field::transfer_encoding];
  if (header.count(http::field::transfer_encoding) > 1 ||
      (!coding.empty() && !boost::beast::iequals(coding, "chunked")))
    return Problem{501, "of Transfer-Encoding only chunked is known", "Transfer-Encoding"};
  if (header.count(http::field::origin) > 1)
    return Problem{400, "at most one Origin may be there", "Origin"};
  const auto target = parse_target(text_of(header.target()));
  if (target && !target->authority.empty()) credentials.host = target->authority;
  return house_.access.refusal(credentials, served_, target && is_page(target->path));
}

void HttpConnection::dispatch() {
  timer_.cancel();
  state_ = State::answering;
  auto message = parser_->release();
  keep_alive_ = message.keep_alive();
  const Request request{text_of(message.method_string()), text_of(message.target()),
                        std::move(message.body()), text_of(message[http::field::accept]),
                        text_of(message["Last-Event-ID"])};
  auto exchange = std::make_shared<HttpExchange>(weak_from_this(), socket_.get_executor());
  exchange_ = exchange;
  house_.routes.dispatch(request, Responder(std::move(exchange)));
  if (open_ && (state_ == State::answering || state_ == State::streaming)) watch();
}

void HttpConnection::unreadable(Error error) {
  version_ = 11;
  if (error == http::error::body_limit)
    return refuse({413, fmt::format("a body has at most {} bytes", house_.limits.body)});
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return refuse({431, fmt::format("a header has at most {} bytes", house_.limits.header)});
  const bool left = error == http::error::end_of_stream || error == http::error::partial_message;
  if (left || error.category() != http::make_error_code(http::error::bad_value).category())
    return drop();
  refuse({400, fmt::format("this is no HTTP/1.1 request: {}", error.message())});
}

void HttpConnection::refuse(const Problem& problem) {
  keep_alive_ = false;
  auto reply = to_reply(problem);
  if (problem.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  answer(reply);
}

void HttpConnection::answer(const Reply& reply) {
  if (!open_) return;
  state_ = State::writing;
  arm(house_.limits.write);
  const bool has_body = reply.status != 204;
  send_head(reply, has_body ? std::optional(reply.body.size()) : std::nullopt);
  if (has_body && !head_only_) send(reply.body);
}

void HttpConnection::begin_stream(const std::shared_ptr<HttpStream>& stream,
                                  const std::string& content_type) {
  if (!open_) return stream->end();
  chunked_ = version_ >= 11;
  if (!chunked_) keep_alive_ = false;
  state_ = head_only_ ? State::writing : State::streaming;
  if (head_only_) {
    arm(house_.limits.write);
    stream->end();
  } else {
    stream_ = stream;
  }
  send_head({200, content_type}, std::nullopt);
}

void HttpConnection::stream_write(std::string_view bytes) {
  if (!open_ || state_ != State::streaming || bytes.empty()) return;
  if (backlog_ + bytes.size() > house_.limits.stream_backlog) {
    state_ = State::lingering;
    return asio::post(socket_.get_executor(), [self = shared_from_this()] { self->drop(); });
  }
  backlog_ += bytes.size();
  gathered_ += bytes;
  if (!out_.empty() || sends_soon_ || !is_enough()) return;
  sends_soon_ = true;
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->open_) self->send_gathered();
  });
}

bool HttpConnection::is_enough() const { return !gathers_ || gathered_.size() >= longest_piece; }

/// A system call for each event would slow down the modem that it tells of.
void HttpConnection::gather() {
  if (std::exchange(gathers_, true)) return;
  gathering_.expires_after(house_.limits.gathering);
  gathering_.async_wait([weak = weak_from_this()](Error) {
    const auto self = weak.lock();
    if (!self || !self->open_) return;
    self->gathers_ = false;
    if (self->out_.empty()) self->send_gathered();
  });
}

void HttpConnection::send_gathered() {
  sends_soon_ = false;
  if (gathered_.empty()) return;
  const auto bytes = std::exchange(gathered_, {});
  backlog_ -= bytes.size();
  send(chunked_ ? fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes) : bytes);
  gather();
}

void HttpConnection::stream_close() {
  if (!open_ || state_ != State::streaming) return;
  send_gathered();
  stream_.reset();
  state_ = State::writing;
  arm(house_.limits.write);
  if (chunked_) return send(last_chunk);
  if (out_.empty()) drained();
}

void HttpConnection::send_head(const Reply& head, std::optional<std::size_t> length) {
  auto text = fmt::format("HTTP/1.1 {} {}\r\nCache-Control: no-store\r\n", head.status,
                          reason(head.status));
  const auto add = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("{}: {}\r\n", name, value);
  };
  if (!head.content_type.empty()) add("Content-Type", head.content_type);
  if (length) add("Content-Length", std::to_string(*length));
  if (!length && head.status != 204 && version_ >= 11) add("Transfer-Encoding", "chunked");
  for (const auto& [name, value] : head.headers) add(name, value);
  if (!keep_alive_)
    add("Connection", "close");
  else if (version_ < 11)
    add("Connection", "keep-alive");
  send(text + "\r\n");
}

void HttpConnection::send(std::string_view bytes) {
  if (bytes.empty()) return;
  backlog_ += bytes.size();
  if (out_.size() > 1 && out_.back().size() + bytes.size() <= longest_piece) {
    out_.back() += bytes;
    return;
  }
  out_.emplace_back(bytes);
  if (out_.size() == 1) write_some();
}

void HttpConnection::write_some() {
  if (state_ == State::writing) arm(house_.limits.write);
  const auto left = std::string_view(out_.front()).substr(sent_);
  socket_.async_write_some(asio::buffer(left),
                           [self = shared_from_this()](Error error, std::size_t size) {
                             if (!self->open_) return;
                             if (error) return self->drop();
                             self->backlog_ -= size;
                             self->sent_ += size;
                             if (self->sent_ == self->out_.front().size()) {
                               self->out_.pop_front();
                               self->sent_ = 0;
                             }
                             if (!self->out_.empty()) return self->write_some();
                             if (self->gathered_.empty()) return self->drained();
                             if (self->is_enough()) self->send_gathered();
                           });
}

void HttpConnection::drained() {
  if (state_ == State::streaming) {
    // What it writes then, its end included, is not drained yet.
    if (const auto stream = stream_.lock()) stream->drained();
    return;
  }
  if (state_ != State::writing) return;
  if (keep_alive_) return await_request(house_.limits.idle);
  finish();
}

/// Ends the connection so that the client gets the last answer: what it still sends is read, as
/// the kernel would else reset the connection.
void HttpConnection::finish() {
  if (!reads_on_) return drop();
  state_ = State::lingering;
  Error ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  arm(house_.limits.linger);
  if (!watching_) discard();
}

void HttpConnection::discard() {
  buffer_.clear();
  socket_.async_read_some(buffer_.prepare(longest_piece),
                          [self = shared_from_this()](Error error, std::size_t size) {
                            if (!self->open_) return;
                            self->discarded_ += size;
                            if (error || self->discarded_ > self->house_.limits.discarded)
                              return self->drop();
                            self->discard();
                          });
}

void HttpConnection::arm(std::chrono::milliseconds patience) {
  timer_.expires_after(patience);
  timer_.async_wait([weak = weak_from_this()](Error cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || !self->open_) return;
    if (self->timer_.expiry() <= std::chrono::steady_clock::now()) self->timed_out();
  });
}

void HttpConnection::timed_out() {
  switch (state_) {
    case State::answering:
    case State::streaming:
      return;
    case State::reading:
      reads_on_ = false;
      return refuse({408, "the request did not come to its end in time"});
    case State::waiting:
    case State::writing:
    case State::lingering:
      return drop();
  }
}

}  // namespace emulator::control
