#include "tests/integration/conformance/half_deaf_unit.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace support {

namespace asio = boost::asio;
using boost::system::error_code;

HalfDeafUnit::HalfDeafUnit(Kind kind)
    : kind_(kind), acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}), socket_(io_) {
  acceptor_.async_accept(socket_, [this](error_code error) {
    if (!error) read();
  });
  thread_ = std::thread([this] { io_.run(); });
}

HalfDeafUnit::~HalfDeafUnit() {
  io_.stop();
  thread_.join();
}

std::string HalfDeafUnit::port() const {
  return fmt::format("tcp:127.0.0.1:{}", acceptor_.local_endpoint().port());
}

void HalfDeafUnit::read() {
  asio::async_read_until(socket_, asio::dynamic_buffer(heard_), '\r',
                         [this](error_code error, std::size_t size) {
                           if (error) return;
                           const auto line = heard_.substr(0, size);
                           heard_.erase(0, size);
                           answer(line);
                         });
}

void HalfDeafUnit::answer(const std::string& line) {
  const bool agrees = kind_ == Kind::echoes_and_agrees;
  if (!agrees && line != "AT\r") return read();
  answer_ = (agrees ? line : "") + "\r\nOK\r\n";
  asio::async_write(socket_, asio::buffer(answer_), [this](error_code error, std::size_t) {
    if (!error) read();
  });
}

}  // namespace support
