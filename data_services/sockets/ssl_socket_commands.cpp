#include "data_services/sockets/ssl_socket_commands.hpp"

#include "at_engine/text.hpp"
#include "data_services/sockets/payload.hpp"
#include "data_services/sockets/transparent.hpp"
#include "ssl_ctx/contexts.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace data_services {

using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::text;
using cellular::TcpIpError;
using namespace std::chrono_literals;

namespace {

constexpr int max_port = 65'535;
constexpr std::int64_t max_host = 255;
constexpr int usual_close_s = 10;
constexpr int transparent = 2;
constexpr int usual_mode = 0;
constexpr at::Duration connect_limit = 150s;
constexpr at::Duration prompt_limit = 180s;
constexpr at::Duration any_close_limit = std::chrono::seconds(max_port) + 1s;

constexpr at::Param client_id = number("clientID", 0, max_connect_id);

}  // namespace

const std::array<Command<QsslSockets>, 5>& QsslSockets::commands() {
  static constexpr std::array<Command<QsslSockets>, 5> table{{
      {.name = "+QSSLOPEN",
       .params = {number("pdpctxID", 1, 15), number("sslctxID", 0, ssl_ctx::context_count - 1),
                  client_id, text("serveraddr", 1, max_host), number("server_port", 1, max_port),
                  number("access_mode", 0, 2).optional()},
       .limit = connect_limit,
       .write = &QsslSockets::open,
       .malformed = &QsslSockets::malformed,
       .shown = "(1-15),(0-5),(0-11),<serveraddr>,<server_port>,(0-2)",
       .section = "SSL 2.4.2",
       .source = Source::sibling,
       .summary = "Open a TLS socket"},
      {.name = "+QSSLSEND",
       .params = {client_id, number("sendlen", 1, Socket::max_send).optional()},
       .limit = prompt_limit,
       .write = &QsslSockets::send,
       .malformed = &QsslSockets::malformed,
       .section = "SSL 2.4.3",
       .source = Source::sibling,
       .summary = "Send by length or up to Ctrl-Z"},
      {.name = "+QSSLRECV",
       .params = {client_id, number("readlen", 0, Socket::max_read).optional()},
       .write = &QsslSockets::receive,
       .malformed = &QsslSockets::malformed,
       .section = "SSL 2.4.4",
       .source = Source::sibling,
       .summary = "Read what has come; length 0 tells how much"},
      {.name = "+QSSLCLOSE",
       .params = {client_id, number("close_timeout", 0, max_port).optional()},
       .limit = any_close_limit,
       .write = &QsslSockets::close,
       .malformed = &QsslSockets::malformed,
       .section = "SSL 2.4.5",
       .source = Source::sibling,
       .summary = "Close a TLS socket; 10 s unless told, or ms (\"closetimemode\")"},
      {.name = "+QSSLSTATE",
       .params = {number("query", 0, max_connect_id), client_id.optional()},
       .read = &QsslSockets::states,
       .write = &QsslSockets::state,
       .exec = &QsslSockets::states,
       .malformed = &QsslSockets::malformed,
       .test = at::TestForm::bare,
       .section = "SSL 2.4.6",
       .source = Source::sibling,
       .summary = "State of all TLS sockets, or of one (clientID, or 1 and clientID)"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome QsslSockets::malformed() { return refuse(sockets_, TcpIpError::invalid_parameters); }

std::shared_ptr<Socket> QsslSockets::secure(int id) const {
  auto socket = sockets_.at(id, true);
  return socket && socket->ssl_ctx() ? socket : nullptr;
}

Outcome QsslSockets::open(const Call& call) {
  const auto& args = call.args;
  const auto& world = sockets_.world();
  const int id = args.number(2);
  const int mode = args.number_or(5, usual_mode);
  if (!at::is_printable(args.text(3))) return malformed();
  if (sockets_.at(id, true)) return refuse(sockets_, TcpIpError::socket_in_use);
  Endpoint endpoint{Protocol::tcp, args.text(3), static_cast<std::uint16_t>(args.number(4))};
  endpoint.command = "+QSSLOPEN";
  auto request = world.tls_request(args.number(1));
  if (const auto* missing = std::get_if<std::string>(&request)) {
    world.log.info(fmt::format("socket {} to {}: {}", id, endpoint.host, *missing));
    const bool tells_all = world.knobs.is_set(cellular::Knob::ssl_handshake_error);
    const auto error = tells_all ? TcpIpError::handshake_failed : TcpIpError::connect_failed;
    if (mode == transparent) return refuse(sockets_, error);
    world.announce.result(call.asker, fmt::format("+QSSLOPEN: {},{}", id, code(error)));
    return done(sockets_);
  }
  endpoint.tls =
      std::make_shared<ssl_ctx::TlsRequest>(std::get<ssl_ctx::TlsRequest>(std::move(request)));
  Socket::Request socket_request{call.asker,          id,
                                 args.number(0),      static_cast<Socket::Mode>(mode),
                                 std::move(endpoint), connect_limit};
  if (mode == transparent) return open_transparent(sockets_, std::move(socket_request));
  sockets_.open(std::move(socket_request));
  return done(sockets_);
}

Outcome QsslSockets::send(const Args& args) {
  const auto socket = secure(args.number(0));
  if (!socket) return refuse(sockets_, TcpIpError::unknown);
  return ask_payload(sockets_, socket,
                     args.given(1) ? std::optional(args.number(1)) : std::nullopt);
}

Outcome QsslSockets::receive(const Args& args) {
  const auto socket = secure(args.number(0));
  if (!socket || socket->state() == Socket::State::opening)
    return refuse(sockets_, TcpIpError::unknown);
  return show_read(sockets_, *socket, args.number_or(1, Socket::max_read), "+QSSLRECV");
}

Outcome QsslSockets::close(const Args& args) {
  const int id = args.number(0);
  const auto socket = secure(id);
  if (!socket)
    return sockets_.at(id, true) == nullptr ? done(sockets_)
                                            : refuse(sockets_, TcpIpError::unknown);
  const int given = args.number_or(1, usual_close_s);
  const bool in_ms = args.given(1) && socket->request().endpoint.tls->settings.closetimemode;
  const at::Duration limit =
      in_ms ? at::Duration(std::chrono::milliseconds(given)) : std::chrono::seconds(given);
  return close_socket(sockets_, *socket, limit);
}

Outcome QsslSockets::states() {
  std::vector<std::string> lines;
  for (int id = 0; id <= max_connect_id; ++id)
    if (const auto socket = secure(id)) lines.push_back(socket->state_line());
  return done(sockets_, Outcome::ok(std::move(lines)));
}

Outcome QsslSockets::state(const Args& args) {
  if (args.given(1) && args.number(0) != 1) return malformed();
  const auto socket = secure(args.number(args.given(1) ? 1 : 0));
  return done(sockets_, socket ? Outcome::ok(socket->state_line()) : Outcome::ok());
}

}  // namespace data_services
