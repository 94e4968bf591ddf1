// One name asked at DNS servers of the host's choice (AT+QIDNSCFG, TCP/IP note 2.4.14): its IPv4
// addresses and, where they are of use, the IPv6 ones. Who holds it is answered, who drops it is
// not, and the servers are asked no more. Made by the Resolver; io thread only.
#pragma once

#include "net/ares_channel.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/error_code.hpp>

namespace net {

class DnsQuestion {
 public:
  /// Addresses of one family that are taken from an answer; what is beyond is left.
  static constexpr std::size_t max_addresses = 16;

  enum class Families { ipv4, both };

  struct Answer {
    std::vector<boost::asio::ip::address> addresses;
    /// How long all of them hold.
    std::chrono::seconds ttl{0};
  };

  /// Without an error there is at least one address.
  using Done = std::function<void(boost::system::error_code, const Answer&)>;

  /// `done` comes once, never from inside the call, and may destroy the question.
  DnsQuestion(boost::asio::io_context& io,
              const std::vector<boost::asio::ip::udp::endpoint>& servers, const std::string& name,
              Families families, AresChannel::Patience patience, Done done);

 private:
  void ask(const std::string& name, int type);
  void heard(int type, int status, const std::vector<unsigned char>& bytes);

  AresChannel channel_;
  Done done_;
  Answer answer_;
  boost::system::error_code failure_;
  int awaited_ = 0;  // families that have not been answered
};

/// A name that DNS can be asked for: labels of 1 to 63 letters, digits, hyphens and underscores,
/// 253 characters in all, a dot at the end aside.
[[nodiscard]] bool is_dns_name(std::string_view text);

/// The addresses in an answer to a question for `type` (A or AAAA); none when there are none, or
/// when it cannot be read.
[[nodiscard]] DnsQuestion::Answer addresses_in(const std::vector<unsigned char>& answer, int type);

}  // namespace net
