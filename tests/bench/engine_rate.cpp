// What commands cost inside the modem: no port, no clock, a link that is fake. Prints nanoseconds
// for each; with --only it runs one of them, --count times, in run_commands(), whose
// instructions tests/bench/instructions counts.
#include "tests/bench/times.hpp"
#include "tests/support/world.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace {

struct Command {
  std::string_view name;
  std::string_view line;
};

constexpr std::array<Command, 6> commands{{
    {"at", "AT\r"},
    {"csq", "AT+CSQ\r"},
    {"creg_read", "AT+CREG?\r"},
    {"keepalive_set", "AT+QMTCFG=\"keepalive\",0,60\r"},
    {"keepalive_read", "AT+QMTCFG=\"keepalive\",0\r"},
    {"four_in_a_line", "AT+CSQ;+CREG?;+CGATT?;+QMTCONN?\r"},
}};

/// Nobody reads.
class Sink : public at::Port {
 public:
  void write(std::string_view bytes) override {
    size += bytes.size();
    is_well = is_well || bytes.find("OK\r\n") != std::string_view::npos;
  }

  std::size_t size = 0;
  bool is_well = false;
};

class Engine {
 public:
  Engine() : terminal_(world_.modem.add_channel("bench", sink_)) {
    world_.modem.power_on();
    world_.settle();
  }
  void run(std::string_view line, int count) {
    for (int i = 0; i < count; ++i) {
      terminal_.receive(line);
      world_.settle();
    }
  }
  void warm_up(std::string_view line) {
    sink_.is_well = false;
    run(line, 1000);
    if (!sink_.is_well) throw std::runtime_error(std::string(line) + " does not answer OK");
  }

 private:
  support::World world_{emulator::Modem::Settings{}};
  Sink sink_;
  at::Terminal& terminal_;
};

}  // namespace

extern "C" [[gnu::noinline]] void run_commands(void* engine, const char* line, int count) {
  static_cast<Engine*>(engine)->run(line, count);
}

namespace {

void measure(const std::string& only, int rounds, int count) {
  Engine engine;
  for (const auto& command : commands) {
    if (!only.empty() && only != command.name) continue;
    engine.warm_up(command.line);
    bench::Times times;
    for (int round = 0; round < rounds; ++round) {
      const auto begin = bench::Clock::now();
      run_commands(&engine, command.line.data(), count);
      times.add(bench::us_since(begin) * 1000 / count);
    }
    bench::tell(fmt::format("{}_ns", command.name), times.median());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string only;
  int rounds = 7;
  int count = 50'000;
  CLI::App app{"Nanoseconds of commands inside the modem; medians of rounds"};
  app.add_option("--only", only, "This command alone");
  app.add_option("--rounds", rounds)->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--count", count, "Commands of each round")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::run_bench("engine_rate", [&] { measure(only, rounds, count); });
}
