#include "tests/support/tls_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace support {
namespace {

std::vector<std::string> words(const std::vector<std::string>& options) {
  std::vector<std::string> all{"setpriv",  "--pdeathsig", "KILL",       "openssl",
                               "s_server", "-accept",     "127.0.0.1:0"};
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

}  // namespace

// The machine's openssl.cnf may forbid what a test asks for.
TlsServer::TlsServer(const std::vector<std::string>& options)
    : program_(words(options), {{"OPENSSL_CONF", "/dev/null"}}) {
  constexpr std::string_view announced = "ACCEPT 127.0.0.1:";
  const auto& out = program_.out();
  const auto listens = [&] {
    const auto begin = out.find(announced);
    return begin != std::string::npos && out.find('\n', begin) != std::string::npos;
  };
  const bool in_time = program_.wait([&] { return listens() || program_.end({}).has_value(); });
  if (!in_time || !listens())
    throw std::runtime_error("s_server does not start: " + out + program_.err());
  port_ = static_cast<std::uint16_t>(std::stoi(out.substr(out.find(announced) + announced.size())));
}

bool TlsServer::says(std::string_view text) {
  return program_.wait([&] { return said().find(text) != std::string_view::npos; });
}

std::string_view TlsServer::said() const { return std::string_view(program_.out()).substr(seen_); }

void TlsServer::forget() {
  program_.wait([] { return false; }, std::chrono::milliseconds(1));
  seen_ = program_.out().size();
}

// The kernel accepts for it.
SilentServer::SilentServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* generic = reinterpret_cast<sockaddr*>(&here);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(here.sin_port);
}

SilentServer::~SilentServer() { ::close(listener_); }

}  // namespace support
