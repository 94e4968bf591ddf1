#include "data_services/sockets/sockets.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace data_services {

using cellular::TcpIpError;

std::shared_ptr<Socket> Sockets::place(Socket::Request request) {
  auto& free = sockets_[place_of(request.connect_id, request.endpoint.tls != nullptr)];
  free = std::make_shared<Socket>(
      world_, settings_, std::move(request),
      [this, &free] {
        if (free->ssl_ctx()) ++leaked_;
        free.reset();
      },
      [this](const Socket& listener, const Incoming& incoming) { came(listener, incoming); });
  return free;
}

bool Sockets::transparent_on(at::Asker asker) const {
  return std::any_of(sockets_.begin(), sockets_.end(), [asker](const auto& socket) {
    return socket && socket->transparent_on() == asker;
  });
}

void Sockets::open(Socket::Request request) {
  auto& endpoint = request.endpoint;
  if (settings_.keep_alive)
    endpoint.keep_alive = KeepAlive{settings_.keep_alive_idle_s, settings_.keep_alive_interval_s,
                                    settings_.keep_alive_probes};
  endpoint.give_up_after_s = settings_.retries * settings_.retry_period_s;
  const auto socket = place(std::move(request));
  // reading: the result line has the code, since the log has it behind every open
  if (exhausted()) return socket->fail_to_open(TcpIpError::invalid_parameters);
  socket->open();
}

bool Sockets::exhausted() const {
  constexpr int rounds = 20;
  return leaked_ >= rounds && world_.knobs.is_set(cellular::Knob::fault_open_leak);
}

/// Ids are given from the top (SURC-5). The newcomer is cut when there is none (SURC-7).
void Sockets::came(const Socket& listener, const Incoming& incoming) {
  const auto& asked = listener.request();
  int accepted = 0;
  int free_id = -1;
  for (int id = 0; id <= max_connect_id; ++id) {
    const auto socket = at(id);
    if (!socket) free_id = id;
    if (socket && socket->request().listener.lock().get() == &listener) ++accepted;
  }
  // reading: AT+QIACCEPT, which takes him, is not of this family
  if (!settings_.accepts)
    return world_.announce.announce(fmt::format("+QIURC: \"accept\",{}", asked.connect_id));
  if (free_id < 0 || accepted >= asked.max_accepted) {
    auto line = std::string("+QIURC: \"incoming full\"");
    if (world_.knobs.is_set(cellular::Knob::incoming_full_id))
      line += fmt::format(",{}", asked.connect_id);
    return world_.announce.announce(std::move(line));
  }
  auto request = asked;
  request.connect_id = free_id;
  request.server_id = asked.connect_id;
  request.listener = listener.weak_from_this();
  request.mode = listener.mode();
  request.endpoint.protocol = Protocol::tcp_incoming;
  request.endpoint.port = incoming.peer.port;
  place(std::move(request))->accept(incoming);
}

void Sockets::deactivated(int cid) {
  for (const auto& each : sockets_) {
    const auto socket = each;
    if (socket && socket->cid() == cid) static_cast<void>(socket->close({}, {}));
  }
}

void Sockets::reset() {
  for (auto& socket : sockets_) socket.reset();
  settings_ = {};
  leaked_ = 0;
}

std::optional<std::string> Sockets::busy() const {
  for (std::size_t i = 0; i < sockets_.size(); ++i)
    if (sockets_[i]) return fmt::format("connection {} is in use", i % socket_count);
  return std::nullopt;
}

}  // namespace data_services
