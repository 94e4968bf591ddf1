#include "pty/open_port.hpp"

#include "pty/pty_port.hpp"
#include "pty/serial_port.hpp"
#include "pty/stdio_port.hpp"
#include "pty/tcp_port.hpp"

#include <utility>

namespace pty {

namespace {

template <typename Port, typename... Settings>
OpenedPort open(boost::asio::io_context& io, Settings... settings) {
  auto port = std::make_unique<Port>(io, std::move(settings)...);
  if (auto error = port->open()) return SpecError{*std::move(error)};
  return std::unique_ptr<HostPort>(std::move(port));
}

struct Opener {
  boost::asio::io_context& io;

  OpenedPort operator()(const PtySpec& spec) const { return open<PtyPort>(io, spec.link); }
  OpenedPort operator()(const TcpSpec& spec) const {
    return open<TcpPort>(io, spec.host, spec.port);
  }
  OpenedPort operator()(const SerialSpec& spec) const {
    return open<SerialPort>(io, spec.device, spec.baud);
  }
  OpenedPort operator()(const StdioSpec&) const { return open<StdioPort>(io); }
};

}  // namespace

OpenedPort open_port(boost::asio::io_context& io, std::string_view text) {
  auto spec = parse_port_spec(text);
  if (auto* error = std::get_if<SpecError>(&spec)) return std::move(*error);
  return std::visit(Opener{io}, std::get<PortSpec>(spec));
}

}  // namespace pty
