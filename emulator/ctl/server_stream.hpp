// The connection to a control interface, with patience: a SyncStream of Boost.Beast on a plain
// socket, much smaller than one of Asio. Owned by an exchange of the HTTP client.
#pragma once

#include "emulator/ctl/address.hpp"

#include <sys/socket.h>

#include <cstddef>

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

namespace emulator::ctl {

class ServerStream {
 public:
  /// `endpoint` outlives it.
  explicit ServerStream(const Endpoint& endpoint) : endpoint_(endpoint) {}
  ~ServerStream();
  ServerStream(const ServerStream&) = delete;
  ServerStream& operator=(const ServerStream&) = delete;

  /// Throws Failure. First of all, and once.
  void connect();

  /// Whether what comes may come when it comes. Else a line on standard error says that it is
  /// waited for, and then it is given up, with Failure.
  void may_wait(bool may) { may_wait_ = may; }

  template <class Buffers>
  std::size_t read_some(const Buffers& buffers, boost::system::error_code& error) {
    const boost::asio::mutable_buffer first(*boost::asio::buffer_sequence_begin(buffers));
    return read(first.data(), first.size(), error);
  }
  template <class Buffers>
  std::size_t read_some(const Buffers& buffers) {
    boost::system::error_code error;
    return read_some(buffers, error);
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, boost::system::error_code& error) {
    for (auto each = boost::asio::buffer_sequence_begin(buffers);
         each != boost::asio::buffer_sequence_end(buffers); ++each) {
      const boost::asio::const_buffer bytes(*each);
      if (bytes.size() > 0) return write(bytes.data(), bytes.size(), error);
    }
    error = {};
    return 0;
  }
  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    boost::system::error_code error;
    return write_some(buffers, error);
  }

 private:
  std::size_t read(void* bytes, std::size_t size, boost::system::error_code& error);
  std::size_t write(const void* bytes, std::size_t size, boost::system::error_code& error);
  void wait_for(short events);
  [[nodiscard]] int try_to_connect(int family, const sockaddr* address, socklen_t size);

  const Endpoint& endpoint_;
  int descriptor_ = -1;
  bool may_wait_ = false;
};

}  // namespace emulator::ctl
