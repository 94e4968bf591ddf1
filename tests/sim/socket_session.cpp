#include "tests/sim/socket_session.hpp"

#include "conformance/transcript/escape.hpp"
#include "tests/sim/ledger.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace sim {
namespace {

constexpr std::size_t send_buffer = 10'240;
constexpr int longest_send = 1460;
constexpr int longest_read = 1500;
constexpr std::size_t longest_push = 1500;
constexpr at::Duration open_limit = std::chrono::seconds(120);
constexpr auto ok = "\r\nOK\r\n";
constexpr auto error = "\r\nERROR\r\n";

}  // namespace

SocketSession::SocketSession(Dice dice) : Dialogue(dice) {}

void SocketSession::run(int acts) {
  for (int i = 0; i < acts; ++i) act();
}

void SocketSession::run_out() {
  while (dice_.has_choices()) act();
}

void SocketSession::act() {
  const int roll = dice_.in(0, 99);
  if (roll < 55)
    host_acts();
  else if (roll < 96)
    peer_acts();
  else if (roll < 99)
    network_acts();
  else
    world_.timeline.run_until(world_.timeline.now() + dice_.ms(1, 100'000));
  world_.settle();
  read_urcs();
  nothing_due();
}

void SocketSession::host_acts() {
  const int id = dice_.in(0, static_cast<int>(ids) - 1);
  switch (dice_.in(0, 10)) {
    case 0:
    case 1:
      return open(id);
    case 2:
    case 3:
    case 4:
      return send(id);
    case 5:
    case 6:
      return read(id);
    case 7:
      return dice_.permille(400) ? close(id) : read(id);
    case 8:
      return ask_state(id);
    case 9:
      return ask_counts(id);
    default:
      return switch_mode(id);
  }
}

void SocketSession::peer_acts() {
  const int id = dice_.in(0, static_cast<int>(ids) - 1);
  auto& socket = at(id);
  const int roll = dice_.in(0, 99);
  if (socket.state == State::opening) return open_ends(id, roll < 80);
  if (socket.state != State::open || socket.lost) return;
  if (roll < 70) return arrive(id);
  if (roll < 92) {
    auto& waiting = world_.transport.unacknowledged[socket.number];
    const auto part = static_cast<std::size_t>(dice_.in(0, static_cast<int>(waiting)));
    waiting -= part;
    socket.unacknowledged -= part;
    return;
  }
  if (!socket.finished) end(id, roll >= 97);
}

void SocketSession::network_acts() {
  const int roll = dice_.in(0, 9);
  if (roll == 0) return reset_module();
  if (roll < 4 && activated_ && !taken_) {
    tell("the network takes context 1");
    for (auto& socket : sockets_) {
      // An open under way fails; what is open stays, without a connection.
      if (socket.state == State::opening) socket.lost = true;
      if (socket.state == State::open) {
        socket.state = State::ended;
        socket.lost = true;
        socket.closed_due = false;
      }
    }
    taken_ = true;
    world_.modem.device().pdp().deactivated({1});
    world_.settle();
    said_ += std::exchange(world_.ports[0].unread, {});
    for (int id = 0; id < static_cast<int>(ids); ++id)
      if (auto& socket = at(id); socket.state == State::opening) socket = {};
    std::size_t failed = 0;
    for (std::size_t at = said_.find(",561\r\n"); at != std::string::npos;
         at = said_.find(",561\r\n", at + 1))
      ++failed;
    tell(fmt::format("{} opens fail", failed));
    const std::string urc = "\r\n+QIURC: \"pdpdeact\",1\r\n";
    const auto place = said_.find(urc);
    if (place == std::string::npos) throw Violation("no \"pdpdeact\"");
    said_.erase(place, urc.size());
    while (take("\r\n+QIOPEN: ")) said_.erase(0, said_.find("\r\n") + 2);
    return;
  }
  if (!activated_ || taken_) {
    command("AT+QIDEACT=1");
    for (auto& socket : sockets_) socket = {};
    expect(ok);
    command("AT+QIACT=1");
    expect(ok);
    activated_ = true;
    taken_ = false;
  }
}

void SocketSession::reset_module() {
  restart();
  sockets_ = {};
  activated_ = taken_ = false;
}

void SocketSession::open(int id) {
  auto& socket = at(id);
  const bool pushes = dice_.permille(400);
  command(fmt::format("AT+QIOPEN=1,{},\"TCP\",\"h\",80,0,{:d}", id, pushes));
  if (socket.state != State::free) return expect(error);
  expect(ok);
  if (!activated_ || taken_) return expect(fmt::format("\r\n+QIOPEN: {},561\r\n", id));
  socket = {};
  socket.state = State::opening;
  socket.pushes = pushes;
  socket.number = made_++;
  socket.asked = world_.timeline.now();
  asked(socket.number, "connect h 80");
}

void SocketSession::open_ends(int id, bool well) {
  auto& socket = at(id);
  tell(fmt::format("{} opens {}", id, well ? "well" : "badly"));
  const auto events = *world_.transport.events(socket.number);
  if (well)
    events.opened({"10.0.0.1", 1025});
  else
    events.failed(data_services::OpenFailure::refused);
  world_.settle();
  expect(fmt::format("\r\n+QIOPEN: {},{}\r\n", id, well ? 0 : 566));
  if (well)
    socket.state = State::open;
  else
    socket = {};
}

void SocketSession::send(int id) {
  auto& socket = at(id);
  const auto bytes = dice_.bytes(1, dice_.permille(300) ? longest_send : 40, false);
  command(fmt::format("AT+QISEND={},{}", id, bytes.size()));
  const bool can = socket.state == State::open && !socket.lost;
  if (!can) return expect(error);
  expect("\r\n> ");
  // The LF that a line may end with is none of the payload's.
  type(bytes.front() == '\n' ? "x" + bytes.substr(1) : bytes);
  world_.settle();
  if (socket.unacknowledged + bytes.size() > send_buffer) return expect("\r\nSEND FAIL\r\n");
  expect("\r\nSEND OK\r\n");
  socket.unacknowledged += bytes.size();
  socket.sent += bytes.size();
  bytes_sent_ += bytes.size();
  const auto sent = bytes.front() == '\n' ? "x" + bytes.substr(1) : bytes;
  asked(socket.number, "send " + support::in_quotes(sent));
}

void SocketSession::read(int id) {
  auto& socket = at(id);
  const int most = dice_.in(1, longest_read);
  command(fmt::format("AT+QIRD={},{}", id, most));
  if (socket.state == State::free || socket.state == State::opening) return expect(error);
  const auto bytes =
      socket.pushes ? std::string() : socket.unread.substr(0, static_cast<std::size_t>(most));
  expect(fmt::format("\r\n+QIRD: {}\r\n", bytes.size()));
  if (bytes.empty()) return expect(ok);
  expect(bytes + "\r\n\r\nOK\r\n");
  socket.unread.erase(0, bytes.size());
  bytes_read_ += bytes.size();
}

void SocketSession::close(int id) {
  command(fmt::format("AT+QICLOSE={},0", id));
  expect(ok);
  at(id) = {};
}

void SocketSession::ask_state(int id) {
  const auto& socket = at(id);
  command(fmt::format("AT+QISTATE=1,{}", id));
  if (socket.state == State::free) return expect(ok);
  const int state = socket.state == State::opening                    ? 1
                    : socket.state == State::ended || socket.finished ? 4
                                                                      : 2;
  const auto peer = socket.state == State::opening ? "0.0.0.0" : "10.0.0.1";
  expect(fmt::format("\r\n+QISTATE: {0},\"TCP\",\"{1}\",80,{2},{3},1,{0},{4:d},\"uart1\"\r\n", id,
                     peer, socket.state == State::opening ? 0 : 1025, state, socket.pushes));
  expect(ok);
}

void SocketSession::ask_counts(int id) {
  const auto& socket = at(id);
  command(fmt::format("AT+QIRD={},0", id));
  if (socket.state == State::free || socket.state == State::opening) return expect(error);
  const auto unread = socket.unread.size();
  expect(fmt::format("\r\n+QIRD: {},{},{}\r\n", socket.came, socket.came - unread, unread));
  expect(ok);
  if (socket.state != State::open) return;
  command(fmt::format("AT+QISEND={},0", id));
  expect(fmt::format("\r\n+QISEND: {},{},{}\r\n", socket.sent, socket.sent - socket.unacknowledged,
                     socket.unacknowledged));
  expect(ok);
}

void SocketSession::switch_mode(int id) {
  auto& socket = at(id);
  const bool pushes = dice_.permille(500);
  command(fmt::format("AT+QISWTMD={},{:d}", id, pushes));
  if (socket.state == State::free || socket.state == State::opening) return expect(error);
  expect(ok);
  socket.pushes = pushes;
}

void SocketSession::arrive(int id) {
  auto& socket = at(id);
  auto& wanted = world_.transport.wanted[socket.number];
  if (wanted == 0 || socket.finished) return;
  const auto bytes = dice_.bytes(
      1, static_cast<int>(std::min<std::size_t>(wanted, dice_.permille(100) ? 4096 : 60)), false);
  tell(fmt::format("{} hears {} bytes", id, bytes.size()));
  wanted -= bytes.size();
  if (!socket.pushes && socket.unread.empty()) socket.recv_due = true;
  socket.unread += bytes;
  socket.came += bytes.size();
  const auto events = *world_.transport.events(socket.number);
  events.arrived({bytes});
}

void SocketSession::end(int id, bool reset) {
  auto& socket = at(id);
  tell(fmt::format("{} is {} by its peer", id, reset ? "reset" : "finished"));
  socket.closed_due = true;
  if (reset)
    socket.state = State::ended;
  else
    socket.finished = true;
  const auto events = *world_.transport.events(socket.number);
  events.ended(reset ? data_services::Ending::reset : data_services::Ending::finished);
}

void SocketSession::read_urcs() {
  said_ += std::exchange(world_.ports[0].unread, {});
  while (!said_.empty())
    if (!read_urc())
      throw Violation("nobody expected " + transcript::escaped(said_.substr(0, 200)));
}

bool SocketSession::read_urc() {
  for (int id = 0; id < static_cast<int>(ids); ++id) {
    auto& socket = at(id);
    const bool too_late =
        socket.state == State::opening && world_.timeline.now() >= socket.asked + open_limit;
    if (too_late && take(fmt::format("\r\n+QIOPEN: {},566\r\n", id))) {
      socket = {};
      return true;
    }
    if (take(fmt::format("\r\n+QIURC: \"recv\",{}\r\n", id))) {
      if (!std::exchange(socket.recv_due, false)) throw Violation("a \"recv\" too many");
      return true;
    }
    if (take(fmt::format("\r\n+QIURC: \"closed\",{}\r\n", id))) {
      if (!std::exchange(socket.closed_due, false)) throw Violation("a \"closed\" too many");
      if (socket.pushes && !socket.unread.empty()) throw Violation("\"closed\" before the data");
      return true;
    }
    const auto pushed = std::min(longest_push, socket.unread.size());
    if (!socket.pushes || pushed == 0) continue;
    if (!take(fmt::format("\r\n+QIURC: \"recv\",{},{}\r\n", id, pushed))) continue;
    expect(socket.unread.substr(0, pushed) + "\r\n");
    socket.unread.erase(0, pushed);
    bytes_read_ += pushed;
    return true;
  }
  return false;
}

/// The module has nothing more to say at this instant.
void SocketSession::nothing_due() {
  for (int id = 0; id < static_cast<int>(ids); ++id) {
    const auto& socket = at(id);
    if (socket.recv_due) throw Violation(fmt::format("no \"recv\" of {}", id));
    if (socket.closed_due) throw Violation(fmt::format("no \"closed\" of {}", id));
    if (socket.pushes && !socket.unread.empty() && !socket.lost)
      throw Violation(fmt::format("{} bytes of {} are not pushed", socket.unread.size(), id));
  }
}

}  // namespace sim
