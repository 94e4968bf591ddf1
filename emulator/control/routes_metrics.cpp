#include "emulator/control/routes_metrics.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

namespace emulator::control {
namespace {

using Type = Exposition::Type;

void show_channels(Exposition& exposition, const ControlledModem& modem, const Modem& module) {
  module.each_channel([&](const std::string& name, const at::Terminal& terminal) {
    const Labels labels{{"modem", modem.name()}, {"channel", name}};
    const auto show = [&](std::string_view metric, std::string_view help, std::size_t value) {
      exposition.add(metric, Type::gauge, help, labels, static_cast<double>(value));
    };
    show("eg91xq_waiting_urcs", "URCs that wait until they may be said.", terminal.waiting_urcs());
    show("eg91xq_waiting_urcs_most", "The most that ever waited.", terminal.most_waiting_urcs());
    const auto backlog = modem.backlog(name);
    show("eg91xq_port_backlog_bytes", "Bytes that wait for the host.", backlog.now);
    show("eg91xq_port_backlog_bytes_most", "The most that ever waited.", backlog.most);
  });
}

void show_module(Exposition& exposition, ControlledModem& modem) {
  auto& module = modem.modem();
  const Labels labels{{"modem", modem.name()}};
  const auto show = [&](std::string_view name, std::string_view help, double value) {
    exposition.add(name, Type::gauge, help, labels, value);
  };
  show("eg91xq_ready", "Whether the module has booted.",
       module.device().power().is_ready() ? 1 : 0);
  show("eg91xq_registered", "Whether it is registered with a network.",
       module.device().network().registered() ? 1 : 0);
  show("eg91xq_virtual_seconds", "The module's time since the start.",
       journal::seconds(modem.timeline().now()));
  for (int i = 0; i < static_cast<int>(mqtt_backend::client_count); ++i) {
    auto& client = module.client(i);
    auto of_client = labels;
    of_client.emplace_back("client", std::to_string(i));
    exposition.add("eg91xq_client_connected", Type::gauge, "Whether an MQTT client is connected.",
                   of_client, client.state() == mqtt_backend::ClientState::connected ? 1 : 0);
    exposition.add("eg91xq_client_window", Type::gauge, "Publishes that are under way.", of_client,
                   static_cast<double>(client.publishes_under_way()));
    exposition.add("eg91xq_client_slots", Type::gauge, "Messages that wait to be read.", of_client,
                   static_cast<double>(client.inbox().count()));
  }
}

void show(Exposition& exposition, ControlledModem& modem) {
  modem.run([&] {
    static_cast<void>(modem.journal());  // brings the counts up to now
    modem.metrics().show(exposition, modem.name());
    show_module(exposition, modem);
    show_channels(exposition, modem, modem.modem());
  });
}

void show_all(const Fleet& fleet, double lag, const Responder& responder) {
  const auto exposition = std::make_shared<Exposition>();
  visit_all(
      fleet, [exposition](ControlledModem& modem) { show(*exposition, modem); },
      [exposition, lag, responder] {
        exposition->add("eg91xq_loop_lag_seconds", Type::gauge,
                        "How long the program's loop took to come to this answer.", {}, lag);
        responder.text(200, std::string(Exposition::content_type), exposition->text());
      });
}

}  // namespace

Routes metrics_routes(const Fleet& fleet, boost::asio::io_context& io) {
  Route route;
  route.path = "/metrics";
  route.id = "getMetrics";
  route.summary = "All modems in numbers, for Prometheus";
  route.outcomes = {{200, "In the text format", text(), std::string(Exposition::content_type)},
                    {503, "It is still starting"}};
  route.handler = [&fleet, &io](const Call&, const Responder& responder) {
    if (!fleet.ready()) return responder.problem({503, "the modem is still starting"});
    const auto asked = std::chrono::steady_clock::now();
    boost::asio::post(io, [&fleet, responder, asked] {
      const std::chrono::duration<double> lag = std::chrono::steady_clock::now() - asked;
      show_all(fleet, lag.count(), responder);
    });
  };
  return {std::move(route)};
}

}  // namespace emulator::control
