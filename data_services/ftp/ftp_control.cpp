#include "data_services/ftp/ftp_control.hpp"

#include <utility>

namespace data_services {

FtpControl::FtpControl(const ServiceWorld& world, const Endpoint& endpoint, Events events)
    : events_(std::move(events)), round_trip_(world.timeline, world.latency), host_(endpoint.host) {
  Connection::Events heard;
  heard.negotiating = [] {};
  heard.opened = [this](const Ends& ends) { opened(ends); };
  // What they lead to may end this object.
  heard.failed = [this](OpenFailure failure) { std::function(events_.failed)(failure); };
  heard.secured = [this] { round_trip_.pass([this] { events_.secured(); }); };
  heard.arrived = [this](const Arrival& arrival) {
    round_trip_.pass([this, bytes = arrival.bytes] { arrived(bytes); });
  };
  heard.ended = [this](Ending) { round_trip_.pass([this] { std::function(events_.lost)(); }); };
  heard.closed = [this] { std::function(events_.closed)(); };
  connection_ = world.transport.connect(endpoint, std::move(heard));
}

void FtpControl::opened(const Ends& ends) {
  peer_ = ends.peer;
  local_address_ = ends.local_address;
  connection_->want(wanted);
  connection_->await(true);
  events_.opened();
}

void FtpControl::arrived(const std::string& bytes) {
  connection_->want(bytes.size());
  const bool is_ftp = reader_.feed(bytes);
  const std::weak_ptr life(life_);
  const auto replied = events_.replied;
  while (const auto reply = reader_.next()) {
    connection_->await(false);
    replied(*reply);
    if (life.expired()) return;
  }
  if (!is_ftp) std::function(events_.lost)();
}

void FtpControl::send(std::string_view line) {
  connection_->await(true);
  round_trip_.begin();
  connection_->send(std::string(line) + "\r\n");
}

void FtpControl::secure(std::shared_ptr<const ssl_ctx::TlsRequest> tls) {
  round_trip_.begin();
  connection_->start_tls(std::move(tls), host_);
}

void FtpControl::close() { connection_->close(); }

}  // namespace data_services
