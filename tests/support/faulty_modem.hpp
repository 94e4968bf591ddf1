// A modem in virtual time whose one channel runs through the faults, with its journal.
#pragma once

#include "emulator/faults/fault_injector.hpp"
#include "emulator/journal/keeper.hpp"
#include "emulator/module/observers.hpp"
#include "tests/support/world.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace support {

class FaultyModem {
 public:
  /// `observer` looks on too, if there is one.
  explicit FaultyModem(emulator::Observer* observer = nullptr,
                       const emulator::Modem::Settings& settings = {})
      : keeper(journal),
        injector(timeline, &audience, {flash, flash, files}, outside()),
        modem(settings, {timeline,
                         log,
                         injector.flash(),
                         injector.flash(),
                         injector.flash(),
                         internet,
                         injector.wrap(transport),
                         [this](int client_idx) {
                           auto link = std::make_unique<FakeLink>(timeline);
                           links[static_cast<std::size_t>(client_idx)] = link.get();
                           return injector.wrap(client_idx, std::move(link));
                         },
                         {},
                         &audience,
                         &injector}),
        line(injector.add_port(port, "uart1")),
        terminal(modem.add_channel("uart1", line, &line)) {
    audience.add(keeper);
    if (observer != nullptr) audience.add(*observer);
    injector.attach(modem);
    keeper.name_channel(terminal.asker(), "uart1");
    line.lead_to(terminal);
    modem.power_on();
    wait(std::chrono::seconds(1));
    said();
    send("ATE0\r");
    said();
  }

  void set(const char* fault) {
    const auto added = injector.faults().add(nlohmann::json::parse(fault), timeline.now());
    const auto* wrong = std::get_if<emulator::faults::Refusal>(&added);
    if (wrong != nullptr) FAIL(wrong->field << ": " << wrong->detail);
  }
  void wait(at::Duration time) {
    timeline.run_until(timeline.now() + time);
    if (waited) waited();
  }
  void send(std::string_view bytes) {
    line.receive(bytes);
    wait({});
  }
  std::string said() { return std::exchange(port.unread, {}); }
  std::string answer(std::string_view bytes) {
    send(bytes);
    return said();
  }
  [[nodiscard]] std::vector<std::string> applied() const {
    std::vector<std::string> names;
    for (const auto& event : journal.events())
      if (event.kind == emulator::journal::Kind::fault)
        names.push_back(std::get<std::string>(*event.find("name")));
    return names;
  }

  /// What was done to ports and lines, in order.
  std::vector<std::string> outside_heard;

  std::function<void()> waited;  // what else is to go on meanwhile
  at::Timeline timeline;
  MemoryLog log;
  MemoryFlash flash;
  MemoryFiles files;
  FakeInternet internet;
  FakeTransport transport;
  FakePort port;
  std::array<FakeLink*, mqtt_backend::client_count> links{};
  emulator::journal::Journal journal;
  emulator::journal::Keeper keeper;
  emulator::Observers audience;
  emulator::faults::FaultInjector injector;
  emulator::Modem modem;
  emulator::faults::FaultyPort& line;
  at::Terminal& terminal;

 private:
  emulator::faults::Outside outside() {
    emulator::faults::Outside made;
    made.ports = [this](bool gone) { outside_heard.emplace_back(gone ? "gone" : "back"); };
    made.rate = [this](std::optional<int> baud) {
      outside_heard.push_back(baud ? std::to_string(*baud) : "free");
    };
    return made;
  }
};

}  // namespace support
