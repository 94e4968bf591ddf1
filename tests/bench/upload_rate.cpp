// Measures how long 100 KiB take into the module's flash through a port (AT+QFUPL), and how long
// the same bytes take through a bare pseudo-terminal into cat, by turns.
#include "tests/bench/port.hpp"
#include "tests/bench/times.hpp"

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace {

using bench::Clock;
using bench::Port;

constexpr std::size_t size = 100 * 1024;

double upload(Port& port, const std::string& content) {
  port.send("AT+QFDEL=\"rate\"\rATE0;+QFLDS\r");
  port.hear("+QFLDS: 0,0\r\n\r\nOK\r\n");
  port.send(fmt::format("AT+QFUPL=\"rate\",{}\r", content.size()));
  port.hear("CONNECT\r\n");
  const auto begin = Clock::now();
  port.send(content);
  port.hear("OK\r\n");
  return bench::us_since(begin);
}

void become_cat(int master, int said) {
  ::dup2(master, STDIN_FILENO);
  ::dup2(said, STDOUT_FILENO);
  ::execlp("cat", "cat", static_cast<char*>(nullptr));
  ::_exit(127);
}

void take_all(int from) {
  std::size_t got = 0;
  std::array<char, 65536> buffer{};
  while (got < size) {
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n <= 0) ::_exit(1);
    got += static_cast<std::size_t>(n);
  }
}

/// From the first byte into the slave to the last byte that cat has said.
double through_cat(const std::string& content) {
  int master = -1;
  int slave = -1;
  std::array<int, 2> said{};
  termios settings{};
  ::cfmakeraw(&settings);
  if (::openpty(&master, &slave, nullptr, &settings, nullptr) != 0 || ::pipe(said.data()) != 0)
    throw std::runtime_error("no pseudo-terminal");
  Port port(slave);
  bench::Child sink([&] { take_all(said[0]); });
  const bench::Child cat([&] { become_cat(master, said[1]); });
  const auto begin = Clock::now();
  port.send(content);
  const bool is_well = sink.ended_well();
  const double took = bench::us_since(begin);
  for (const int descriptor : {master, said[0], said[1]}) ::close(descriptor);
  if (!is_well) throw std::runtime_error("cat fails");
  return took;
}

void measure(const std::string& path, int rounds) {
  std::string content(size, '\0');
  for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 7 + i / 251);
  Port port(path);
  bench::Times module;
  bench::Times cat;
  for (int round = 0; round < rounds; ++round) {
    module.add(upload(port, content));
    cat.add(through_cat(content));
  }
  bench::tell("upload_us", module.median());
  bench::tell("cat_us", cat.median());
  bench::tell("ratio", module.median() / cat.median());
}

}  // namespace

int main(int argc, char** argv) {
  std::string path;
  int rounds = 31;
  CLI::App app{"100 KiB into the module's flash, against cat"};
  app.add_option("PORT", path, "The device or link that a host opens")->required();
  app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("upload_rate", [&] { measure(path, rounds); });
}
