#include "emulator/ctl/http_client.hpp"

#include "emulator/ctl/failure.hpp"
#include "emulator/ctl/server_stream.hpp"

#include <array>
#include <optional>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace emulator::ctl {
namespace {

namespace http = boost::beast::http;
using Error = boost::system::error_code;

constexpr std::uint64_t longest_body = 256 * 1024 * 1024;
constexpr std::size_t longest_line = 4 * 1024 * 1024;
constexpr std::size_t piece = 16 * 1024;

using Parser = http::response_parser<http::buffer_body>;

/// One request and its answer.
class Exchange {
 public:
  Exchange(const Endpoint& endpoint, const Request& request, const std::string& token)
      : endpoint_(endpoint), stream_(endpoint) {
    stream_.connect();
    http::request<http::string_body> message{http::string_to_verb(request.method), request.target,
                                             11};
    message.set(http::field::host, endpoint.authority);
    message.set(http::field::accept, request.accept);
    message.set(http::field::connection, "close");
    if (!token.empty()) message.set(http::field::authorization, "Bearer " + token);
    if (!request.body.empty()) message.set(http::field::content_type, "application/json");
    message.body() = request.body;
    message.prepare_payload();
    Error error;
    http::write(stream_, message, error);
    check(error);
    stream_.may_wait(request.may_last);
    parser_.body_limit(longest_body);
    http::read_header(stream_, buffer_, parser_, error);
    check(error);
  }

  [[nodiscard]] unsigned status() const { return parser_.get().result_int(); }

  /// From now on nothing has to come, and there is no end of it.
  void is_endless() {
    stream_.may_wait(true);
    parser_.body_limit(boost::none);
  }

  /// The next bytes of the body; nothing at its end. Throws Failure when it is cut.
  std::optional<std::string> next() {
    std::array<char, piece> bytes{};
    while (!parser_.is_done()) {
      auto& body = parser_.get().body();
      body.data = bytes.data();
      body.size = bytes.size();
      Error error;
      http::read_some(stream_, buffer_, parser_, error);
      if (error != http::error::need_buffer) check(error);
      const auto size = bytes.size() - body.size;
      if (size > 0) return std::string(bytes.data(), size);
    }
    return std::nullopt;
  }

 private:
  void check(const Error& error) const {
    if (error == http::error::end_of_stream || error == http::error::partial_message ||
        error == boost::asio::error::connection_reset)
      throw Cut(fmt::format("{}: the modem has ended", endpoint_.address));
    if (error) throw Failure(fmt::format("{}: {}", endpoint_.address, error.message()));
  }

  const Endpoint& endpoint_;
  ServerStream stream_;
  boost::beast::flat_buffer buffer_{};
  Parser parser_{};
};

}  // namespace

Response HttpClient::ask(const Request& request) const {
  Exchange exchange(endpoint_, request, token_);
  Response response{exchange.status(), {}};
  while (const auto bytes = exchange.next()) response.body += *bytes;
  return response;
}

Response HttpClient::follow(const Request& request,
                            const std::function<bool(const std::string& line)>& show) const {
  Exchange exchange(endpoint_, request, token_);
  const bool is_stream = exchange.status() == 200;
  if (is_stream) exchange.is_endless();
  Response response{exchange.status(), {}};
  while (const auto bytes = exchange.next()) {
    response.body += *bytes;
    if (response.body.size() > longest_line)
      throw Failure(fmt::format("{}: a line without end", endpoint_.address));
    std::size_t end = 0;
    while (is_stream && (end = response.body.find('\n')) != std::string::npos) {
      if (!show(response.body.substr(0, end))) return response;
      response.body.erase(0, end + 1);
    }
  }
  return response;
}

}  // namespace emulator::ctl
