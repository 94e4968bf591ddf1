#include "emulator/control/http_server.hpp"

#include "emulator/control/lower_case.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

namespace emulator::control {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr mode_t owner_only = 0600;
constexpr std::size_t unread_input = 4096;

using FileId = std::pair<dev_t, ino_t>;

/// Whether somebody answers at a socket file.
bool is_live(const std::string& path) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  const int result =
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool refused = result != 0 && (errno == ECONNREFUSED || errno == ENOENT);
  ::close(descriptor);
  return !refused;
}

std::optional<FileId> file_at(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return FileId{found.st_dev, found.st_ino};
}

/// Removes what a dead process left. Answers why the path cannot be had.
std::optional<std::string> make_room(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  if (!S_ISSOCK(found.st_mode)) return "there is a file that is no socket";
  if (is_live(path)) return "already in use";
  ::unlink(path.c_str());
  return std::nullopt;
}

/// Says so at once, or not at all.
void turn_away(HttpConnection::Socket& socket, std::size_t most) {
  const auto reply =
      to_reply(Problem{503, fmt::format("there are {} connections already; close one", most)});
  const auto full = fmt::format(
      "HTTP/1.1 {} {}\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}",
      reply.status, reason(reply.status), reply.content_type, reply.body.size(), reply.body);
  boost::system::error_code ignored;
  socket.non_blocking(true, ignored);
  socket.send(boost::asio::buffer(full), 0, ignored);
  socket.shutdown(HttpConnection::Socket::shutdown_send, ignored);
  // Input left unread would make the kernel reset the connection before the answer is seen.
  std::array<char, unread_input> unread{};
  socket.receive(boost::asio::buffer(unread), 0, ignored);
}

}  // namespace

HttpServer::HttpServer(boost::asio::io_context& io, const RouteTable& routes, std::string token,
                       HttpLimits limits)
    : io_(io),
      routes_(routes),
      has_token_(!token.empty()),
      access_(std::move(token)),
      limits_(limits) {}

std::optional<std::string> HttpServer::start(const ControlAddress& where) {
  return where.path.empty() ? start_tcp(where) : start_local(where.path);
}

std::optional<std::string> HttpServer::start_tcp(const ControlAddress& where) {
  const auto asked = authority(where.host, where.port);
  boost::system::error_code error;
  Tcp::resolver resolver(io_);
  const auto found =
      resolver.resolve(where.host, std::to_string(where.port),
                       Tcp::resolver::passive | Tcp::resolver::numeric_service, error);
  if (error) return fmt::format("--control {}: {}", asked, error.message());
  const Tcp::endpoint endpoint = found.begin()->endpoint();
  if (!has_token_ && !endpoint.address().is_loopback())
    return fmt::format("--control {}: other machines could reach it; that needs --control-token",
                       asked);
  tcp_.emplace(io_, "control");
  if ((error = tcp_->listen(endpoint)))
    return fmt::format("--control {}: {}{}", asked, error.message(),
                       error == boost::asio::error::address_in_use
                           ? "; choose another port, or 0 for any that is free"
                           : "");
  host_ = lower_case(where.host);
  const auto at = tcp_->endpoint();
  address_ = "http://" + authority(at.address().to_string(), at.port());
  accept_tcp();
  return std::nullopt;
}

void HttpServer::accept_tcp() {
  tcp_->start([this](Tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
    auto served = names_of(socket);
    admit(HttpConnection::Socket(std::move(socket)), std::move(served));
  });
}

std::optional<std::string> HttpServer::start_local(const std::string& path) {
  if (const auto why = make_room(path)) return fmt::format("--control unix:{}: {}", path, *why);
  local_.emplace(io_, "control");
  if (const auto error = local_->listen(Local::endpoint(path), owner_only))
    return fmt::format("--control unix:{}: {}", path, error.message());
  path_ = path;
  file_ = file_at(path).value_or(FileId{});
  address_ = "unix:" + path;
  local_->start(
      [this](Local::socket socket) { admit(HttpConnection::Socket(std::move(socket)), {}); });
  return std::nullopt;
}

/// What Host may be for this connection, in lower case.
std::vector<std::string> HttpServer::names_of(const Tcp::socket& socket) const {
  boost::system::error_code gone;
  const auto here = socket.local_endpoint(gone);
  const std::set<std::string> hosts{here.address().to_string(), host_, "localhost"};
  std::vector<std::string> names;
  for (const auto& host : hosts) {
    const auto name = authority(host, here.port());
    names.push_back(name);
    if (here.port() == http_port) names.push_back(name.substr(0, name.rfind(':')));
  }
  return names;
}

void HttpServer::admit(HttpConnection::Socket socket, std::vector<std::string> served) {
  if (connections_.size() >= limits_.connections) return turn_away(socket, limits_.connections);
  const auto connection = std::make_shared<HttpConnection>(
      std::move(socket), std::move(served), HttpConnection::House{limits_, access_, routes_},
      [this](const auto& ended) { connections_.erase(ended); });
  connections_.insert(connection);
  connection->start();
}

void HttpServer::stop() {
  if (tcp_) tcp_->stop();
  if (local_) local_->stop();
  for (const auto& connection : std::exchange(connections_, {})) connection->drop();
  if (!path_.empty() && file_at(path_) == file_) ::unlink(path_.c_str());
  path_.clear();
}

}  // namespace emulator::control
