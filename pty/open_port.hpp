// The way from a port's name on the command line to an open port. Used by the emulator's main.
#pragma once

#include "pty/host_port.hpp"
#include "pty/port_spec.hpp"

#include <memory>
#include <string_view>
#include <variant>

#include <boost/asio/io_context.hpp>

namespace pty {

using OpenedPort = std::variant<std::unique_ptr<HostPort>, SpecError>;

/// Parses `text` and opens the port, ready for start(). An error is one line.
[[nodiscard]] OpenedPort open_port(boost::asio::io_context& io, std::string_view text);

}  // namespace pty
