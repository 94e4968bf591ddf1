// A unit at a TCP port that keeps the suite waiting: it hears AT and nothing else, or agrees to
// everything and does nothing. Served by a thread of its own until the destructor.
#pragma once

#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace support {

class HalfDeafUnit {
 public:
  enum class Kind { hears_at_only, echoes_and_agrees };

  explicit HalfDeafUnit(Kind kind = Kind::hears_at_only);
  ~HalfDeafUnit();
  HalfDeafUnit(const HalfDeafUnit&) = delete;
  HalfDeafUnit& operator=(const HalfDeafUnit&) = delete;

  /// As the conformance program takes it.
  [[nodiscard]] std::string port() const;

 private:
  void read();
  void answer(const std::string& line);

  Kind kind_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket socket_;
  std::string heard_;
  std::string answer_;
  std::thread thread_;
};

}  // namespace support
