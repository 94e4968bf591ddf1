// The control interface put together: the server, and the table of its routes. There is none unless
// --control asks for it. Owned by the Emulator.
#pragma once

#include "emulator/control/control_address.hpp"
#include "emulator/control/fleet.hpp"
#include "emulator/control/http_server.hpp"
#include "emulator/control/route_table.hpp"

#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

namespace emulator::control {

class Control {
 public:
  /// `fleet` outlives it. `token` is empty when none is wanted.
  Control(boost::asio::io_context& io, const Fleet& fleet, std::string token);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  /// Further routes; before start().
  void add(Routes routes);

  /// Serves from now on. Returns what went wrong, in one line.
  [[nodiscard]] std::optional<std::string> start(const ControlAddress& where);
  void stop();

  /// "http://127.0.0.1:PORT" or "unix:PATH".
  [[nodiscard]] const std::string& address() const;

 private:
  RouteTable routes_;
  HttpServer server_;
};

}  // namespace emulator::control
