// The host at the modem's port: a device opened raw, or a TCP connection. Compares every byte in
// order; what does not fit ends the test case with what was received. Waits, never sleeps.
#pragma once

#include "tests/support/program.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace support {

class SerialHost {
 public:
  /// A path, or host:port with an IPv4 address. Throws std::runtime_error.
  explicit SerialHost(const std::string& address);
  ~SerialHost() { leave(); }
  SerialHost(const SerialHost&) = delete;
  SerialHost& operator=(const SerialHost&) = delete;

  /// Sends all of it, taking in what comes meanwhile.
  void send(std::string_view bytes);

  /// The next bytes must be these.
  void expect(std::string_view bytes, std::chrono::milliseconds limit = patience,
              int line = __builtin_LINE(), const char* file = __builtin_FILE());

  /// The next bytes must be these texts, in any order.
  void expect_all(std::vector<std::string> texts, std::chrono::milliseconds limit = patience,
                  int line = __builtin_LINE(), const char* file = __builtin_FILE());

  /// Everything up to and with the next `end`.
  std::string read_until(std::string_view end, std::chrono::milliseconds limit = patience,
                         int line = __builtin_LINE(), const char* file = __builtin_FILE());

  /// Sends a line and CR, with echo off, and expects OK, or `answer` as it is framed.
  void command(std::string_view text, std::string_view answer = "\r\nOK\r\n",
               int line = __builtin_LINE(), const char* file = __builtin_FILE());

  /// Nothing comes for this long: for tests whose subject is time itself.
  bool quiet_for(std::chrono::milliseconds time);

  /// The other side closed the connection, after nothing more than was already expected.
  bool at_end(std::chrono::milliseconds limit = patience);

  void leave();

 private:
  /// False when nothing came in time.
  bool receive(std::chrono::milliseconds limit);

  int descriptor_ = -1;
  bool ended_ = false;
  std::string received_;
  std::string taken_;
};

/// Sets the rate of a pseudo-terminal, as stty does it on the side: `speed` is of termios, B9600.
/// Throws std::runtime_error.
void set_speed(const std::string& port, unsigned speed);

}  // namespace support
