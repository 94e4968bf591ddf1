#include "data_services/sockets/socket_commands.hpp"

#include "at_engine/text.hpp"
#include "data_services/sockets/dotted.hpp"
#include "data_services/sockets/payload.hpp"
#include "data_services/sockets/transparent.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace data_services {

using at::Command;
using at::number;
using at::Outcome;
using at::Source;
using at::text;
using cellular::Knob;
using cellular::TcpIpError;
using namespace std::chrono_literals;

namespace {

constexpr int max_port = 65'535;
constexpr std::int64_t max_host = 255;
constexpr std::int64_t max_hex_digits = 512;
constexpr int transparent = 2;
constexpr at::Duration any_close_limit = std::chrono::seconds(max_port) + 1s;
constexpr at::Duration connect_limit = 150s;
constexpr at::Duration prompt_limit = 180s;

constexpr at::Param socket_id = number("connectID", 0, max_connect_id);

/// A port, in quotes or without (SOCK-15).
std::optional<int> port_in(const at::Args& args, std::size_t i) {
  if (!args.given(i)) return std::nullopt;
  const auto value = at::parse_number(args.text_view(i));
  if (!value || *value < 0 || *value > max_port) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<Protocol> protocol_named(const std::string& service_type) {
  const auto name = at::upper(service_type);
  if (name == "TCP") return Protocol::tcp;
  if (name == "UDP") return Protocol::udp;
  if (name == "UDP SERVICE") return Protocol::udp_service;
  if (name == "TCP LISTENER") return Protocol::tcp_listener;
  return std::nullopt;
}

/// What the chip's own layer allows servers (SOCK-5).
bool is_chip_port(int port) { return port >= 10'000 && port <= 10'015; }

}  // namespace

const std::array<Command<Qi>, 7>& Qi::commands() {
  static constexpr std::array<Command<Qi>, 7> table{{
      {.name = "+QIOPEN",
       .params = {number("contextID", 1, 15), socket_id, text("service_type", 0, max_host),
                  text("host", 0, max_host), text("remote_port", 0, 5),
                  text("local_port", 0, 5).optional(), number("access_mode", 0, 2).optional(),
                  number("tcp_client_maxnum", 0, max_connect_id).optional(),
                  number("connect_timeout", 10, 150).optional()},
       .limit = connect_limit,
       .write = &Qi::open,
       .malformed = &Qi::malformed,
       .shown = "(1-15),(0-11),(\"TCP\",\"UDP\",\"TCP LISTENER\",\"UDP SERVICE\"),<IP_address>/"
                "<domain_name>,<remote_port>,<local_port>,(0-2),(0-11),(10-150)",
       .section = "TCP/IP 2.4.6",
       .source = Source::sibling,
       .summary = "Open a socket"},
      {.name = "+QICLOSE",
       .params = {socket_id, number("timeout", 0, max_port).optional()},
       .limit = any_close_limit,
       .write = &Qi::close,
       .malformed = &Qi::malformed,
       .section = "TCP/IP 2.4.7",
       .source = Source::sibling,
       .summary = "Close a socket; 10 s unless told"},
      {.name = "+QISTATE",
       .params = {number("query_type", 0, 1), number("id", 0, 15)},
       .read = &Qi::states,
       .write = &Qi::state,
       .exec = &Qi::states,
       .malformed = &Qi::malformed,
       .test = at::TestForm::bare,
       .section = "TCP/IP 2.4.8",
       .source = Source::sibling,
       .summary = "State of all sockets, of those of a context (0), or of one (1)"},
      {.name = "+QISEND",
       .params = {socket_id, number("send_length", 0, Socket::max_send).optional(),
                  text("remote_IP", 0, max_host).optional(),
                  number("remote_port", 0, max_port).optional()},
       .limit = prompt_limit,
       .write = &Qi::send,
       .malformed = &Qi::malformed,
       .shown = "(0-11),(0-1460)",
       .section = "TCP/IP 2.4.9",
       .source = Source::sibling,
       .summary = "Send by length or up to Ctrl-Z; length 0 tells what the peer has acknowledged"},
      {.name = "+QISENDEX",
       .params = {socket_id, text("hex_string", 0, max_hex_digits)},
       .limit = prompt_limit,
       .write = &Qi::send_hex,
       .malformed = &Qi::malformed,
       .shown = "(0-11),<hex_string>",
       .section = "TCP/IP 2.4.10",
       .source = Source::sibling,
       .summary = "Send what hex digits stand for"},
      {.name = "+QIRD",
       .params = {socket_id, number("read_length", 0, Socket::max_read).optional()},
       .write = &Qi::read,
       .malformed = &Qi::malformed,
       .section = "TCP/IP 2.4.11",
       .source = Source::sibling,
       .summary = "Read what has come; length 0 tells how much"},
      {.name = "+QISWTMD",
       .params = {socket_id, number("access_mode", 0, 2)},
       .write = &Qi::switch_mode,
       .malformed = &Qi::malformed,
       .section = "TCP/IP 2.4.12",
       .source = Source::sibling,
       .summary = "Change how received data reach the host"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

const std::array<Command<Qi>, 1>& Qi::sibling_commands() {
  static constexpr std::array<Command<Qi>, 1> table{{
      {.name = "+QISENDHEX",
       .params = {socket_id, number("total_length", 0, Socket::send_buffer),
                  number("part_length", 2, Socket::max_send),
                  text("hex_string", 2, Socket::max_send)},
       .write = &Qi::send_parts,
       .malformed = &Qi::malformed,
       .shown = "(0-11),(0-10240),(2-1460),<hex_string>",
       .section = "TCP/IP (siblings)",
       .source = Source::sibling,
       .summary = "Send what parts of hex digits stand for, once they are complete"},
  }};
  static_assert(at::well_formed(table));
  return table;
}

Outcome Qi::done(Outcome outcome) const {
  return data_services::done(sockets_, std::move(outcome));
}
Outcome Qi::refuse(TcpIpError error) const { return data_services::refuse(sockets_, error); }

Outcome Qi::malformed() { return refuse(TcpIpError::invalid_parameters); }

std::shared_ptr<Socket> Qi::plain(int connect_id) const {
  auto socket = sockets_.at(connect_id);
  return socket && socket->ssl_ctx() ? nullptr : socket;
}

std::shared_ptr<Socket> Qi::established(const Args& args) const {
  auto socket = plain(args.number(0));
  return socket && socket->state() == Socket::State::opening ? nullptr : socket;
}

Outcome Qi::open(const Call& call) {
  const auto& args = call.args;
  const auto& world = sockets_.world();
  const int id = args.number(1);
  const auto protocol = protocol_named(args.text(2));
  const auto port = port_in(args, 4);
  const auto local_port = args.given(5) ? port_in(args, 5) : 0;
  const int mode = args.number_or(6, world.knobs.get(Knob::default_access_mode));
  if (!protocol || !port || !local_port) return refuse(TcpIpError::invalid_parameters);
  const bool is_service = *protocol == Protocol::udp_service || *protocol == Protocol::tcp_listener;
  const auto host = args.text(3);
  if (is_service && world.knobs.is_set(Knob::server_ports) && !is_chip_port(*local_port))
    return refuse(TcpIpError::invalid_parameters);
  if (is_service ? *local_port == 0 : *port == 0 || host.empty() || !at::is_printable(host))
    return refuse(TcpIpError::invalid_parameters);
  if (mode == transparent && is_service) return refuse(TcpIpError::invalid_parameters);
  if (sockets_.at(id)) return id_in_use(call.asker, id);
  constexpr int usual_timeout_s = 120;
  Endpoint endpoint{*protocol, host, static_cast<std::uint16_t>(is_service ? 0 : *port),
                    static_cast<std::uint16_t>(*local_port)};
  Socket::Request request{call.asker,
                          id,
                          args.number(0),
                          static_cast<Socket::Mode>(mode),
                          std::move(endpoint),
                          std::chrono::seconds(args.number_or(8, usual_timeout_s)),
                          args.number_or(7, max_connect_id)};
  if (mode == transparent) return open_transparent(sockets_, std::move(request));
  sockets_.open(std::move(request));
  return done();
}

Outcome Qi::id_in_use(at::Asker asker, int connect_id) {
  const auto& world = sockets_.world();
  if (!world.knobs.is_set(Knob::reopen_used_id)) return refuse(TcpIpError::socket_in_use);
  world.announce.result(asker,
                        fmt::format("+QIOPEN: {},{}", connect_id, code(TcpIpError::socket_in_use)));
  return done();
}

Outcome Qi::close(const Args& args) {
  const auto socket = plain(args.number(0));
  const auto& knobs = sockets_.world().knobs;
  if (socket)
    return close_socket(sockets_, *socket,
                        args.given(1) ? std::chrono::seconds(args.number(1)) : Socket::usual_close);
  const bool is_free = sockets_.at(args.number(0)) == nullptr;
  return is_free && !knobs.is_set(Knob::close_unused) ? done() : refuse(TcpIpError::unknown);
}

Outcome Qi::states() {
  std::vector<std::string> lines;
  for (int id = 0; id <= max_connect_id; ++id)
    if (const auto socket = plain(id)) lines.push_back(socket->state_line());
  return done(Outcome::ok(std::move(lines)));
}

Outcome Qi::state(const Args& args) {
  std::vector<std::string> lines;
  const bool by_context = args.number(0) == 0;
  for (int id = 0; id <= max_connect_id; ++id) {
    const auto socket = plain(id);
    if (socket && (by_context ? socket->cid() : id) == args.number(1))
      lines.push_back(socket->state_line());
  }
  return done(Outcome::ok(std::move(lines)));
}

Outcome Qi::send(const Args& args) {
  const auto socket = plain(args.number(0));
  if (!socket) return refuse(TcpIpError::unknown);
  if (args.given(1) && args.number(1) == 0) {
    const auto waiting = socket->unacknowledged();
    return done(Outcome::ok(
        fmt::format("+QISEND: {},{},{}", socket->sent(), socket->sent() - waiting, waiting)));
  }
  const bool is_service = socket->protocol() == Protocol::udp_service;
  Origin to;
  if (args.given_from(2) || is_service) {
    if (!is_service || !args.given_all(1, 3) || !is_address(args.text_view(2)))
      return refuse(TcpIpError::invalid_parameters);
    to = {args.text(2), static_cast<std::uint16_t>(args.number(3))};
  }
  return ask_payload(sockets_, socket, args.given(1) ? std::optional(args.number(1)) : std::nullopt,
                     to);
}

Outcome Qi::send_hex(const Args& args) {
  const auto socket = plain(args.number(0));
  if (!socket) return refuse(TcpIpError::unknown);
  if (args.text(1).empty() || socket->protocol() == Protocol::udp_service)
    return refuse(TcpIpError::invalid_parameters);
  return take_payload(sockets_, *socket, args.text(1), true, "+QISENDEX");
}

/// reading: both lengths count hex digits
Outcome Qi::send_parts(const Args& args) {
  const auto socket = plain(args.number(0));
  if (!socket) return refuse(TcpIpError::unknown);
  if (const auto why = socket->obstacle(); why != TcpIpError::none) return refuse(why);
  const auto total = static_cast<std::size_t>(args.number(1));
  auto& parts = socket->parts();
  auto so_far = parts + args.text(3);
  const bool fits = args.text(3).size() == static_cast<std::size_t>(args.number(2));
  if (!fits || so_far.size() > total || !at::unhex(args.text(3)) ||
      socket->protocol() == Protocol::udp_service) {
    parts.clear();
    return refuse(TcpIpError::invalid_parameters);
  }
  parts = std::move(so_far);
  bool taken = true;
  if (parts.size() == total) taken = socket->send(*at::unhex(std::exchange(parts, {})));
  return done(Outcome::ok(
      fmt::format("+QISENDHEX: {},{},{}", args.number(0), taken ? 0 : 1, socket->room())));
}

Outcome Qi::read(const Args& args) {
  const auto socket = established(args);
  if (!socket) return refuse(TcpIpError::unknown);
  return show_read(sockets_, *socket, args.number_or(1, Socket::max_read), "+QIRD");
}

/// reading: a TLS socket changes its mode by the same command, as the way back to it is (TRAN-5)
Outcome Qi::switch_mode(const Call& call) {
  auto socket = sockets_.at(call.args.number(0));
  if (!socket) socket = sockets_.at(call.args.number(0), true);
  const int mode = call.args.number(1);
  if (!socket || socket->state() == Socket::State::opening) return refuse(TcpIpError::unknown);
  if (socket->mode() == Socket::Mode::transparent) return refuse(TcpIpError::not_allowed);
  if (mode != transparent) {
    socket->switch_to(static_cast<Socket::Mode>(mode));
    return done();
  }
  const bool serves =
      socket->protocol() == Protocol::udp_service || socket->protocol() == Protocol::tcp_listener;
  if (serves) return refuse(TcpIpError::invalid_parameters);
  if (const auto why = socket->obstacle(); why != TcpIpError::none && socket->unread() == 0)
    return refuse(why);
  return enter_transparent(sockets_, call.asker, socket);
}

}  // namespace data_services
