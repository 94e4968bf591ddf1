// The SIM card and what it asks for: PIN and PUK with their counters, presence, its files, its
// start (manual chapter 5). Owned by the Modem; switched by Power, moved by the Scenario, watched
// by Network.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/boot_times.hpp"
#include "emulator/device/nvram.hpp"

#include <array>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::device {

/// What is printed on and written into a card.
struct SimCard {
  std::string imsi = "001010000000001";
  std::string iccid = "89882390000000000014";
  std::string number = "+15550100001";
  std::string pin = "1234";
  std::string puk = "12345678";
  std::string pin2 = "5678";
  std::string puk2 = "87654321";
  bool pin_enabled = false;
  std::string service_provider = "Test";
  std::string message_centre = "+15550109999";
};

class Sim {
 public:
  enum class Occasion { boot, function_level };

  Sim(at::Timeline& timeline, at::Announce& announce, Nvram& nvram, const SimCard& card,
      BootTimes times);

  static const std::array<at::Command<Sim>, 3>& commands();

  /// Told when the card becomes usable or stops being so.
  void on_ready(std::function<void(bool ready)> listener) { listener_ = std::move(listener); }

  /// Power for the card; everything it says by itself follows in time.
  void power(bool on, Occasion occasion);
  /// The card is put in or taken out.
  void insert(bool) {}

  /// The card is there and wants no PIN.
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] const SimCard& card() const { return card_; }

 private:
  at::Outcome pin_state();
  at::Outcome enter_pin(const at::Args& args);
  at::Outcome imsi();
  at::Outcome iccid();

  void start(Occasion occasion);
  void say_later(at::Duration delay, std::vector<std::string> lines);

  at::Timeline& timeline_;
  at::Announce& announce_;
  SimCard card_;
  BootTimes times_;
  std::function<void(bool)> listener_;
  at::Timer timer_;
  bool powered_ = false;
  bool ready_ = false;
};

}  // namespace emulator::device
