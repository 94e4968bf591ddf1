// Measures how long a host waits for the answer to "AT" on a port, and, with --baseline, how much
// of that is the kernel: the same against a bare loop of read(2) and write(2) on another
// pseudo-terminal.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace {

constexpr std::string_view command = "AT\r";
constexpr std::string_view answer = "AT\r\r\nOK\r\n";
constexpr std::string_view end = "OK\r\n";
constexpr int answer_limit_ms = 2000;

struct Latency {
  double p50 = 0;  // microseconds
  double p99 = 0;
};

int open_raw(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (descriptor < 0 || ::tcgetattr(descriptor, &settings) != 0) return -1;
  ::cfmakeraw(&settings);
  ::tcsetattr(descriptor, TCSANOW, &settings);
  ::tcflush(descriptor, TCIOFLUSH);
  return descriptor;
}

bool ask(int port) {
  std::string heard;
  if (::write(port, command.data(), command.size()) < 0) return false;
  while (heard.find(end) == std::string::npos) {
    std::array<char, 256> buffer{};
    pollfd input{port, POLLIN, 0};
    if (::poll(&input, 1, answer_limit_ms) != 1) return false;
    const ssize_t size = ::read(port, buffer.data(), buffer.size());
    if (size <= 0) return false;
    heard.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return true;
}

std::optional<Latency> measure(const std::string& path, int rounds) {
  const int port = open_raw(path);
  if (port < 0) return std::nullopt;
  std::vector<double> times;
  bool answered = true;
  for (int warm_up = rounds / 10; answered && warm_up > 0; --warm_up) answered = ask(port);
  for (int round = 0; answered && round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    answered = ask(port);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count());
  }
  ::close(port);
  if (!answered) return std::nullopt;
  std::sort(times.begin(), times.end());
  return Latency{times[times.size() / 2], times[times.size() * 99 / 100]};
}

[[noreturn]] void answer_for_ever(int master) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::array<char, 256> buffer{};
  for (;;) {
    if (::read(master, buffer.data(), buffer.size()) <= 0) ::_exit(0);
    if (::write(master, answer.data(), answer.size()) < 0) ::_exit(0);
  }
}

std::optional<Latency> measure_baseline(int rounds) {
  int master = -1;
  int slave = -1;
  std::array<char, 64> name{};
  termios settings{};
  ::cfmakeraw(&settings);
  if (::openpty(&master, &slave, name.data(), &settings, nullptr) != 0) return std::nullopt;
  const pid_t loop = ::fork();
  if (loop == 0) answer_for_ever(master);
  if (loop < 0) return std::nullopt;
  const auto result = measure(name.data(), rounds);
  ::kill(loop, SIGKILL);
  ::waitpid(loop, nullptr, 0);
  ::close(master);
  ::close(slave);
  return result;
}

void print(const char* what, const Latency& latency) {
  fmt::print("{:9} p50 {:8.1f} us   p99 {:8.1f} us\n", what, latency.p50, latency.p99);
}

}  // namespace

int main(int argc, char** argv) {
  std::string port;
  int rounds = 10'000;
  bool baseline = false;
  CLI::App app{"Round trips of AT to OK over a modem's port"};
  app.add_option("port", port, "the device or link that a host opens")->required();
  app.add_option("-n,--rounds", rounds, "round trips to measure")
      ->check(CLI::Range(10, 10'000'000))
      ->capture_default_str();
  app.add_flag("--baseline", baseline, "measure a bare echo loop too and compare");
  CLI11_PARSE(app, argc, argv);
  const auto modem = measure(port, rounds);
  if (!modem) {
    fmt::print(stderr, "pty_latency: {} does not answer AT with OK\n", port);
    return 1;
  }
  print("port", *modem);
  if (!baseline) return 0;
  const auto bare = measure_baseline(rounds);
  if (!bare) {
    fmt::print(stderr, "pty_latency: the echo loop failed\n");
    return 1;
  }
  print("baseline", *bare);
  fmt::print("ratio     p50 {:8.2f}      p99 {:8.2f}\n", modem->p50 / bare->p50,
             modem->p99 / bare->p99);
  return 0;
}
