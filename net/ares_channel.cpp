#include "net/ares_channel.hpp"

#include <arpa/nameser.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <boost/asio/post.hpp>

namespace net {

using boost::system::error_code;
using Descriptor = boost::asio::posix::stream_descriptor;

AresChannel::AresChannel(boost::asio::io_context& io,
                         const std::vector<boost::asio::ip::udp::endpoint>& servers,
                         Patience patience)
    : io_(io), timer_(io) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  std::array<char, 2> only_dns{"b"};
  ares_options options{};
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
  options.timeout = static_cast<int>(patience.first.count());
  options.tries = patience.rounds;
  options.lookups = only_dns.data();
  options.sock_state_cb_data = this;
  options.sock_state_cb = [](void* self, ares_socket_t descriptor, int readable, int writable) {
    static_cast<AresChannel*>(self)->state_changed(descriptor, readable != 0, writable != 0);
  };
  // All that resolv.conf could say is said, so that it is not read.
  constexpr int said = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
                       ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
                       ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE;
  if (library != ARES_SUCCESS || ares_init_options(&channel_, &options, said) != ARES_SUCCESS) {
    channel_ = nullptr;
    return;
  }
  set_servers(servers);
}

AresChannel::~AresChannel() {
  ending_ = true;
  if (channel_ != nullptr) ares_destroy(channel_);
}

void AresChannel::set_servers(const std::vector<boost::asio::ip::udp::endpoint>& servers) {
  std::vector<ares_addr_port_node> nodes(servers.size());
  for (std::size_t i = 0; i < servers.size(); ++i) {
    const auto& server = servers[i];
    auto& node = nodes[i];
    node.next = i + 1 < nodes.size() ? &nodes[i + 1] : nullptr;
    node.udp_port = node.tcp_port = server.port();
    if (server.address().is_v4()) {
      const auto bytes = server.address().to_v4().to_bytes();
      node.family = AF_INET;
      std::memcpy(&node.addr.addr4, bytes.data(), bytes.size());
    } else {
      const auto bytes = server.address().to_v6().to_bytes();
      node.family = AF_INET6;
      std::memcpy(&node.addr.addr6, bytes.data(), bytes.size());
    }
  }
  ares_set_servers_ports(channel_, nodes.empty() ? nullptr : nodes.data());
}

void AresChannel::ask(const std::string& name, int type, Heard heard) {
  auto query = std::make_unique<Query>(Query{this, std::move(heard)});
  if (channel_ == nullptr) {
    answered(query.release(), ARES_ENOTINITIALIZED, nullptr, 0);
  } else {
    ares_query(
        channel_, name.c_str(), ns_c_in, type,
        [](void* asked, int status, int, unsigned char* bytes, int size) {
          auto* const about = static_cast<Query*>(asked);
          about->channel->answered(about, status, bytes, size);
        },
        query.release());
    keep_time();
  }
  if (answers_.empty()) return;
  boost::asio::post(io_, [this, life = std::weak_ptr(life_)] {
    if (!life.expired()) deliver();
  });
}

void AresChannel::answered(Query* query, int status, const unsigned char* bytes, int size) {
  const std::unique_ptr<Query> ended(query);
  if (ending_) return;
  Answer answer{std::move(ended->heard), status, {}};
  if (status == ARES_SUCCESS && static_cast<std::size_t>(size) > max_answer)
    answer.status = ARES_EBADRESP;
  if (answer.status == ARES_SUCCESS) answer.bytes.assign(bytes, bytes + size);
  answers_.push_back(std::move(answer));
}

void AresChannel::state_changed(ares_socket_t descriptor, bool wants_read, bool wants_write) {
  auto& socket = sockets_[descriptor];
  if (!wants_read && !wants_write) {
    // c-ares closes it.
    if (socket) socket->descriptor.release();
    sockets_.erase(descriptor);
    return;
  }
  if (!socket) {
    socket = std::make_shared<Socket>(io_);
    error_code ignored;
    socket->descriptor.assign(descriptor, ignored);
  }
  socket->reading.wanted = wants_read;
  socket->writing.wanted = wants_write;
  watch(descriptor, socket);
}

void AresChannel::watch(ares_socket_t descriptor, const std::shared_ptr<Socket>& socket) {
  const auto wait = [&](Descriptor::wait_type what, Interest Socket::*which) {
    auto& interest = (*socket).*which;
    if (!interest.wanted || std::exchange(interest.waiting, true)) return;
    socket->descriptor.async_wait(what, [this, descriptor, socket, what, &interest,
                                         life = std::weak_ptr(life_)](error_code error) {
      interest.waiting = false;
      if (error || life.expired() || !socket->descriptor.is_open()) return;
      const bool reads = what == Descriptor::wait_read;
      if (interest.wanted)
        process(reads ? descriptor : ARES_SOCKET_BAD, reads ? ARES_SOCKET_BAD : descriptor);
      if (!life.expired() && socket->descriptor.is_open()) watch(descriptor, socket);
    });
  };
  wait(Descriptor::wait_read, &Socket::reading);
  wait(Descriptor::wait_write, &Socket::writing);
}

void AresChannel::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  keep_time();
  deliver();
}

void AresChannel::keep_time() {
  timeval left{};
  if (ares_timeout(channel_, nullptr, &left) == nullptr) {
    timer_.cancel();
    return;
  }
  // Rounded up: a moment early there is nothing to do yet.
  timer_.expires_after(std::chrono::seconds(left.tv_sec) +
                       std::chrono::milliseconds(left.tv_usec / 1000 + 1));
  timer_.async_wait([this, life = std::weak_ptr(life_)](error_code error) {
    if (!error && !life.expired()) process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

void AresChannel::deliver() {
  const auto life = std::weak_ptr(life_);
  while (!life.expired() && !answers_.empty()) {
    const auto answer = std::move(answers_.front());
    answers_.pop_front();
    answer.heard(answer.status, answer.bytes);
  }
}

}  // namespace net
