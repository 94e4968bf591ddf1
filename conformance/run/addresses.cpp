#include "conformance/run/addresses.hpp"

#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <netdb.h>

namespace conformance {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t longest_name = 253;
constexpr const char* name_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

/// Nothing where it is none.
std::optional<asio::ip::address> read_address(const std::string& text) {
  error_code wrong;
  auto address = asio::ip::make_address(text, wrong);
  if (wrong) return std::nullopt;
  return address;
}

/// Empty where the family has none.
std::string first_of(const addrinfo* list, int family) {
  for (const auto* each = list; each != nullptr; each = each->ai_next) {
    if (each->ai_family != family) continue;
    tcp::endpoint endpoint;
    endpoint.resize(each->ai_addrlen);
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    return endpoint.address().to_string();
  }
  return {};
}

}  // namespace

bool is_address(const std::string& text) { return read_address(text).has_value(); }

bool is_ipv4_address(const std::string& text) {
  const auto address = read_address(text);
  return address && address->is_v4();
}

bool is_host(const std::string& text) {
  if (is_address(text)) return true;
  return !text.empty() && text.size() <= longest_name && text.front() != '-' &&
         text.find_first_not_of(name_letters) == std::string::npos;
}

std::string before_port(const std::string& host) {
  return is_address(host) && !is_ipv4_address(host) ? fmt::format("[{}]", host) : host;
}

std::string address_of(const std::string& host) {
  if (is_address(host)) return host;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); failed != 0)
    throw std::runtime_error(::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, &::freeaddrinfo);
  const auto of_ipv4 = first_of(list.get(), AF_INET);
  return of_ipv4.empty() ? first_of(list.get(), AF_INET6) : of_ipv4;
}

void check_listening_at(const std::string& address) {
  error_code wrong;
  const tcp::endpoint place(asio::ip::make_address(address, wrong), 0);
  asio::io_context loop;
  tcp::acceptor acceptor(loop);
  if (!wrong) acceptor.open(place.protocol(), wrong);
  if (!wrong) acceptor.bind(place, wrong);
  if (wrong) throw std::runtime_error(wrong.message());
}

}  // namespace conformance
