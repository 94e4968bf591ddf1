#include "tests/support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace support {
namespace {

constexpr std::string_view tcp = "http://";
constexpr std::string_view local = "unix:";

int connect_local(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return descriptor;
  ::close(descriptor);
  return -1;
}

int connect_tcp(const std::string& authority) {
  const auto colon = authority.rfind(':');
  const auto port = static_cast<std::uint16_t>(std::stoi(authority.substr(colon + 1)));
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  const bool is_v4 = ::inet_pton(AF_INET, authority.substr(0, colon).c_str(), &v4.sin_addr) == 1;
  if (!is_v4) ::inet_pton(AF_INET6, authority.substr(1, colon - 2).c_str(), &v6.sin6_addr);
  const int descriptor = ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* address =
      is_v4 ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
  if (::connect(descriptor, address, is_v4 ? sizeof v4 : sizeof v6) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

}  // namespace

HttpClient::HttpClient(const std::string& address) {
  if (address.starts_with(local)) {
    host_ = "localhost";
    descriptor_ = connect_local(address.substr(local.size()));
  } else {
    host_ = address.substr(tcp.size());
    descriptor_ = connect_tcp(host_);
  }
  if (descriptor_ < 0) throw std::runtime_error("cannot connect to " + address);
}

HttpClient::~HttpClient() { ::close(descriptor_); }

bool HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::ask(const std::string& method, const std::string& path, const std::string& fields,
                     const std::string& body) {
  const auto length = body.empty() ? "" : fmt::format("Content-Length: {}\r\n", body.size());
  return send(fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n{}{}\r\n{}", method, path, host_, fields,
                          length, body));
}

bool HttpClient::receive(std::chrono::milliseconds limit) {
  pollfd wanted{descriptor_, POLLIN, 0};
  if (::poll(&wanted, 1, static_cast<int>(limit.count())) <= 0)
    throw std::runtime_error("nothing came: " + received_);
  std::array<char, 65536> bytes{};
  const auto size = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  received_.append(bytes.data(), static_cast<std::size_t>(size));
  return true;
}

std::string HttpClient::read_until(std::string_view end) {
  std::size_t at = 0;
  while ((at = received_.find(end)) == std::string::npos)
    if (!receive(patience)) throw std::runtime_error("the server closed: " + received_);
  auto text = received_.substr(0, at + end.size());
  received_.erase(0, text.size());
  return text;
}

HttpResponse HttpClient::response(bool head_only) {
  HttpResponse response;
  response.head = read_until("\r\n\r\n");
  response.status = std::stoi(response.head.substr(response.head.find(' ') + 1));
  constexpr std::string_view field = "Content-Length: ";
  const auto at = response.head.find(field);
  if (head_only || at == std::string::npos) return response;
  const auto length = std::stoul(response.head.substr(at + field.size()));
  while (received_.size() < length)
    if (!receive(patience)) throw std::runtime_error("the server closed inside a body");
  response.body = received_.substr(0, length);
  received_.erase(0, length);
  return response;
}

HttpResponse HttpClient::get(const std::string& path, const std::string& fields) {
  ask("GET", path, fields);
  return response();
}

bool HttpClient::at_end(std::chrono::milliseconds limit) {
  while (receive(limit)) received_.clear();
  return true;
}

HttpResponse fetch(const std::string& address, const std::string& path, const std::string& fields) {
  HttpClient client(address);
  return client.get(path, fields);
}

}  // namespace support
