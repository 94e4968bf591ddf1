#include "emulator/describe.hpp"
#include "emulator/emulator.hpp"
#include "emulator/log.hpp"
#include "emulator/options.hpp"
#include "emulator/process_start.hpp"
#include "emulator/stores/directory_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <system_error>

#include <fmt/format.h>

namespace {

int print_out(const std::string& text, int code) {
  if (emulator::print(text)) return code;
  emulator::say_error(fmt::format("eg91xq: cannot write to standard output: {}\n",
                                  std::generic_category().message(errno)));
  return emulator::exit_usage;
}

/// A modem without a world: only its declarations count.
int print_manual(const emulator::Options& options) {
  class NoPort : public at::Port {
    void write(std::string_view) override {}
  } port;
  class NoLink : public mqtt_backend::Link {
    void listen(Listener) override {}
    void open(const mqtt_backend::Endpoint&) override {}
    void connect(const mqtt_backend::ConnectRequest&) override {}
    mqtt_backend::Ticket subscribe(std::uint16_t,
                                   const std::vector<mqtt_backend::TopicFilter>&) override {
      return 1;
    }
    mqtt_backend::Ticket unsubscribe(std::uint16_t, const std::vector<std::string>&) override {
      return 1;
    }
    mqtt_backend::Ticket publish(const mqtt_backend::PublishRequest&) override { return 1; }
    void resend(mqtt_backend::Ticket) override {}
    void ping() override {}
    void disconnect() override {}
    [[nodiscard]] bool delivered() const override { return true; }
    void close() override {}
  };
  class NoInternet : public cellular::Internet {
    void resolve(const std::string&, Resolved) override {}
    void ping(const std::string&, Echoed) override {}
    void ask_time(const std::string&, std::uint16_t, Timed) override {}
  } internet;
  at::Timeline timeline;
  emulator::SpdLog log;
  emulator::Flash flash;
  emulator::DirectoryStore files;
  emulator::Modem::Settings settings;
  settings.device.model = options.model;
  settings.device.identity = options.identity;
  settings.knobs = options.knobs;
  emulator::Modem modem(settings, {timeline, log, flash, flash, files, internet,
                                   [](int) { return std::make_unique<NoLink>(); }});
  modem.add_channel("uart1", port);
  return print_out(emulator::describe(modem.registry()), 0);
}

int run(int argc, char** argv, emulator::Variables set_aside) {
  auto parsed = emulator::parse_options(argc, argv);
  if (const auto* exit = std::get_if<emulator::EarlyExit>(&parsed)) {
    if (exit->code == 0) return print_out(exit->text, 0);
    emulator::say_error(exit->text);
    return exit->code;
  }
  auto& options = std::get<emulator::Options>(parsed);
  emulator::start_log(options.log_level);
  if (options.describe) return print_manual(options);
  emulator::Emulator program(std::move(options), std::move(set_aside));
  const int code = program.run();
  // Everything outside is closed by now; destroying the MQTT library's threads would cost 200 ms.
  emulator::flush_log();
  std::_Exit(code);
}

int fail(const char* what) {
  emulator::say_error(fmt::format("eg91xq: cannot start: {}\n", what));
  return emulator::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  int code = 0;
  try {
    emulator::prepare_process();
    code = run(argc, argv, mqtt_backend::unset_paho_environment());
  } catch (const std::exception& error) {
    code = fail(error.what());
  } catch (...) {
    code = fail("an exception without a description");
  }
  emulator::flush_log();
  return code;
}
