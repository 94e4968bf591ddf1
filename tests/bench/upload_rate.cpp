// Measures how long 100 KiB take into the module's flash through a port (AT+QFUPL), and how long
// the same bytes take through a bare pseudo-terminal into cat.
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
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t size = 100 * 1024;
constexpr int patience_ms = 5000;

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

int open_raw(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  if (descriptor < 0 || ::tcgetattr(descriptor, &settings) != 0) return -1;
  ::cfmakeraw(&settings);
  ::tcsetattr(descriptor, TCSANOW, &settings);
  return descriptor;
}

bool send(int port, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(port, bytes.data(), bytes.size());
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool hear(int port, std::string_view end) {
  std::string heard;
  while (heard.find(end) == std::string::npos) {
    std::array<char, 4096> buffer{};
    pollfd input{port, POLLIN, 0};
    if (::poll(&input, 1, patience_ms) != 1) return false;
    const ssize_t got = ::read(port, buffer.data(), buffer.size());
    if (got <= 0) return false;
    heard.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

std::optional<double> upload(int port, const std::string& content) {
  send(port, "AT+QFDEL=\"rate\"\rATE0;+QFLDS\r");
  if (!hear(port, "+QFLDS: 0,0\r\n\r\nOK\r\n")) return std::nullopt;
  send(port, fmt::format("AT+QFUPL=\"rate\",{}\r", content.size()));
  if (!hear(port, "CONNECT\r\n")) return std::nullopt;
  const auto begin = Clock::now();
  if (!send(port, content) || !hear(port, "OK\r\n")) return std::nullopt;
  return ms_since(begin);
}

[[noreturn]] void become_cat(int master, int said) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(master, STDIN_FILENO);
  ::dup2(said, STDOUT_FILENO);
  ::execlp("cat", "cat", static_cast<char*>(nullptr));
  ::_exit(127);
}

/// From the first byte into the slave to the last byte that cat has said.
std::optional<double> through_cat(const std::string& content) {
  int master = -1;
  int slave = -1;
  std::array<int, 2> said{};
  termios settings{};
  ::cfmakeraw(&settings);
  if (::openpty(&master, &slave, nullptr, &settings, nullptr) != 0) return std::nullopt;
  if (::pipe(said.data()) != 0) return std::nullopt;
  const pid_t sink = ::fork();
  if (sink == 0) {
    std::size_t got = 0;
    std::array<char, 65536> buffer{};
    while (got < size) {
      const ssize_t n = ::read(said[0], buffer.data(), buffer.size());
      if (n <= 0) ::_exit(1);
      got += static_cast<std::size_t>(n);
    }
    ::_exit(0);
  }
  const pid_t cat = ::fork();
  if (cat == 0) become_cat(master, said[1]);
  const auto begin = Clock::now();
  const bool sent = send(slave, content);
  int status = 0;
  ::waitpid(sink, &status, 0);
  const double took = ms_since(begin);
  ::kill(cat, SIGKILL);
  ::waitpid(cat, nullptr, 0);
  for (const int descriptor : {master, slave, said[0], said[1]}) ::close(descriptor);
  if (!sent || status != 0) return std::nullopt;
  return took;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  int rounds = 31;
  CLI::App app{"100 KiB into the module's flash, against cat"};
  app.add_option("port", path, "the device or link that a host opens")->required();
  app.add_option("-n,--rounds", rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::string content(size, '\0');
  for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7 + i / 251);
  const int port = open_raw(path);
  std::vector<double> module;
  std::vector<double> cat;
  for (int round = 0; round < rounds; ++round) {
    const auto uploaded = port < 0 ? std::nullopt : upload(port, content);
    const auto plain = through_cat(content);
    if (!uploaded || !plain) {
      fmt::print(stderr, "upload_rate: {} does not take an upload, or cat fails\n", path);
      return 1;
    }
    module.push_back(*uploaded);
    cat.push_back(*plain);
  }
  fmt::print("upload {:6.2f} ms\ncat    {:6.2f} ms\nratio  {:6.2f}\n", median(module), median(cat),
             median(module) / median(cat));
  return 0;
}
