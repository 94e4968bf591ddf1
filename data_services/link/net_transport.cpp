#include "data_services/link/net_transport.hpp"

#include "data_services/link/net_connection.hpp"
#include "data_services/link/net_datagrams.hpp"
#include "data_services/link/net_listener.hpp"

namespace data_services {

std::unique_ptr<Connection> NetTransport::connect(const Endpoint& endpoint,
                                                  Connection::Events events) {
  if (endpoint.protocol != Protocol::tcp)
    return std::make_unique<NetDatagrams>(io_, options_, place_, endpoint, std::move(events));
  return std::make_unique<NetConnection>(io_, options_, endpoint, std::move(events));
}

std::unique_ptr<Listener> NetTransport::listen(const ListenAt& at, Listener::Events events) {
  return std::make_unique<NetListener>(io_, options_, place_, at, std::move(events));
}

}  // namespace data_services
