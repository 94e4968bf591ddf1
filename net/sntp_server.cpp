#include "net/sntp_server.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace net {

using boost::asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::int64_t unix_epoch = 2208988800;  // seconds from 1900
constexpr std::uint8_t primary = 1;
constexpr std::uint8_t a_millisecond = 0xF6;  // 2^-10 s
constexpr std::string_view uncalibrated_local_clock = "LOCL";

// Where the fields stand (RFC 4330 chapter 4).
constexpr std::size_t poll = 2;
constexpr std::size_t precision = 3;
constexpr std::size_t reference_identifier = 12;
constexpr std::size_t reference_time = 16;
constexpr std::size_t originate_time = 24;
constexpr std::size_t receive_time = 32;
constexpr std::size_t transmit_time = 40;
constexpr std::size_t timestamp = 8;

void put_time(SntpServer::Packet& packet, std::size_t at, std::int64_t unix_ms) {
  const auto seconds = static_cast<std::uint64_t>(unix_ms / 1000 + unix_epoch) & 0xFFFFFFFFU;
  // Rounded up, so that cutting off gives the same millisecond.
  const auto fraction = ((static_cast<std::uint64_t>(unix_ms % 1000) << 32U) + 999) / 1000;
  const auto both = seconds << 32U | fraction;
  for (std::size_t i = 0; i < timestamp; ++i)
    packet[at + i] = static_cast<std::uint8_t>(both >> (56 - 8 * i));
}

}  // namespace

std::optional<SntpServer::Packet> sntp_answer(const SntpServer::Packet& question,
                                              std::int64_t unix_ms) {
  constexpr unsigned symmetric_active = 1;
  constexpr unsigned client = 3;
  const unsigned version = (question[0] >> 3U) & 7U;
  const unsigned mode = question[0] & 7U;
  const bool asks = mode == client || mode == symmetric_active;
  if (!asks || version < 1 || version > 4 || unix_ms < 0) return std::nullopt;
  SntpServer::Packet answer{};
  answer[0] = static_cast<std::uint8_t>(version << 3U | (mode + 1));
  answer[1] = primary;
  answer[poll] = question[poll];
  answer[precision] = a_millisecond;
  std::copy(uncalibrated_local_clock.begin(), uncalibrated_local_clock.end(),
            answer.begin() + reference_identifier);
  std::copy_n(question.begin() + transmit_time, timestamp, answer.begin() + originate_time);
  for (const auto at : {reference_time, receive_time, transmit_time}) put_time(answer, at, unix_ms);
  return answer;
}

SntpServer::SntpServer(boost::asio::io_context& io, std::function<std::int64_t()> unix_ms)
    : socket_(io), unix_ms_(std::move(unix_ms)) {}

std::uint16_t SntpServer::start(error_code& error) {
  const udp::endpoint any_port(boost::asio::ip::address_v4::loopback(), 0);
  socket_.open(any_port.protocol(), error);
  if (!error) socket_.bind(any_port, error);
  if (!error) socket_.non_blocking(true, error);
  const auto port = error ? std::uint16_t{0} : socket_.local_endpoint(error).port();
  if (error) {
    stop();
    return 0;
  }
  wait();
  return port;
}

void SntpServer::stop() {
  error_code ignored;
  socket_.close(ignored);
}

void SntpServer::wait() {
  socket_.async_receive_from(
      boost::asio::buffer(question_), asker_, [this](error_code error, std::size_t size) {
        if (error == boost::asio::error::operation_aborted) return;
        Packet question{};
        if (!error && size >= question.size()) {
          std::copy_n(question_.begin(), question.size(), question.begin());
          error_code ignored;
          if (const auto answer = sntp_answer(question, unix_ms_()))
            socket_.send_to(boost::asio::buffer(*answer), asker_, 0, ignored);
        }
        if (socket_.is_open()) wait();
      });
}

}  // namespace net
