// The module at a real serial device: what AT+IPR does to the wire. A pseudo-terminal is the cable;
// its far end tells the rate at which the module's end runs.
#include "tests/support/emulator_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include <catch2/catch.hpp>

using namespace support;

namespace {

class Cable {
 public:
  Cable() {
    std::array<char, 64> name{};
    int slave = -1;
    REQUIRE(::openpty(&far_end_, &slave, name.data(), nullptr, nullptr) == 0);
    ::fcntl(far_end_, F_SETFL, O_NONBLOCK);
    ::close(slave);
    device = name.data();
  }
  ~Cable() { ::close(far_end_); }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  void say(std::string_view bytes) const {
    REQUIRE(::write(far_end_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }

  /// Everything up to `end`.
  std::string hear(std::string_view end) {
    return until([&](const std::string& heard) { return heard.find(end) != std::string::npos; });
  }

  /// True once the module's end runs at `speed`.
  bool runs_at(speed_t speed) {
    until([&](const std::string&) { return rate() == speed; });
    return rate() == speed;
  }

  [[nodiscard]] speed_t rate() const {
    termios settings{};
    ::tcgetattr(far_end_, &settings);
    return ::cfgetospeed(&settings);
  }

  std::string device;

 private:
  template <class Condition>
  std::string until(Condition condition) {
    const auto start = std::chrono::steady_clock::now();
    std::string heard;
    while (!condition(heard) && ms_since(start) < std::chrono::milliseconds(patience).count()) {
      pollfd state{far_end_, POLLIN, 0};
      ::poll(&state, 1, 5);
      std::array<char, 4096> chunk{};
      const auto size = ::read(far_end_, chunk.data(), chunk.size());
      if (size > 0) heard.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return heard;
  }

  int far_end_ = -1;
};

}  // namespace

TEST_CASE("AT+IPR sets the rate of a real device once OK has left; a restart brings it back") {
  Cable cable;
  const EmulatorProcess emulator(
      {"--port", "serial:" + cable.device + ":57600", "--demo-broker", "off"});
  CHECK(cable.hear("PB DONE\r\n") == boot_text);
  CHECK(cable.rate() == B57600);
  cable.say("AT+IPR?\r");
  CHECK(cable.hear("OK\r\n") == "AT+IPR?\r\r\n+IPR: 57600\r\n\r\nOK\r\n");
  cable.say("AT+IPR=9600\r");
  CHECK(cable.hear("OK\r\n") == "AT+IPR=9600\r\r\nOK\r\n");
  CHECK(cable.runs_at(B9600));
  cable.say("AT+IPR=921600;&W\r");
  CHECK(cable.hear("OK\r\n") == "AT+IPR=921600;&W\r\r\nOK\r\n");
  CHECK(cable.runs_at(B921600));
  cable.say("AT+IPR=4800\r");
  cable.hear("OK\r\n");
  CHECK(cable.runs_at(B4800));
  cable.say("AT+CFUN=1,1\r");
  cable.hear("PB DONE\r\n");
  CHECK(cable.rate() == B921600);
}
