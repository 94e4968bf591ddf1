#include "net/sntp_question.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>

namespace net {
namespace {

constexpr std::uint8_t version_4_client = 0x23;
constexpr unsigned server_mode = 4;
constexpr std::size_t transmit_time = 40;
constexpr std::int64_t unix_epoch = 2208988800;  // seconds from 1900
constexpr std::int64_t era = std::int64_t{1} << 32;

std::uint32_t word(const SntpQuestion::Packet& packet, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | packet[at + i];
  return value;
}

}  // namespace

std::optional<std::int64_t> time_in(const SntpQuestion::Packet& answer) {
  const bool from_server = (answer[0] & 7U) == server_mode;
  const std::int64_t seconds = word(answer, transmit_time);
  if (!from_server || answer[1] == 0 || seconds == 0) return std::nullopt;
  // Small numbers belong to the era that begins in 2036.
  const auto since_1900 = seconds < era / 2 ? seconds + era : seconds;
  const auto fraction = static_cast<std::int64_t>(word(answer, transmit_time + 4));
  return (since_1900 - unix_epoch) * 1000 + fraction * 1000 / era;
}

SntpQuestion::SntpQuestion(boost::asio::io_context& io, Done done)
    : socket_(io), limit_(io), done_(std::move(done)) {}

void SntpQuestion::start(boost::asio::io_context& io, const std::string& address,
                         std::uint16_t port, std::chrono::seconds limit, Done done) {
  const auto question = std::make_shared<SntpQuestion>(io, std::move(done));
  if (!question->send(address, port)) return question->finish(std::nullopt);
  question->limit_.expires_after(limit);
  question->limit_.async_wait([question](boost::system::error_code error) {
    if (!error) question->finish(std::nullopt);
  });
  question->wait();
}

bool SntpQuestion::send(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto target = boost::asio::ip::make_address(address, error);
  if (!error)
    socket_.open(target.is_v4() ? boost::asio::ip::udp::v4() : boost::asio::ip::udp::v6(), error);
  if (!error) socket_.connect({target, port}, error);
  Packet question{};
  question[0] = version_4_client;
  if (!error) socket_.send(boost::asio::buffer(question), 0, error);
  return !error;
}

void SntpQuestion::wait() {
  socket_.async_receive(
      boost::asio::buffer(answer_),
      [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
        if (error) return self->finish(std::nullopt);
        const auto time =
            size == self->answer_.size() ? time_in(self->answer_) : std::optional<std::int64_t>{};
        self->finish(time);
      });
}

void SntpQuestion::finish(const std::optional<std::int64_t>& unix_ms) {
  limit_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (auto done = std::exchange(done_, {})) done(unix_ms);
}

}  // namespace net
