#include "net/dns_question.hpp"

#include "at_engine/text.hpp"

#include <arpa/nameser.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/error.hpp>
#include <netdb.h>

namespace net {

using boost::system::error_code;

namespace {

constexpr std::size_t max_name = 253;
constexpr std::size_t max_label = 63;

error_code error_for(int status) {
  namespace failure = boost::asio::error;
  switch (status) {
    case ARES_SUCCESS:
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
      return failure::host_not_found;
    case ARES_ETIMEOUT:
      return failure::timed_out;
    default:
      return failure::host_not_found_try_again;
  }
}

template <class Address, class Record, class Member>
DnsQuestion::Answer taken_from(const std::array<Record, DnsQuestion::max_addresses>& records,
                               int count, Member member) {
  DnsQuestion::Answer answer;
  for (int i = 0; i < count; ++i) {
    const auto& record = records[static_cast<std::size_t>(i)];
    typename Address::bytes_type bytes{};
    std::memcpy(bytes.data(), &(record.*member), bytes.size());
    answer.addresses.emplace_back(Address(bytes));
    // One with the highest bit set counts as zero (RFC 2181 8).
    const std::chrono::seconds ttl(std::max(record.ttl, 0));
    answer.ttl = i == 0 ? ttl : std::min(answer.ttl, ttl);
  }
  return answer;
}

}  // namespace

bool is_dns_name(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.size() > max_name) return false;
  std::size_t label = 0;
  for (const char c : text) {
    if (c == '.' ? label == 0 : !(at::is_letter(c) || at::is_digit(c) || c == '-' || c == '_'))
      return false;
    label = c == '.' ? 0 : label + 1;
    if (label > max_label) return false;
  }
  return label > 0;
}

DnsQuestion::Answer addresses_in(const std::vector<unsigned char>& answer, int type) {
  namespace ip = boost::asio::ip;
  const int size = static_cast<int>(answer.size());
  int count = DnsQuestion::max_addresses;
  if (type == ns_t_a) {
    std::array<ares_addrttl, DnsQuestion::max_addresses> records{};
    if (ares_parse_a_reply(answer.data(), size, nullptr, records.data(), &count) != ARES_SUCCESS)
      return {};
    return taken_from<ip::address_v4>(records, count, &ares_addrttl::ipaddr);
  }
  std::array<ares_addr6ttl, DnsQuestion::max_addresses> records{};
  if (ares_parse_aaaa_reply(answer.data(), size, nullptr, records.data(), &count) != ARES_SUCCESS)
    return {};
  return taken_from<ip::address_v6>(records, count, &ares_addr6ttl::ip6addr);
}

DnsQuestion::DnsQuestion(boost::asio::io_context& io,
                         const std::vector<boost::asio::ip::udp::endpoint>& servers,
                         const std::string& name, Families families, AresChannel::Patience patience,
                         Done done)
    : channel_(io, servers, patience), done_(std::move(done)) {
  ask(name, ns_t_a);
  if (families == Families::both) ask(name, ns_t_aaaa);
}

void DnsQuestion::ask(const std::string& name, int type) {
  ++awaited_;
  channel_.ask(name, type, [this, type](int status, const std::vector<unsigned char>& bytes) {
    heard(type, status, bytes);
  });
}

void DnsQuestion::heard(int type, int status, const std::vector<unsigned char>& bytes) {
  const auto found = status == ARES_SUCCESS ? addresses_in(bytes, type) : Answer{};
  auto& all = answer_.addresses;
  if (!found.addresses.empty())
    answer_.ttl = all.empty() ? found.ttl : std::min(answer_.ttl, found.ttl);
  all.insert(all.end(), found.addresses.begin(), found.addresses.end());
  if (type == ns_t_a || !failure_) failure_ = error_for(status);
  if (--awaited_ > 0) return;
  const auto done = std::exchange(done_, nullptr);
  const auto answer = std::move(answer_);
  done(answer.addresses.empty() ? failure_ : error_code(), answer);
}

}  // namespace net
