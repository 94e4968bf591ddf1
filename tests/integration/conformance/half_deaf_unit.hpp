// A unit at a TCP port that hears AT and nothing else: every other wait of the suite is in vain.
// Served by a thread of its own until the destructor.
#pragma once

#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace support {

class HalfDeafUnit {
 public:
  HalfDeafUnit();
  ~HalfDeafUnit();
  HalfDeafUnit(const HalfDeafUnit&) = delete;
  HalfDeafUnit& operator=(const HalfDeafUnit&) = delete;

  /// As the conformance program takes it.
  [[nodiscard]] std::string port() const;

 private:
  void read();
  void answer();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket socket_;
  std::string heard_;
  std::thread thread_;
};

}  // namespace support
