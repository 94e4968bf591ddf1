#include "data_services/link/net_listener.hpp"

#include "data_services/link/net_connection.hpp"

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace data_services {

using boost::asio::ip::tcp;

NetListener::NetListener(boost::asio::io_context& io, const net::DialerOptions& options,
                         const net::ListenPlace& place, const ListenAt& at, Events events)
    : io_(io),
      options_(options),
      cid_(at.cid),
      events_(std::move(events)),
      acceptor_(io, "TCP LISTENER") {
  boost::asio::post(io_, [this, life = std::weak_ptr(life_), place, local_port = at.local_port] {
    if (!life.expired()) begin(place, local_port);
  });
}

Origin NetListener::place() const {
  const auto here = acceptor_.endpoint();
  return {here.address().to_string(), here.port()};
}

void NetListener::begin(const net::ListenPlace& place, std::uint16_t local_port) {
  const auto here = place.of(local_port);
  const auto error = here ? acceptor_.listen({here->address, here->port})
                          : make_error_code(boost::asio::error::invalid_argument);
  if (error) {
    spdlog::info("TCP LISTENER at port {}: {}", local_port, error.message());
    return events_.failed(OpenFailure::local_port_taken);
  }
  acceptor_.start([this](tcp::socket socket) { taken(std::move(socket)); });
  events_.listening();
}

void NetListener::taken(tcp::socket socket) {
  boost::system::error_code gone;
  const auto peer = socket.remote_endpoint(gone);
  if (gone) return;
  const auto kept = std::make_shared<tcp::socket>(std::move(socket));
  events_.incoming({{peer.address().to_string(), peer.port()},
                    [io = &io_, options = options_, cid = cid_, kept](Connection::Events events) {
                      return std::make_unique<NetConnection>(*io, options, std::move(*kept), cid,
                                                             std::move(events));
                    }});
}

}  // namespace data_services
