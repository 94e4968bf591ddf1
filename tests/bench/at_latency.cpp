// How long a host waits for the answer to AT at a port, and, with --echo, how long at a bare loop
// of read(2) and write(2) behind a port of the same kind, by turns.
#include "tests/bench/port.hpp"
#include "tests/bench/times.hpp"

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <sched.h>
#include <time.h>

namespace {

using bench::Port;
using bench::Times;

struct Settings {
  std::vector<std::string> ports;
  int rounds = 7;
  int count = 2000;  // of each round
  unsigned pause = 0;
  pid_t pid = 0;
  bool echo = false;
  std::optional<unsigned> echo_on{};
};

using Ports = std::vector<std::unique_ptr<Port>>;

[[noreturn]] void answer_for_ever(int port) {
  constexpr std::string_view answer = "AT\r\r\nOK\r\n";
  std::array<char, 256> buffer{};
  for (;;) {
    if (::read(port, buffer.data(), buffer.size()) <= 0) ::_exit(0);
    if (::write(port, answer.data(), answer.size()) < 0) ::_exit(0);
  }
}

void stay_on(unsigned processor) {
  cpu_set_t set{};
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) ::_exit(1);
}

class EchoLoop {
 public:
  EchoLoop(bool is_terminal, std::optional<unsigned> processor) : processor_(processor) {
    if (is_terminal)
      behind_terminal();
    else
      behind_socket();
  }
  [[nodiscard]] std::unique_ptr<Port> take_port() { return std::move(port_); }

 private:
  void behind_terminal() {
    int master = -1;
    int slave = -1;
    termios settings{};
    ::cfmakeraw(&settings);
    if (::openpty(&master, &slave, nullptr, &settings, nullptr) != 0)
      throw std::runtime_error("no pseudo-terminal");
    child_.emplace([this, master] { answer(master); });
    ::close(master);
    port_ = std::make_unique<Port>(slave);
  }
  void behind_socket() {
    const bench::Listener listener;
    child_.emplace([this, &listener] { answer(listener.accept()); });
    port_ = std::make_unique<Port>("127.0.0.1:" + std::to_string(listener.port));
  }
  void answer(int port) const {
    if (processor_) stay_on(*processor_);
    answer_for_ever(port);
  }

  std::optional<unsigned> processor_;
  std::optional<bench::Child> child_;
  std::unique_ptr<Port> port_;
};

/// One after the other, at each port in turn.
Times ask(const Ports& ports, int count, unsigned pause_us) {
  Times times;
  for (int i = 0; i < count; ++i) {
    auto& port = *ports[static_cast<std::size_t>(i) % ports.size()];
    if (pause_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(pause_us));
    const auto begin = bench::Clock::now();
    port.send("AT\r");
    port.hear("OK\r\n");
    times.add(bench::us_since(begin));
  }
  return times;
}

/// CPU time of another process with all its threads, in microseconds.
double cpu_of(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("there is no such process");
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

void measure(const Settings& settings) {
  Ports ports;
  for (const auto& address : settings.ports) ports.push_back(std::make_unique<Port>(address));
  std::optional<EchoLoop> loop;
  Ports echo;
  if (settings.echo) {
    loop.emplace(settings.ports.front().front() == '/', settings.echo_on);
    echo.push_back(loop->take_port());
    ask(echo, settings.count / 10, settings.pause);
  }
  ask(ports, std::max(settings.count / 10, static_cast<int>(ports.size())), settings.pause);
  Times p50;
  Times p99;
  Times ratio50;
  Times ratio99;
  Times cpu;
  for (int round = 0; round < settings.rounds; ++round) {
    const auto before = settings.pid > 0 ? cpu_of(settings.pid) : 0;
    auto modem = ask(ports, settings.count, settings.pause);
    if (settings.pid > 0) cpu.add((cpu_of(settings.pid) - before) / settings.count);
    p50.add(modem.at(0.5));
    p99.add(modem.at(0.99));
    if (!settings.echo) continue;
    auto bare = ask(echo, settings.count, settings.pause);
    ratio50.add(modem.at(0.5) / bare.at(0.5));
    ratio99.add(modem.at(0.99) / bare.at(0.99));
  }
  bench::tell("p50_us", p50.median());
  bench::tell("p99_us", p99.median());
  if (settings.pid > 0) bench::tell("cpu_us", cpu.median());
  if (!settings.echo) return;
  bench::tell("p50_ratio", ratio50.median());
  bench::tell("p99_ratio", ratio99.median());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app{"Round trips of AT to OK over a modem's port; medians of rounds"};
  app.add_option("PORT", settings.ports, "Devices or HOST:PORT, asked in turn")->required();
  app.add_option("--rounds", settings.rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--count", settings.count, "Round trips of each round")
      ->check(CLI::Range(10, 10'000'000))
      ->capture_default_str();
  app.add_option("--pause", settings.pause, "Microseconds between an answer and the next AT");
  app.add_option("--pid", settings.pid, "Tell what CPU time this process takes for each");
  app.add_flag("--echo", settings.echo, "Measure a bare echo loop too, by turns");
  app.add_option("--echo-on", settings.echo_on, "The processor of the echo loop")
      ->check(CLI::Range(0, CPU_SETSIZE - 1));
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("at_latency", [&] { measure(settings); });
}
