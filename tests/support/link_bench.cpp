#include "tests/support/link_bench.hpp"

#include <utility>

namespace support {

using namespace mqtt_backend;

bool LinkBench::run_until(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    io.restart();
    io.run_one_for(std::chrono::milliseconds(10));
  }
  return true;
}

void LinkBench::run_for(std::chrono::milliseconds time) {
  run_until([] { return false; }, time);
}

Probe::Probe(LinkBench& bench, LinkOptions options)
    : link(bench.world, std::move(options)), bench_(bench) {
  link.listen([this](LinkEvent event) { events.push_back(std::move(event)); });
}

bool Probe::open(std::uint16_t port) {
  const auto before = all<link_event::Opened>().size();
  link.open({"127.0.0.1", port, nullptr});
  return wait<link_event::Opened>(before + 1) &&
         all<link_event::Opened>().back().result == OpenResult::ok;
}

bool Probe::connect(const ConnectRequest& request) {
  const auto before = all<link_event::ConnAck>().size();
  link.connect(request);
  return wait<link_event::ConnAck>(before + 1) && all<link_event::ConnAck>().back().code == 0;
}

bool Probe::up(std::uint16_t port, const std::string& client_id) {
  return open(port) && connect(as_client(client_id));
}

bool Probe::subscribe(std::uint16_t id, const std::string& topic, int qos) {
  const Ticket ticket = link.subscribe(id, {{topic, qos}});
  return bench_.run_until([&] { return acked(ticket); });
}

bool Probe::publish(std::uint16_t id, int qos, const std::string& topic,
                    const std::string& payload) {
  const Ticket ticket = link.publish({id, qos, false, topic, payload});
  return bench_.run_until([&] { return acked(ticket); });
}

bool Probe::acked(Ticket ticket) const {
  for (const auto& event : all<link_event::Acked>()) {
    if (event.ticket == ticket) return true;
  }
  return false;
}

bool Probe::disconnect() {
  const auto before = all<link_event::Disconnected>().size();
  link.disconnect();
  return wait<link_event::Disconnected>(before + 1) && all<link_event::Disconnected>().back().ok;
}

ConnectRequest as_client(const std::string& client_id) {
  ConnectRequest request;
  request.version = 4;
  request.client_id = client_id;
  request.keepalive = 60;
  return request;
}

}  // namespace support
