#include "data_services/sockets/transparent.hpp"

#include "data_services/sockets/payload.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;
using cellular::TcpIpError;

Transparent::Transparent(Sockets& sockets, at::Asker asker, std::weak_ptr<Socket> socket)
    : sockets_(sockets),
      asker_(asker),
      socket_(std::move(socket)),
      timer_(sockets.world().timeline) {}

void Transparent::connected(at::OnlineChannel& channel) {
  channel_ = &channel;
  if (const auto socket = socket_.lock()) socket->become_transparent(asker_, shared_from_this());
  deliver();
}

std::size_t Transparent::packet() const {
  return static_cast<std::size_t>(sockets_.settings().packet_size);
}

void Transparent::receive(std::string_view bytes) {
  if (channel_ == nullptr) return;
  waiting_ += bytes.substr(0, max_waiting - std::min(max_waiting, waiting_.size()));
  const auto wait = std::chrono::milliseconds(100) * sockets_.settings().packet_wait;
  const bool at_once = wait == wait.zero();
  send(at_once ? waiting_.size() : waiting_.size() - waiting_.size() % packet());
  if (!waiting_.empty()) timer_.start(wait, [this] { send(waiting_.size()); });
}

/// Whole packets, where bounds are kept.
void Transparent::send(std::size_t bytes) {
  const auto socket = socket_.lock();
  if (bytes == 0 || !socket) return;
  const bool keeps_bounds = socket->protocol() == Protocol::udp;
  const auto datagram = sockets_.settings().udp_send_stream ? Socket::max_send : packet();
  const auto step = keeps_bounds ? datagram : bytes;
  for (std::size_t at = 0; at < bytes; at += step)
    socket->forward(waiting_.substr(at, std::min(step, bytes - at)));
  waiting_.erase(0, bytes);
  if (waiting_.empty()) timer_.stop();
  if (channel_ != nullptr && socket->unsent() > max_unsent) channel_->hold(true);
}

void Transparent::sent() {
  if (channel_ != nullptr) channel_->hold(false);
}

void Transparent::deliver() {
  const auto socket = socket_.lock();
  if (!socket || suspended_) return;
  while (channel_ != nullptr && socket->unread() > 0) {
    const auto room = std::min(channel_->room(), max_piece);
    if (room == 0) return;
    channel_->transmit(socket->read(room).bytes);
  }
  if (channel_ != nullptr && socket->has_ended()) leave(true);
}

void Transparent::suspended() {
  send(waiting_.size());
  suspended_ = true;
  if (const auto socket = socket_.lock()) socket->switch_to(Socket::Mode::buffer);
}

void Transparent::resumed() {
  suspended_ = false;
  if (const auto socket = socket_.lock()) socket->switch_to(Socket::Mode::transparent);
  deliver();
}

/// reading: a host that hangs up (ATH, a DTR drop under AT&D2) closes the socket, as TRAN-3 infers
void Transparent::hung_up() {
  channel_ = nullptr;
  const auto socket = socket_.lock();
  if (socket) static_cast<void>(socket->close(Socket::usual_close, [] {}));
}

void Transparent::ended() {
  if (suspended_) return leave(false);
  deliver();
}

void Transparent::released() { leave(!suspended_); }

/// The data mode is over (TRAN-6); `with_word` of the far side's end.
void Transparent::leave(bool with_word) {
  timer_.stop();
  auto* const channel = std::exchange(channel_, nullptr);
  const auto socket = socket_.lock();
  if (socket) socket->leave_transparent();
  if (channel == nullptr) return;
  const bool as_urc = sockets_.world().knobs.is_set(cellular::Knob::transparent_close);
  if (!with_word) return channel->finish(Outcome::ok());
  if (!as_urc || !socket) return channel->carrier_lost();
  channel->finish(Outcome::final(
      fmt::format("{}: \"closed\",{}", socket->urc_name(), socket->request().connect_id)));
}

Outcome open_transparent(Sockets& sockets, Socket::Request request) {
  const auto asker = request.asker;
  if (sockets.transparent_on(asker)) return refuse(sockets, TcpIpError::port_busy);
  auto later = std::make_shared<at::Later>();
  request.opened = [&sockets, later, asker, id = request.connect_id,
                    tls = request.endpoint.tls != nullptr](TcpIpError error) {
    const auto socket = sockets.at(id, tls);
    if (error != TcpIpError::none || !socket) {
      later->settle_with(refuse(sockets, error));
    } else if (later->settle) {
      later->settle_with(enter_transparent(sockets, asker, socket));
    } else {
      static_cast<void>(socket->close({}, [] {}));
    }
  };
  sockets.open(std::move(request));
  return Outcome::later(later);
}

Outcome enter_transparent(Sockets& sockets, at::Asker asker,
                          const std::shared_ptr<Socket>& socket) {
  return done(sockets, Outcome::online(std::make_shared<Transparent>(sockets, asker, socket)));
}

}  // namespace data_services
