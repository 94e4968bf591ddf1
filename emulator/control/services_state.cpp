#include "emulator/control/services_state.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace emulator::control {
namespace {

using data_services::FtpSession;
using data_services::Socket;
using nlohmann::json;

std::string_view name_of(Socket::State state) {
  static constexpr std::array<std::string_view, 5> names{"initial", "opening", "connected",
                                                         "listening", "closing"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(Socket::Mode mode) {
  static constexpr std::array<std::string_view, 3> names{"buffer", "push", "transparent"};
  return names[static_cast<std::size_t>(mode)];
}

std::string_view name_of(FtpSession::State state) {
  static constexpr std::array<std::string_view, 5> names{"opening", "idle", "transferring",
                                                         "closing", "closed"};
  return names[static_cast<std::size_t>(state)];
}

json socket_of(const Socket& socket) {
  const auto& request = socket.request();
  json shown{{"connect_id", request.connect_id},
             {"service_type", socket.service_type()},
             {"state", static_cast<int>(socket.state())},
             {"state_name", name_of(socket.state())},
             {"context", socket.cid()},
             {"access_mode", name_of(socket.mode())},
             {"host", request.endpoint.host},
             {"port", request.endpoint.port},
             {"peer", socket.ends().peer},
             {"local_port", socket.ends().local_port},
             {"received", socket.received()},
             {"unread", socket.unread()},
             {"dropped", socket.dropped()},
             {"sent", socket.sent()},
             {"unacknowledged", socket.unacknowledged()}};
  if (request.server_id >= 0) shown["server_id"] = request.server_id;
  if (const auto ctx = socket.ssl_ctx()) shown["ssl_ctx"] = *ctx;
  return shown;
}

}  // namespace

json sockets_of(const Modem& modem) {
  auto sockets = json::array();
  modem.sockets().each([&](const Socket& socket) { sockets.push_back(socket_of(socket)); });
  return sockets;
}

json http_of(Modem& modem) {
  return {{"state", modem.http().activity()}, {"url", modem.http().settings().url}};
}

json ftp_of(const Modem& modem) {
  return {{"state", name_of(modem.ftp().state())},
          {"host", modem.ftp().host()},
          {"transferred", modem.ftp().transferred()}};
}

json data_call_of(const Modem& modem) {
  const auto call = modem.dial().call();
  if (!call) return nullptr;
  const auto& session = call->session();
  const auto& counted = session.counters();
  return {{"context", call->cid()},
          {"phase", session.phase_name()},
          {"user", session.user()},
          {"bytes_in", counted.bytes_in},
          {"bytes_out", counted.bytes_out},
          {"packets_in", counted.packets_in},
          {"packets_out", counted.packets_out}};
}

json multiplexer_of(const Modem& modem) {
  const auto* const multiplexer = modem.cmux().multiplexer();
  if (multiplexer == nullptr) return nullptr;
  auto channels = json::array();
  for (int dlci = 1; dlci <= at::mux::Multiplexer::max_dlcis; ++dlci) {
    const auto state = multiplexer->state(dlci);
    if (!state.open) continue;
    channels.push_back({{"dlci", dlci},
                        {"stopped", state.stopped},
                        {"holds_host", state.holds_host},
                        {"queued", state.queued},
                        {"bytes_in", state.bytes_in},
                        {"bytes_out", state.out.bytes},
                        {"dropped", state.out.dropped}});
  }
  return {{"n1", multiplexer->parameters().n1}, {"channels", std::move(channels)}};
}

json firmware_of(Modem& modem) {
  return {{"revision", modem.device().identity().revision()}, {"update", modem.fota().activity()}};
}

}  // namespace emulator::control
