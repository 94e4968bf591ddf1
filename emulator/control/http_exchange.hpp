// A request at an HTTP connection as its handler sees it: forwards what the handler says for as
// long as the connection is there. Made by HttpConnection, owned by the handler's Responders.
#pragma once

#include "emulator/control/responder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/any_io_executor.hpp>

namespace emulator::control {

class HttpConnection;

class HttpStream : public Stream {
 public:
  HttpStream(std::weak_ptr<HttpConnection> connection, boost::asio::any_io_executor executor)
      : connection_(std::move(connection)), executor_(std::move(executor)) {}
  ~HttpStream() override { HttpStream::close(); }

  void write(std::string bytes) override;
  void on_closed(std::function<void()> closed) override;
  void on_drained(std::function<void()> drained) override { drained_ = std::move(drained); }
  void close() override;
  [[nodiscard]] bool is_open() const override { return open_; }

  /// Nothing waits to be sent.
  void drained() {
    if (open_ && drained_) drained_();
  }
  /// The connection is gone, or there is none.
  void end();

 private:
  std::weak_ptr<HttpConnection> connection_;
  boost::asio::any_io_executor executor_;
  std::function<void()> closed_;
  std::function<void()> drained_;
  bool open_ = true;
};

class HttpExchange : public Exchange {
 public:
  HttpExchange(std::weak_ptr<HttpConnection> connection, boost::asio::any_io_executor executor)
      : connection_(std::move(connection)), executor_(std::move(executor)) {}
  ~HttpExchange() override;

  void answer(Reply reply) override;
  std::shared_ptr<Stream> stream(const std::string& content_type) override;
  void on_gone(std::function<void()> gone) override;

  /// The client left.
  void end();

 private:
  std::weak_ptr<HttpConnection> connection_;
  boost::asio::any_io_executor executor_;
  std::function<void()> gone_;
  bool answered_ = false;
};

}  // namespace emulator::control
