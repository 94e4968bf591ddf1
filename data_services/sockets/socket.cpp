#include "data_services/sockets/socket.hpp"

#include "at_engine/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace data_services {

using cellular::Knob;
using cellular::TcpIpError;

namespace {

/// Of an open over a context that only seems to be active (PDPX-7).
constexpr at::Duration drift_limit = std::chrono::seconds(30);

}  // namespace

TcpIpError Socket::error_of(OpenFailure failure) const {
  switch (failure) {
    case OpenFailure::unresolved:
      return TcpIpError::dns_failed;
    case OpenFailure::local_port_taken:
      return TcpIpError::bind_failed;
    case OpenFailure::tls_failed:
      return world_.knobs.is_set(Knob::ssl_handshake_error) ? TcpIpError::handshake_failed
                                                            : TcpIpError::connect_failed;
    case OpenFailure::refused:
    case OpenFailure::unreachable:
      break;
  }
  return TcpIpError::connect_failed;
}

Socket::Socket(const SocketWorld& world, const SocketSettings& settings, Request request,
               std::function<void()> gone, Came came)
    : world_(world),
      settings_(settings),
      speaker_(world.announce),
      request_(std::move(request)),
      gone_(std::move(gone)),
      came_(std::move(came)),
      mode_(request_.mode),
      timer_(world.timeline),
      result_timer_(world.timeline),
      inbox_(!is_stream()),
      round_trip_(world.timeline, world.latency),
      beat_timer_(world.timeline),
      silence_timer_(world.timeline),
      acknowledgement_timer_(world.timeline) {}

void Socket::fail_to_open(TcpIpError error) {
  state_ = State::opening;
  finish_open(error);
}

void Socket::open() {
  earliest_ = world_.timeline.now() + world_.latency.draw(cellular::Latency::Step::open);
  // A handshake takes a round trip more.
  if (ssl_ctx()) earliest_ += world_.latency.draw(cellular::Latency::Step::answer);
  state_ = State::opening;
  const auto lost = [this] { bearer_lost(); };
  const bool activated = world_.activated(request_.cid);
  if (activated && world_.address_of(request_.cid).empty())
    return timer_.start(drift_limit, [this] { finish_open(TcpIpError::connect_failed); });
  if (activated)
    lease_ = world_.bearer.hold(request_.cid, lost);
  else if (world_.knobs.is_set(Knob::auto_pdp))
    lease_ = world_.bearer.lease(request_.cid, lost);
  if (!lease_) return finish_open(TcpIpError::activation_failed);
  timer_.start(request_.connect_timeout, [this] { finish_open(TcpIpError::connect_failed); });
  connect();
}

Connection::Events Socket::events() {
  return {[this] { negotiating(); },
          [this](const Ends& ends) { opened(ends); },
          [this](OpenFailure failure) { finish_open(error_of(failure)); },
          [this](const Arrival& arrival) { round_trip_.pass([=, this] { arrived(arrival); }); },
          [this](Ending ending) { round_trip_.pass([=, this] { ended(ending); }); },
          [this] { round_trip_.pass([this] { close_ended(); }); },
          [this] {
            if (const auto outlet = outlet_.lock()) outlet->sent();
          }};
}

void Socket::connect() {
  if (protocol() == Protocol::tcp_listener) return listen();
  request_.endpoint.cid = lease_.cid();
  request_.endpoint.name_servers = world_.bearer.chosen_name_servers(lease_.cid());
  connection_ = world_.transport.connect(request_.endpoint, events());
}

/// The handshake has a limit of its own (SSLS-3).
void Socket::negotiating() {
  timer_.start(std::chrono::seconds(request_.endpoint.tls->settings.negotiatetime),
               [this] { finish_open(error_of(OpenFailure::tls_failed)); });
}

void Socket::listen() {
  Listener::Events events;
  events.listening = [this] { finish_open(TcpIpError::none); };
  events.failed = [this](OpenFailure) { finish_open(TcpIpError::listen_failed); };
  events.incoming = [this](const Incoming& incoming) { came_(*this, incoming); };
  listener_ =
      world_.transport.listen({request_.endpoint.local_port, lease_.cid()}, std::move(events));
}

void Socket::accept(const Incoming& incoming) {
  ends_ = {incoming.peer.address, request_.endpoint.local_port};
  lease_ = world_.bearer.hold(request_.cid, [this] { bearer_lost(); });
  state_ = State::connected;
  connection_ = incoming.accept(events());
  speaker_.urc(fmt::format("+QIURC: \"incoming\",{},{},\"{}\",{}", request_.connect_id,
                           request_.server_id, incoming.peer.address, incoming.peer.port));
  watch_beat();
  watch_silence();
  want_more();
}

void Socket::opened(const Ends& ends) {
  ends_ = ends;
  finish_open(TcpIpError::none);
}

void Socket::finish_open(TcpIpError error) {
  timer_.stop();
  if (error != TcpIpError::none) connection_.reset();
  result_timer_.start(std::max(earliest_ - world_.timeline.now(), at::Duration::zero()),
                      [this, error] { report(error); });
}

void Socket::report(TcpIpError error) {
  const auto life = shared_from_this();
  const auto opened = std::exchange(request_.opened, nullptr);
  auto line = fmt::format("{}: {},{}", ssl_ctx() ? "+QSSLOPEN" : "+QIOPEN", request_.connect_id,
                          code(error));
  if (error == TcpIpError::none) {
    if (!opened) speaker_.result(request_.asker, std::move(line));
    state_ = listener_ ? State::listening : State::connected;
    watch_beat();
    watch_silence();
    want_more();
  } else {
    // It outlives the socket.
    if (!opened) world_.announce.result(request_.asker, std::move(line));
    gone_();
  }
  if (opened) opened(error);
}

TcpIpError Socket::obstacle() const {
  if (protocol() == Protocol::tcp_listener) return TcpIpError::not_supported;
  if (mode_ == Mode::transparent) return TcpIpError::not_allowed;
  if (state_ == State::closing && !lease_) return TcpIpError::context_lost;
  const bool half_open = state_ == State::closing && peer_ended_;
  if (broken_ || (state_ != State::connected && !half_open)) return TcpIpError::socket_closed;
  return TcpIpError::none;
}

bool Socket::send(const std::string& bytes, const Origin& to) {
  if (bytes.size() > room()) return false;
  sent_ += bytes.size();
  round_trip_.begin();
  connection_->send(bytes, to);
  watch_silence();
  return true;
}

void Socket::forward(std::string bytes) {
  if (!connection_ || broken_) return;
  sent_ += bytes.size();
  round_trip_.begin();
  connection_->send(std::move(bytes), {});
  watch_silence();
}

void Socket::want_more() {
  const auto capacity = static_cast<std::size_t>(world_.knobs.get(Knob::recv_buffer));
  const auto goes_on_below = capacity * 4 / 5;
  if (!connection_ || peer_ended_ || broken_) return;
  if (full_ && inbox_.size() >= goes_on_below) return;
  full_ = false;
  // Datagrams that find no room are lost, as they are on the way: they do not wait in the system.
  const auto used = (is_stream() ? inbox_.size() : 0) + wanted_;
  if (used >= capacity) return;
  const auto more = capacity - used;
  wanted_ += more;
  connection_->want(more);
}

void Socket::arrived(Arrival arrival) {
  if (closing_) return;  // nobody reads it any more (SOCK-24)
  const bool was_empty = inbox_.empty();
  const auto size = arrival.bytes.size();
  wanted_ -= std::min(wanted_, size);
  full_ = is_stream() && wanted_ == 0;
  watch_silence();
  if (!passes_rules(arrival.bytes)) return want_more();
  if (!is_stream()) {
    want_more();
    const auto capacity = static_cast<std::size_t>(world_.knobs.get(Knob::recv_buffer));
    if (size == 0 || inbox_.size() + size > capacity) {
      ++dropped_;
      return;
    }
  }
  received_ += size;
  inbox_.add(std::move(arrival));
  if (mode_ == Mode::push) return push();
  const auto outlet = outlet_.lock();
  if (mode_ == Mode::transparent && outlet) return outlet->arrived();
  if (was_empty) tell_arrival();
}

void Socket::tell_arrival() {
  auto line = fmt::format("{}: \"recv\",{}", urc_name(), request_.connect_id);
  if (settings_.unread_in_urc) line += fmt::format(",{}", inbox_.size());
  speaker_.urc(std::move(line));
}

Arrival Socket::read(std::size_t most) {
  auto taken = inbox_.take(most);
  const bool joins = protocol() == Protocol::udp && settings_.udp_read_stream;
  while (joins && taken.bytes.size() < most && !inbox_.empty())
    taken.bytes += inbox_.take(most - taken.bytes.size()).bytes;
  want_more();
  return taken;
}

/// The data stay here until the host can be told: who reads slowly stops the peer.
void Socket::push() {
  if (!pushing_.expired()) return;
  if (inbox_.empty()) {
    if (peer_ended_ || broken_) tell_closed();
    return;
  }
  const auto weak = weak_from_this();
  // Said or dropped with its queue: what it told of is gone either way.
  const auto told = [weak](at::LateLine* line) {
    static_cast<void>(line->text());
    delete line;
    if (const auto self = weak.lock()) self->go_on_pushing();
  };
  const std::shared_ptr<at::LateLine> line(new at::LateLine([weak]() -> std::string {
                                             const auto self = weak.lock();
                                             return self ? self->pushed() : std::string();
                                           }),
                                           told);
  pushing_ = line;
  world_.announce.announce_late(fmt::format("{}: \"recv\",{}", urc_name(), request_.connect_id),
                                line);
}

/// Not from inside of what the terminal says.
void Socket::go_on_pushing() {
  if (closing_) return;
  timer_.start({}, [this] {
    want_more();
    if (mode_ == Mode::push) push();
  });
}

std::string Socket::pushed() {
  if (mode_ != Mode::push || inbox_.empty()) return {};
  const auto [bytes, from] = inbox_.take(max_read);
  auto line = fmt::format("{}: \"recv\",{},{}", urc_name(), request_.connect_id, bytes.size());
  if (protocol() == Protocol::udp_service)
    line += fmt::format(",\"{}\",{}", from.address, from.port);
  return line + (settings_.one_line ? "," : "\r\n") +
         (settings_.receive_hex ? at::hex(bytes, at::HexCase::upper) : bytes);
}

/// In the buffer is what the host has not had yet, and nobody has told it of the end behind that.
void Socket::switch_to(Mode mode) {
  const auto before = std::exchange(mode_, mode);
  if (mode == Mode::push) return push();
  if (mode != Mode::buffer || before == Mode::buffer) return;
  if (!inbox_.empty()) tell_arrival();
  if (peer_ended_) tell_closed();
}

void Socket::become_transparent(at::Asker asker, std::shared_ptr<Outlet> outlet) {
  if (const auto other = outlet_.lock()) other->released();
  outlet_ = outlet;
  outlet_asker_ = asker;
  mode_ = Mode::transparent;
}

void Socket::leave_transparent() {
  outlet_.reset();
  if (mode_ != Mode::transparent) return;
  told_closed_ = true;
  mode_ = Mode::buffer;
}

void Socket::ended(Ending ending) {
  peer_ended_ = true;
  state_ = State::closing;
  if (ending == Ending::reset) {
    broken_ = true;
    connection_.reset();
    if (closing_) return close_ended();  // what is gone acknowledges no end of ours
  } else if (settings_.passive_close) {
    broken_ = true;
    connection_->close();
  }
  if (mode_ == Mode::push && (!inbox_.empty() || !pushing_.expired())) return push();
  const bool in_data_mode = mode_ == Mode::transparent;
  if (const auto outlet = outlet_.lock()) outlet->ended();
  if (!in_data_mode) tell_closed();
}

void Socket::tell_closed() {
  if (std::exchange(told_closed_, true)) return;
  speaker_.urc(fmt::format("{}: \"closed\",{}", urc_name(), request_.connect_id));
}

void Socket::bearer_lost() {
  lease_.end();
  listener_.reset();
  round_trip_.forget();
  if (state_ == State::opening) return finish_open(TcpIpError::activation_failed);
  if (closing_) return timer_.start({}, [this] { close_ended(); });
  connection_.reset();
  state_ = State::closing;
  broken_ = told_closed_ = true;
  if (const auto outlet = outlet_.lock()) outlet->ended();
}

bool Socket::close(at::Duration limit, std::function<void()> done) {
  const bool waits = is_stream() && connection_ && limit > at::Duration::zero() &&
                     (state_ == State::connected || (state_ == State::closing && !broken_));
  result_timer_.stop();
  timer_.stop();
  speaker_.fall_silent();
  told_closed_ = true;
  const auto life = shared_from_this();
  const auto opened = std::exchange(request_.opened, nullptr);
  if (const auto outlet = outlet_.lock()) outlet->released();
  if (!waits) {
    listener_.reset();
    connection_.reset();
    look_for_acknowledgement();
    const auto earlier = std::exchange(closing_, nullptr);
    gone_();
    if (opened) opened(TcpIpError::socket_closed);
    if (earlier) earlier();
    return true;
  }
  state_ = State::closing;
  broken_ = true;
  inbox_.clear();
  closing_ = std::move(done);
  timer_.start(limit, [this] { close_ended(); });
  round_trip_.begin();
  connection_->close();
  return false;
}

void Socket::close_ended() {
  const auto life = shared_from_this();
  timer_.stop();
  look_for_acknowledgement();
  connection_.reset();
  const auto done = std::exchange(closing_, nullptr);
  if (!done) return;  // our side has followed the peer's
  gone_();
  done();
}

std::string_view Socket::service_type() const {
  static constexpr std::array<std::string_view, 5> types{"TCP", "UDP", "UDP SERVICE",
                                                         "TCP LISTENER", "TCP INCOMING"};
  return types[static_cast<std::size_t>(protocol())];
}

std::string Socket::state_line() const {
  const auto& endpoint = request_.endpoint;
  const bool serves = protocol() == Protocol::udp_service || protocol() == Protocol::tcp_listener;
  const bool shows_asked = serves || !world_.knobs.is_set(Knob::show_real_local_port);
  const int id = request_.connect_id;
  if (const auto ctx = ssl_ctx())
    return fmt::format("+QSSLSTATE: {0},\"SSLClient\",\"{1}\",{2},0,{3},{4},{0},{5},\"{6}\",{7}",
                       id, ends_.peer, endpoint.port, static_cast<int>(state_), request_.cid,
                       static_cast<int>(mode_), world_.port_of(request_.asker), *ctx);
  return fmt::format("+QISTATE: {},\"{}\",\"{}\",{},{},{},{},{},{},\"{}\"", id, service_type(),
                     serves ? world_.address_of(request_.cid) : ends_.peer, endpoint.port,
                     shows_asked ? endpoint.local_port : ends_.local_port, static_cast<int>(state_),
                     request_.cid, request_.server_id < 0 ? id : request_.server_id,
                     static_cast<int>(mode_), world_.port_of(request_.asker));
}

}  // namespace data_services
