#include "net/icmp_echo.hpp"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/icmp.hpp>

namespace net {
namespace {

constexpr std::size_t header = 8;
constexpr int usual_ttl = 64;

using Packet = std::array<std::uint8_t, header + IcmpEcho::payload>;

std::uint16_t checksum(const Packet& packet) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < packet.size(); i += 2)
    sum += static_cast<std::uint32_t>(packet[i] << 8U | packet[i + 1]);
  while (sum >> 16U != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void put(Packet& packet, std::size_t at, std::uint16_t value) {
  packet[at] = static_cast<std::uint8_t>(value >> 8U);
  packet[at + 1] = static_cast<std::uint8_t>(value & 0xFFU);
}

/// The kernel makes the checksum of IPv6.
Packet request(std::uint8_t type, std::uint16_t identifier, std::uint16_t sequence) {
  Packet packet{};
  packet[0] = type;
  put(packet, 4, identifier);
  put(packet, 6, sequence);
  for (std::size_t i = header; i < packet.size(); ++i)
    packet[i] = static_cast<std::uint8_t>('a' + (i - header) % 23);
  put(packet, 2, checksum(packet));
  return packet;
}

/// Of all modems of the process: a raw socket hears the echoes of all of them.
std::uint16_t next_sequence() {
  static std::atomic<std::uint16_t> last{0};
  return ++last;
}

int ttl_of(msghdr& message) {
  for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    const bool is_ttl = (part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_TTL) ||
                        (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_HOPLIMIT);
    if (!is_ttl) continue;
    int ttl = 0;
    std::memcpy(&ttl, CMSG_DATA(part), sizeof ttl);
    return ttl;
  }
  return usual_ttl;
}

}  // namespace

IcmpEcho::IcmpEcho(boost::asio::io_context& io, Done done)
    : socket_(io),
      limit_(io),
      sequence_(next_sequence()),
      identifier_(static_cast<std::uint16_t>(::getpid())),
      done_(std::move(done)) {}

void IcmpEcho::start(boost::asio::io_context& io, const std::string& address,
                     std::chrono::seconds limit, Done done) {
  const auto echo = std::make_shared<IcmpEcho>(io, std::move(done));
  if (!echo->send(address)) return echo->finish(std::nullopt);
  echo->limit_.expires_after(limit);
  echo->limit_.async_wait([echo](boost::system::error_code error) {
    if (!error) echo->finish(std::nullopt);
  });
  echo->wait();
}

bool IcmpEcho::send(const std::string& address) {
  boost::system::error_code error;
  const boost::asio::ip::icmp::endpoint target(boost::asio::ip::make_address(address, error), 0);
  if (error) return false;
  v6_ = target.address().is_v6();
  const auto protocol = target.protocol();
  constexpr int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
  int descriptor = ::socket(protocol.family(), SOCK_DGRAM | flags, protocol.protocol());
  if (descriptor < 0) {
    descriptor = ::socket(protocol.family(), SOCK_RAW | flags, protocol.protocol());
    raw_ = true;
  }
  if (descriptor < 0) return false;
  const int on = 1;
  if (v6_)
    ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
  else
    ::setsockopt(descriptor, IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
  socket_.assign(descriptor, error);
  if (error) {
    ::close(descriptor);
    return false;
  }
  const auto packet = request(v6_ ? ICMP6_ECHO_REQUEST : ICMP_ECHO, identifier_, sequence_);
  sent_ = std::chrono::steady_clock::now();
  return ::sendto(descriptor, packet.data(), packet.size(), 0, target.data(),
                  static_cast<socklen_t>(target.size())) == static_cast<ssize_t>(packet.size());
}

void IcmpEcho::wait() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](boost::system::error_code error) {
                       if (!error) self->read();
                     });
}

void IcmpEcho::read() {
  std::array<std::uint8_t, 1500> bytes{};
  std::array<char, 256> control{};
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket_.native_handle(), &message, 0);
  // A raw socket gives everybody's packets, and of IPv4 the IP header as well.
  const std::size_t start = raw_ && !v6_ ? static_cast<std::size_t>(bytes[0] & 0xFU) * 4 : 0;
  const bool whole = got >= static_cast<ssize_t>(start + header + payload);
  const auto word = [&](std::size_t at) {
    return static_cast<std::uint16_t>(bytes[start + at] << 8U | bytes[start + at + 1]);
  };
  const bool ours = whole && bytes[start] == (v6_ ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) &&
                    word(6) == sequence_ && (!raw_ || word(4) == identifier_);
  if (!ours) return wait();
  const auto took = std::chrono::steady_clock::now() - sent_;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  finish(cellular::Echo{static_cast<int>(payload), static_cast<int>(ms), ttl_of(message)});
}

void IcmpEcho::finish(const std::optional<cellular::Echo>& echo) {
  limit_.cancel();
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (auto done = std::exchange(done_, {})) done(echo);
}

}  // namespace net
