#include "data_services/sockets/payload.hpp"

#include "at_engine/text.hpp"

#include <utility>

#include <fmt/format.h>

namespace data_services {

using at::Outcome;
using cellular::Knob;
using cellular::TcpIpError;

namespace {

/// SEND OK when its time has come (SOCK-53).
Outcome sent(Sockets& sockets, Socket& socket) {
  constexpr int at_once = 0;
  constexpr int acknowledged = 1;
  const int chosen = sockets.settings().send_mode;
  const int mode = chosen != at_once ? chosen : sockets.world().send_mode();
  const bool is_stream =
      socket.protocol() == Protocol::tcp || socket.protocol() == Protocol::tcp_incoming;
  if (mode == at_once || !is_stream) return Outcome::final("SEND OK");
  if (mode == acknowledged) {
    auto later = std::make_shared<at::Later>();
    socket.when_acknowledged([&sockets, later](bool well) {
      if (!well) sockets.world().last_error.note(TcpIpError::socket_closed);
      later->settle_with(Outcome::final(well ? "SEND OK" : "SEND FAIL"));
    });
    return Outcome::later(later);
  }
  socket.when_acknowledged([&sockets, id = socket.request().connect_id](bool well) {
    if (well) sockets.world().announce.announce(fmt::format("+QIURC: {},\"SEND OK\"", id));
  });
  return Outcome::final("SEND OK");
}

}  // namespace

Outcome done(const Sockets& sockets, Outcome outcome) {
  sockets.world().last_error.note(TcpIpError::none);
  return outcome;
}

Outcome refuse(const Sockets& sockets, TcpIpError error) {
  sockets.world().last_error.note(error);
  return Outcome::error(words(error));
}

Outcome ask_payload(Sockets& sockets, const std::shared_ptr<Socket>& socket,
                    std::optional<int> length, const Origin& to) {
  if (const auto why = socket->obstacle(); why != TcpIpError::none) return refuse(sockets, why);
  const auto& settings = sockets.settings();
  at::Prompt prompt;
  prompt.begins_behind_prompt = true;
  if (settings.prompt_line) prompt.introduction = at::Prompt::Introduction::arrow_line;
  if (!sockets.world().echoes()) prompt.echo = at::Prompt::Echo::never;
  if (settings.send_timeout_s > 0) prompt.timeout = std::chrono::seconds(settings.send_timeout_s);
  if (!length) prompt.ending = at::Prompt::Ending::ctrl_z;
  // One more than fits, so that too much is seen.
  prompt.length = length ? static_cast<std::size_t>(*length) : Socket::max_send + 1;
  prompt.then = [&sockets, kept = std::weak_ptr(socket), to](std::string payload) {
    const auto open = kept.lock();
    if (!open) return refuse(sockets, TcpIpError::socket_closed);
    return take_payload(sockets, *open, std::move(payload), sockets.settings().send_hex, "+QISEND",
                        to);
  };
  prompt.expired = [&sockets](const std::string&) {
    return refuse(sockets, TcpIpError::timed_out);
  };
  // reading: the result after ESC is documented nowhere
  prompt.cancelled = [&sockets] {
    if (sockets.world().knobs.is_set(Knob::cancel_send)) return done(sockets);
    return refuse(sockets, TcpIpError::cancelled);
  };
  return Outcome::prompt(std::move(prompt));
}

Outcome take_payload(Sockets& sockets, Socket& socket, std::string payload, bool hex,
                     std::string_view command, const Origin& to) {
  if (payload.size() > Socket::max_send) return refuse(sockets, TcpIpError::invalid_parameters);
  if (hex) {
    auto bytes = at::unhex(payload);
    if (!bytes) return refuse(sockets, TcpIpError::invalid_parameters);
    payload = *std::move(bytes);
  }
  if (const auto why = socket.obstacle(); why != TcpIpError::none) return refuse(sockets, why);
  const bool taken = socket.send(payload, to);
  sockets.world().last_error.note(taken ? TcpIpError::none : TcpIpError::no_memory);
  if (sockets.settings().send_info)
    return Outcome::ok(fmt::format("{}: {},{},{}", command, socket.request().connect_id,
                                   taken ? 0 : 1, socket.room()));
  if (!taken) return Outcome::final("SEND FAIL");
  return sent(sockets, socket);
}

Outcome show_read(Sockets& sockets, Socket& socket, int most, std::string_view command) {
  if (most == 0) {
    const auto unread = socket.unread();
    return done(sockets, Outcome::ok(fmt::format("{}: {},{},{}", command, socket.received(),
                                                 socket.received() - unread, unread)));
  }
  // reading: what direct push has not shown yet is not there to be read (SOCK-76)
  const auto [bytes, from] = socket.mode() == Socket::Mode::buffer
                                 ? socket.read(static_cast<std::size_t>(most))
                                 : Arrival{};
  auto line = fmt::format("{}: {}", command, bytes.size());
  if (bytes.empty()) return done(sockets, Outcome::ok(line));
  if (socket.protocol() == Protocol::udp_service)
    line += fmt::format(",\"{}\",{}", from.address, from.port);
  const bool hex = sockets.settings().receive_hex;
  return done(sockets, Outcome::ok({line, hex ? at::hex(bytes, at::HexCase::upper) : bytes}));
}

Outcome close_socket(Sockets& sockets, Socket& socket, at::Duration limit) {
  const auto tell = [&sockets, line = fmt::format("{}: \"closed\",{}", socket.urc_name(),
                                                  socket.request().connect_id)] {
    if (sockets.settings().close_urc) sockets.world().announce.announce(line);
  };
  auto later = std::make_shared<at::Later>();
  const bool is_closed = socket.close(limit, [&sockets, later, tell] {
    later->settle_with(done(sockets));
    tell();
  });
  if (!is_closed) return Outcome::later(later);
  tell();
  return done(sockets);
}

}  // namespace data_services
