#include "emulator/ctl/server_stream.hpp"

#include "emulator/ctl/failure.hpp"
#include "emulator/log.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <system_error>

#include <boost/beast/http/error.hpp>
#include <fmt/format.h>
#include <netdb.h>

namespace emulator::ctl {
namespace {

/// When a person is told that it is waited for, and how much longer that is done.
constexpr std::chrono::milliseconds silence{1500};
constexpr std::chrono::milliseconds patience{8500};

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

void say_waiting(const Endpoint& endpoint) {
  say_error(fmt::format("waiting for {} ...\n", endpoint.address));
}

/// The resolver has its own time limit, which may be long.
Addresses resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto answer = std::async(std::launch::async, [&] {
    return ::getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints, &found);
  });
  if (answer.wait_for(silence) == std::future_status::timeout) say_waiting(endpoint);
  const int error = answer.get();
  if (error != 0) throw Failure(fmt::format("{}: {}", endpoint.address, ::gai_strerror(error)));
  return {found, &::freeaddrinfo};
}

sockaddr_un local_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  return address;
}

bool is_ready(int descriptor, short events, std::chrono::milliseconds limit) {
  pollfd wanted{descriptor, events, 0};
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const int ready = ::poll(&wanted, 1, static_cast<int>(std::max(left.count(), 0L)));
    if (ready > 0) return true;
    if (ready == 0 && left.count() <= 0) return false;
  }
}

}  // namespace

/// 0, or what went wrong.
int ServerStream::try_to_connect(int family, const sockaddr* address, socklen_t size) {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (::connect(descriptor_, address, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  wait_for(POLLOUT);
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

void ServerStream::connect() {
  int error = 0;
  if (!endpoint_.path.empty()) {
    const auto address = local_address(endpoint_.path);
    error = try_to_connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } else {
    const auto found = resolve(endpoint_);
    for (const auto* each = found.get(); each != nullptr; each = each->ai_next) {
      error = try_to_connect(each->ai_family, each->ai_addr, each->ai_addrlen);
      if (error == 0) return;
    }
  }
  if (error != 0)
    throw Failure(fmt::format("{}: {}", endpoint_.address, std::generic_category().message(error)));
}

ServerStream::~ServerStream() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ServerStream::wait_for(short events) {
  if (may_wait_) {
    while (!is_ready(descriptor_, events, patience)) continue;
    return;
  }
  if (is_ready(descriptor_, events, silence)) return;
  say_waiting(endpoint_);
  if (is_ready(descriptor_, events, patience)) return;
  throw Failure(fmt::format("{}: does not answer", endpoint_.address));
}

std::size_t ServerStream::read(void* bytes, std::size_t size, boost::system::error_code& error) {
  wait_for(POLLIN);
  const auto taken = ::recv(descriptor_, bytes, size, 0);
  error = {};
  if (taken > 0) return static_cast<std::size_t>(taken);
  if (taken < 0)
    error.assign(errno, boost::system::system_category());
  else
    error = boost::beast::http::error::end_of_stream;
  return 0;
}

std::size_t ServerStream::write(const void* bytes, std::size_t size,
                                boost::system::error_code& error) {
  wait_for(POLLOUT);
  const auto taken = ::send(descriptor_, bytes, size, MSG_NOSIGNAL);
  error = {};
  if (taken >= 0) return static_cast<std::size_t>(taken);
  error.assign(errno, boost::system::system_category());
  return 0;
}

}  // namespace emulator::ctl
