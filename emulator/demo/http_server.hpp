// http.demo: the demo's pages over HTTP/1.1 and HTTPS, by Boost.Beast. Bodies of any length are
// made as they are taken, so that who does not read costs nothing. Owned by the DemoServices; io
// thread only.
#pragma once

#include "emulator/demo/listeners.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

namespace emulator::demo {

class HttpServer {
 public:
  /// Bytes; a longer header is 431, a longer body 413.
  static constexpr std::uint32_t max_header = std::uint32_t{16} * 1024;
  static constexpr std::size_t max_body = std::size_t{1024} * 1024;
  static constexpr std::chrono::seconds handshake_limit{30};
  /// Between requests, and from a request's first byte to its last.
  static constexpr std::chrono::seconds request_limit{120};
  /// What a client still sends behind the last answer is read for so long, up to so many bytes: the
  /// kernel would else take the answer back.
  static constexpr std::chrono::seconds linger_limit{2};
  static constexpr std::size_t max_discarded = std::size_t{4} * 1024 * 1024;
  /// Without a byte of an answer being taken.
  static constexpr std::chrono::seconds write_limit{600};

  explicit HttpServer(boost::asio::io_context& io);

  /// Listens at a free port of the loopback. Answers what kept it from doing so.
  [[nodiscard]] boost::system::error_code start() { return listeners_.start(); }
  /// Listens for TLS as well.
  [[nodiscard]] boost::system::error_code start_tls(Listeners::ServerContext context) {
    return listeners_.start_tls(std::move(context));
  }
  void stop() { listeners_.stop(); }

  /// 0 where it does not listen.
  [[nodiscard]] std::uint16_t port() const { return listeners_.port(); }
  [[nodiscard]] std::uint16_t tls_port() const { return listeners_.tls_port(); }

 private:
  class Plain;
  class Tls;
  template <class Stream>
  class Exchanges;

  Listeners listeners_;
};

}  // namespace emulator::demo
