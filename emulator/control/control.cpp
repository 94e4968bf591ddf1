#include "emulator/control/control.hpp"

#include "emulator/control/routes_channels.hpp"
#include "emulator/control/routes_clients.hpp"
#include "emulator/control/routes_faults.hpp"
#include "emulator/control/routes_journal.hpp"
#include "emulator/control/routes_metrics.hpp"
#include "emulator/control/routes_modem.hpp"
#include "emulator/control/routes_modems.hpp"
#include "emulator/control/routes_page.hpp"
#include "emulator/control/routes_program.hpp"
#include "emulator/control/routes_snapshot.hpp"
#include "emulator/control/routes_surroundings.hpp"
#include "emulator/control/routes_time.hpp"

#include <utility>

namespace emulator::control {

Control::Control(boost::asio::io_context& io, const Fleet& fleet, std::string token)
    : server_(io, routes_, std::move(token)) {
  routes_.add(program_routes(fleet, routes_, EG91XQ_VERSION));
  routes_.add(page_routes());
  routes_.add(modems_routes(fleet));
  routes_.add(modem_routes(fleet));
  routes_.add(surroundings_routes(fleet));
  routes_.add(metrics_routes(fleet, io));
  routes_.add(client_routes(fleet));
  routes_.add(channel_routes(fleet));
  routes_.add(fault_routes(fleet));
  routes_.add(journal_routes(fleet));
  routes_.add(time_routes(fleet));
  routes_.add(snapshot_routes(fleet));
}

Control::~Control() = default;

void Control::add(Routes routes) { routes_.add(std::move(routes)); }

std::optional<std::string> Control::start(const ControlAddress& where) {
  return server_.start(where);
}

void Control::stop() { server_.stop(); }

const std::string& Control::address() const { return server_.address(); }

}  // namespace emulator::control
