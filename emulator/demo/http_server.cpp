#include "emulator/demo/http_server.hpp"

#include "emulator/demo/http_pages.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <spdlog/spdlog.h>

namespace emulator::demo {

namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

namespace {

constexpr const char* log_name = "http.demo";

/// A page as Beast writes it: text, then pieces of the pattern, each made when it is its turn.
struct PageBody {
  using value_type = Page;

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(const http::header<is_request, Fields>&, const Page& page)
        : page_(page), place_(page.from) {}

    void init(error_code& error) { error = {}; }

    boost::optional<std::pair<const_buffers_type, bool>> get(error_code& error) {
      error = {};
      if (!std::exchange(text_given_, true) && !page_.text.empty())
        return {{boost::asio::buffer(page_.text), place_ < page_.to}};
      if (place_ == page_.to) return boost::none;
      const auto size =
          static_cast<std::size_t>(std::min<std::uint64_t>(piece_.size(), page_.to - place_));
      for (std::size_t i = 0; i < size; ++i) piece_[i] = pattern(place_ + i);
      place_ += size;
      return {{boost::asio::buffer(piece_.data(), size), place_ < page_.to}};
    }

   private:
    const Page& page_;
    std::uint64_t place_;
    bool text_given_ = false;
    std::array<std::uint8_t, 4096> piece_{};
  };
};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

/// One request after the other, on a stream of either kind; keeps itself alive while it lasts.
template <class Stream>
class HttpServer::Exchanges : public Listeners::Connection,
                              public std::enable_shared_from_this<Exchanges<Stream>> {
 public:
  template <class... Of>
  explicit Exchanges(Of&&... of) : stream_(std::forward<Of>(of)...), buffer_(max_header) {}

  void close() override {
    error_code ignored;
    tcp().socket().close(ignored);
  }

 protected:
  [[nodiscard]] beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }
  [[nodiscard]] Stream& stream() { return stream_; }

  void read() {
    parser_.emplace();
    parser_->header_limit(max_header);
    parser_->body_limit(max_body);
    tcp().expires_after(request_limit);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = this->shared_from_this()](error_code error, std::size_t) {
                              if (error) return self->unreadable(error);
                              self->read_body();
                            });
  }

  virtual void finish() = 0;
  [[nodiscard]] virtual bool is_tls() const = 0;

 private:
  void read_body() {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto rest = [self = this->shared_from_this()](error_code error, std::size_t) {
      if (error) return self->unreadable(error);
      http::async_read(self->stream_, self->buffer_, *self->parser_,
                       [self](error_code failed, std::size_t) {
                         if (failed) return self->unreadable(failed);
                         self->respond();
                       });
    };
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue"))
      return rest({}, std::size_t{0});
    boost::asio::async_write(stream_, boost::asio::buffer(go_on), rest);
  }

  void respond() {
    request_ = parser_->release();
    const auto header = [&](http::field name) { return view(request_[name]); };
    keep_alive_ = request_.keep_alive();
    version_ = request_.version();
    head_only_ = request_.method() == http::verb::head;
    send(answer({view(request_.method_string()), view(request_.target()), header(http::field::host),
                 header(http::field::range), header(http::field::content_type), request_.body(),
                 is_tls()}));
  }

  void unreadable(error_code error) {
    Page page;
    page.text = error.message() + "\n";
    keep_alive_ = false;
    if (error == http::error::body_limit)
      page.status = 413;
    else if (error == http::error::header_limit || error == http::error::buffer_overflow)
      page.status = 431;
    else if (error != http::error::end_of_stream && error != http::error::partial_message &&
             error.category() == http::make_error_code(http::error::bad_value).category())
      page.status = 400;
    else
      return finish();
    send(std::move(page));
  }

  void send(Page page) {
    response_ = {};
    response_.result(page.status);
    response_.version(version_);
    response_.set(http::field::server, "eg91xq http.demo");
    response_.set(http::field::content_type, page.content_type);
    for (const auto& [name, value] : page.fields) response_.insert(name, value);
    constexpr unsigned no_content = 204;
    constexpr unsigned not_modified = 304;
    constexpr unsigned http_1_1 = 11;
    const bool bare = page.status == no_content || page.status == not_modified;
    if (!bare && page.chunked && version_ >= http_1_1)
      response_.chunked(true);
    else if (page.chunked)
      keep_alive_ = false;  // its end is that of the connection
    else if (!bare)
      response_.content_length(page.length());
    response_.keep_alive(keep_alive_);
    if (head_only_) page.text.clear();
    if (head_only_) page.from = page.to;
    response_.body() = std::move(page);
    serializer_.emplace(response_);
    serializer_->split(head_only_);
    write();
  }

  /// Piece by piece, so that the limit is for each.
  void write() {
    tcp().expires_after(write_limit);
    http::async_write_some(
        stream_, *serializer_, [self = this->shared_from_this()](error_code error, std::size_t) {
          if (error) return self->finish();
          const bool header_only = self->head_only_ && self->serializer_->is_header_done();
          if (!header_only && !self->serializer_->is_done()) return self->write();
          if (!self->keep_alive_) return self->finish();
          self->read();
        });
  }

  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::request<http::string_body> request_;
  http::response<PageBody> response_;
  std::optional<http::response_serializer<PageBody>> serializer_;
  bool keep_alive_ = true;
  bool head_only_ = false;
  unsigned version_ = 11;
};

class HttpServer::Plain : public Exchanges<beast::tcp_stream> {
 public:
  using Exchanges::Exchanges;
  void start() override { read(); }

 private:
  void finish() override {
    error_code ignored;
    tcp().socket().shutdown(Listeners::Tcp::socket::shutdown_send, ignored);
    tcp().expires_after(linger_limit);
    discard();
  }
  [[nodiscard]] bool is_tls() const override { return false; }

  void discard() {
    tcp().async_read_some(boost::asio::buffer(discarded_),
                          [this, life = shared_from_this()](error_code error, std::size_t size) {
                            discarded_bytes_ += size;
                            if (!error && discarded_bytes_ < max_discarded) discard();
                          });
  }

  std::array<char, 4096> discarded_{};
  std::size_t discarded_bytes_ = 0;
};

class HttpServer::Tls : public Exchanges<beast::ssl_stream<beast::tcp_stream>> {
 public:
  Tls(Listeners::Tcp::socket socket, std::shared_ptr<ssl::context> context)
      : Exchanges(std::move(socket), *context), context_(std::move(context)) {}

  void start() override {
    tcp().expires_after(handshake_limit);
    stream().async_handshake(ssl::stream_base::server,
                             [this, life = shared_from_this()](error_code error) {
                               if (!error) return read();
                               spdlog::info("{}: TLS failed: {}", log_name, error.message());
                             });
  }

 private:
  void finish() override {
    tcp().expires_after(handshake_limit);
    stream().async_shutdown([life = shared_from_this()](error_code) {});
  }
  [[nodiscard]] bool is_tls() const override { return true; }

  std::shared_ptr<ssl::context> context_;
};

HttpServer::HttpServer(boost::asio::io_context& io)
    : listeners_(io, log_name,
                 [](Listeners::Tcp::socket socket,
                    Listeners::SslContext tls) -> std::shared_ptr<Listeners::Connection> {
                   if (tls) return std::make_shared<Tls>(std::move(socket), std::move(tls));
                   return std::make_shared<Plain>(std::move(socket));
                 }) {}

}  // namespace emulator::demo
