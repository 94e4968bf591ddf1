// A host that opens, uses and closes sockets at random, with peers that say, end and acknowledge
// what they like, and a network that takes contexts away. It knows of every byte where it must be:
// what a peer said is read or pushed once and in order, what was accepted is sent and counted, a
// "recv" comes once for an empty buffer, a "closed" behind the data, and an id is free when it must
// be.
#pragma once

#include "tests/sim/dialogue.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

class SocketSession : private Dialogue {
 public:
  explicit SocketSession(Dice dice);

  /// So many acts of host, peers or network. Throws a Violation.
  void run(int acts);
  /// As many as the dice have choices for.
  void run_out();

  using Dialogue::story;
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }

 private:
  static constexpr std::size_t ids = 12;
  enum class State { free, opening, open, ended };
  struct Socket {
    State state = State::free;
    bool pushes = false;
    bool finished = false;   // by the peer, half-open
    bool lost = false;       // with its context
    std::size_t number = 0;  // of its connection
    at::Time asked{};        // when it was to be opened
    std::string unread{};
    bool recv_due = false;
    bool closed_due = false;
    std::size_t unacknowledged = 0;
    std::uint64_t came = 0;  // bytes, in all
    std::uint64_t sent = 0;
  };

  void act();
  void host_acts();
  void peer_acts();
  void network_acts();
  void open(int id);
  void send(int id);
  void read(int id);
  void close(int id);
  void ask_state(int id);
  void ask_counts(int id);
  void switch_mode(int id);
  void reset_module();
  void arrive(int id);
  void end(int id, bool reset);
  void open_ends(int id, bool well);

  [[nodiscard]] Socket& at(int id) { return sockets_.at(static_cast<std::size_t>(id)); }
  void read_urcs();
  [[nodiscard]] bool read_urc();
  void nothing_due();

  std::array<Socket, ids> sockets_{};
  std::size_t made_ = 0;  // connections
  bool activated_ = false;
  bool taken_ = false;  // the context, by the network
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_sent_ = 0;
};

}  // namespace sim
