#include "emulator/faults/faulty_transport.hpp"

#include <algorithm>
#include <utility>

namespace emulator::faults {

using data_services::Arrival;
using data_services::Ending;
using data_services::Ends;
using data_services::OpenFailure;

void FaultyTransport::for_each(const std::function<void(FaultyConnection& connection)>& action) {
  const auto before = connections_;
  for (auto* connection : before)
    if (connections_.count(connection) > 0) action(*connection);
}

std::unique_ptr<data_services::Connection> FaultyTransport::connect(const Endpoint& endpoint,
                                                                    Connection::Events events) {
  auto connection = std::make_unique<FaultyConnection>(*this, std::move(events));
  connection->open(endpoint);
  return connection;
}

std::unique_ptr<data_services::Listener> FaultyTransport::listen(
    const data_services::ListenAt& at, data_services::Listener::Events events) {
  events.incoming = [this,
                     tell = std::move(events.incoming)](const data_services::Incoming& incoming) {
    tell({incoming.peer, [this, accept = incoming.accept](Connection::Events accepted) {
            auto connection = std::make_unique<FaultyConnection>(*this, std::move(accepted));
            connection->adopt(accept);
            return connection;
          }});
  };
  return transport_.listen(at, std::move(events));
}

FaultyConnection::FaultyConnection(FaultyTransport& world, Events events)
    : world_(world),
      events_(std::move(events)),
      opening_(world.timeline_),
      idle_(world.timeline_),
      late_timer_(world.timeline_),
      outgoing_timer_(world.timeline_),
      way_(world.timeline_) {
  world_.connections_.insert(this);
}

FaultyConnection::~FaultyConnection() { world_.connections_.erase(this); }

void FaultyConnection::open(const data_services::Endpoint& endpoint) {
  auto to = endpoint;
  at::Duration wait{};
  std::optional<TlsTrouble> trouble;
  for (const auto* fault : world_.hooks_.opening(endpoint)) {
    const auto& mode = fault->text("mode");
    if (fault->type().name == "tls") {
      trouble = {mode, static_cast<std::size_t>(fault->number("at_byte"))};
      continue;
    }
    const bool dns = fault->type().name == "dns";
    if (dns && mode == "none") return fail(OpenFailure::unresolved);
    if (dns && mode == "wrong") to.host = FaultyLink::wrong_address;
    if (dns && mode == "slow") wait += fault->ms();
    if (!dns && mode == "refuse") return fail(OpenFailure::refused);
    if (!dns && mode == "swallow") return;
    if (!dns && mode == "reset") reset_on_open_ = true;
  }
  if (wait == at::Duration::zero()) return go(to, trouble);
  opening_.start(wait, [this, to, trouble] { go(to, trouble); });
}

void FaultyConnection::go(data_services::Endpoint endpoint,
                          const std::optional<TlsTrouble>& trouble) {
  if (!trouble) {
    connection_ = world_.transport_.connect(endpoint, watched());
    return;
  }
  detouring_ = std::make_shared<char>();
  mqtt_backend::Endpoint of_link{endpoint.host, endpoint.port, endpoint.tls};
  of_link.name_servers = endpoint.name_servers;
  of_link.cid = endpoint.cid;
  world_.hooks_.detour(*trouble, of_link,
                       [this, waiting = std::weak_ptr(detouring_), endpoint](const auto& instead) {
                         if (waiting.expired()) return;
                         detouring_.reset();
                         if (!instead) return fail(OpenFailure::tls_failed);
                         auto to = endpoint;
                         to.tls = instead->tls;
                         to.detour = instead->detour;
                         connection_ = world_.transport_.connect(to, watched());
                       });
}

void FaultyConnection::fail(OpenFailure failure) {
  opening_.start({}, [this, failure] { events_.failed(failure); });
}

void FaultyConnection::adopt(const std::function<std::unique_ptr<Connection>(Events)>& accept) {
  established_ = true;
  connection_ = accept(watched());
}

/// What is told may be the end of this connection, and of its events.
data_services::Connection::Events FaultyConnection::watched() {
  Events watched;
  watched.negotiating = events_.negotiating;
  watched.opened = [this](const Ends& ends) { is_open(ends); };
  watched.failed = events_.failed;
  watched.arrived = [this](const Arrival& arrival) {
    heard(arrival.bytes.size(), [arrival, tell = events_.arrived] { tell(arrival); });
  };
  watched.ended = [this](Ending ending) {
    heard(0, [this, ending, tell = events_.ended] {
      established_ = established_ && ending != Ending::reset;
      tell(ending);
    });
  };
  if (events_.secured) watched.secured = [this] { heard(0, events_.secured); };
  watched.closed = [this] { heard(0, events_.closed); };
  watched.sent = [this] {
    if (outgoing_.empty() && events_.sent) events_.sent();
  };
  return watched;
}

void FaultyConnection::is_open(const Ends& ends) {
  established_ = true;
  heard(0, [ends, tell = events_.opened] { tell(ends); });
  if (reset_on_open_) lose();
}

void FaultyConnection::heard(std::size_t bytes, std::function<void()> tell) {
  if (deaf_) return;
  traffic();
  const auto now = world_.timeline_.now();
  if (late_.empty() && !way_.slow()) return tell();
  late_.push_back({way_.arrives(bytes, late_.empty() ? now : late_.back().due), std::move(tell)});
  deliver_due();
}

void FaultyConnection::deliver_due() {
  if (late_.empty() || late_timer_.running()) return;
  late_timer_.start(late_.front().due - world_.timeline_.now(), [this] {
    const auto tell = std::move(late_.front().tell);
    late_.pop_front();
    deliver_due();
    tell();  // may be the end of this
  });
}

void FaultyConnection::lose() {
  if (!established_ || deaf_) return;
  established_ = false;
  connection_.reset();
  outgoing_.clear();
  outgoing_bytes_ = 0;
  late_.push_back({late_.empty() ? world_.timeline_.now() : late_.back().due,
                   [tell = events_.ended] { tell(Ending::reset); }});
  deliver_due();
}

void FaultyConnection::go_deaf() {
  if (!established_) return;
  deaf_ = true;
  await(false);
  late_.clear();
  late_timer_.stop();
}

void FaultyConnection::slow_down(Slowness slowness, std::uint64_t seed) {
  way_.become(slowness, seed);
}

void FaultyConnection::forget_after(std::optional<at::Duration> idle) {
  forgotten_after_ = idle;
  if (!idle) idle_.stop();
  traffic();
}

void FaultyConnection::traffic() {
  if (established_ && forgotten_after_) idle_.start(*forgotten_after_, [this] { go_deaf(); });
}

void FaultyConnection::start_tls(std::shared_ptr<const ssl_ctx::TlsRequest> tls,
                                 const std::string& server_name) {
  if (connection_) connection_->start_tls(std::move(tls), server_name);
}

void FaultyConnection::want(std::size_t bytes) {
  if (connection_) connection_->want(bytes);
}

/// What goes to a deaf connection is taken, and never acknowledged.
void FaultyConnection::send(std::string bytes, const data_services::Origin& to) {
  if (!connection_) return;
  if (deaf_) {
    swallowed_ += bytes.size();
    return;
  }
  traffic();
  const auto due = way_.goes_out(bytes.size());
  if (outgoing_.empty() && due <= world_.timeline_.now())
    return connection_->send(std::move(bytes), to);
  outgoing_bytes_ += bytes.size();
  outgoing_.push_back({due, std::move(bytes), to});
  send_due();
}

void FaultyConnection::send_due() {
  if (outgoing_timer_.running()) return;
  if (outgoing_.empty()) {
    if (closing_ && connection_) connection_->close();
    return;
  }
  outgoing_timer_.start(outgoing_.front().due - world_.timeline_.now(), [this] {
    auto [due, bytes, to] = std::move(outgoing_.front());
    outgoing_.pop_front();
    outgoing_bytes_ -= bytes.size();
    if (deaf_)
      swallowed_ += bytes.size();
    else if (connection_)
      connection_->send(std::move(bytes), to);
    send_due();
  });
}

std::size_t FaultyConnection::unsent() const {
  return outgoing_bytes_ + (connection_ ? connection_->unsent() : 0);
}

std::size_t FaultyConnection::unacknowledged() const {
  return swallowed_ + outgoing_bytes_ + (connection_ ? connection_->unacknowledged() : 0);
}

/// A deaf connection has none to wait for.
void FaultyConnection::await(bool answer) {
  if (connection_) connection_->await(answer && !deaf_);
}

void FaultyConnection::close() {
  closing_ = true;
  if (!deaf_) send_due();
}

}  // namespace emulator::faults
