#include "emulator/control/http_exchange.hpp"

#include "emulator/control/http_connection.hpp"

#include <boost/asio/post.hpp>

namespace emulator::control {

void HttpStream::write(std::string bytes) {
  const auto connection = connection_.lock();
  if (open_ && connection) connection->stream_write(bytes);
}

void HttpStream::on_closed(std::function<void()> closed) {
  if (open_)
    closed_ = std::move(closed);
  else
    boost::asio::post(executor_, std::move(closed));
}

void HttpStream::close() {
  if (!std::exchange(open_, false)) return;
  closed_ = nullptr;
  drained_ = nullptr;
  if (const auto connection = connection_.lock()) connection->stream_close();
}

void HttpStream::end() {
  if (!std::exchange(open_, false)) return;
  drained_ = nullptr;
  if (const auto closed = std::exchange(closed_, nullptr)) closed();
}

HttpExchange::~HttpExchange() {
  const auto connection = connection_.lock();
  if (!answered_ && connection)
    connection->answer(to_reply({500, "nothing has answered this request"}));
}

void HttpExchange::answer(Reply reply) {
  if (std::exchange(answered_, true)) return;
  gone_ = nullptr;
  if (const auto connection = connection_.lock()) connection->answer(reply);
}

std::shared_ptr<Stream> HttpExchange::stream(const std::string& content_type) {
  auto stream = std::make_shared<HttpStream>(connection_, executor_);
  const auto connection = connection_.lock();
  if (std::exchange(answered_, true) || !connection) {
    stream->end();
    return stream;
  }
  gone_ = nullptr;
  connection->begin_stream(stream, content_type);
  return stream;
}

void HttpExchange::on_gone(std::function<void()> gone) {
  if (answered_) return;
  if (connection_.expired())
    boost::asio::post(executor_, std::move(gone));
  else
    gone_ = std::move(gone);
}

void HttpExchange::end() {
  answered_ = true;
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

}  // namespace emulator::control
