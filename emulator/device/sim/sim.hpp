// The SIM in its holder: presence, start, PIN and PUK with their counters, and what AT commands
// read from the card (manual chapter 5). Locks and counters belong to the card and outlive
// power-off. Owned by the Device; switched by Power, moved by the Scenario, watched by Network.
#pragma once

#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/timeline.hpp"
#include "at_engine/urc.hpp"
#include "emulator/device/power/boot_times.hpp"
#include "emulator/device/settings/nvram.hpp"
#include "emulator/device/sim/sim_apdu.hpp"
#include "emulator/device/sim/sim_card.hpp"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emulator::device {

class Sim {
 public:
  enum class Occasion { boot, function_level };
  enum class State { absent, unpowered, starting, pin, puk, blocked, ready };

  static constexpr std::string_view name_of(State state) {
    constexpr std::array<std::string_view, 7> names{"absent", "unpowered", "starting", "pin",
                                                    "puk",    "blocked",   "ready"};
    return names[static_cast<std::size_t>(state)];
  }

  static constexpr int pin_tries = 3;
  static constexpr int puk_tries = 10;
  static constexpr int max_channels = 3;

  Sim(at::Timeline& timeline, at::Announce& announce, Nvram& nvram, const SimCard& card,
      BootTimes times);

  static const std::array<at::Command<Sim>, 17>& commands();

  /// Told when the card becomes usable or stops being so.
  void on_ready(std::function<void(bool ready)> listener) { listener_ = std::move(listener); }

  /// Told of every change of the state, as it happens. Set once.
  void on_change(std::function<void(State from, State to)> watcher) {
    watcher_ = std::move(watcher);
  }

  /// Power for the card; everything it says by itself follows in time.
  void power(bool on, Occasion occasion);
  /// The card is put in or taken out.
  void insert(bool inserted);

  /// The card is there and wants no PIN.
  [[nodiscard]] bool ready() const { return state() == State::ready; }
  /// +QIND: SMS DONE was said.
  [[nodiscard]] bool messages_ready() const { return messages_ready_; }
  /// +QIND: PB DONE was said.
  [[nodiscard]] bool contacts_ready() const { return contacts_ready_; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const SimCard& card() const { return card_; }
  /// The card is there and powered, its PIN given or not.
  [[nodiscard]] bool answers() const {
    return ready() || state_ == State::pin || state_ == State::puk;
  }
  /// The CME error of a command that needs the card; 0 when it is ready.
  [[nodiscard]] int obstacle() const;

  /// The module starts: stored settings.
  void start();

  [[nodiscard]] std::optional<std::string> busy() const;
  /// `powered`: as the function level has it.
  void snapshot(at::Memo& memo, bool powered);

 private:
  /// A secret of the card with its tries and those of what unblocks it.
  struct Lock {
    std::string secret;
    int tries = pin_tries;
    int unblock_tries = puk_tries;
    bool operator==(const Lock&) const = default;
  };

  /// What the card keeps of its locks.
  struct Locks {
    Lock pin;
    Lock pin2;
    bool pin_enabled = false;
    bool operator==(const Locks&) const = default;
  };

  at::Outcome pin_state();
  at::Outcome enter_pin(const at::Args& args);
  at::Outcome lock(const at::Args& args);
  at::Outcome change_password(const at::Args& args);
  at::Outcome tries();
  at::Outcome tries_of(const at::Args& args);
  at::Outcome initialisation();
  at::Outcome get_presence();
  at::Outcome set_presence(const at::Args& args);
  at::Outcome get_detection();
  at::Outcome set_detection(const at::Args& args);
  at::Outcome file_command(const at::Args& args);
  at::Outcome card_command(const at::Args& args);
  at::Outcome open_channel(const at::Args& args);
  at::Outcome channel_command(const at::Args& args);
  at::Outcome close_channel(const at::Args& args);
  at::Outcome imsi();
  at::Outcome iccid(std::string_view name);
  at::Outcome qccid() { return iccid("+QCCID"); }
  at::Outcome ccid() { return iccid("+CCID"); }
  at::Outcome plain_iccid() { return iccid("+ICCID"); }
  at::Outcome own_number();

  void begin(Occasion occasion);
  void wake(Occasion occasion);
  void open_up(Occasion occasion);
  void enter(State state);
  void say_later(at::Duration delay, std::function<void()> what);
  [[nodiscard]] bool check(Lock Locks::*which, const std::string& typed);
  at::Outcome keep(Locks changed);
  at::Outcome unblock(const std::string& puk, const std::string& pin);
  at::Outcome unlock(Locks changed);
  [[nodiscard]] SimApdu make_channel() const;
  at::Outcome apdu(SimApdu& channel, std::string_view name, int length, const std::string& hex);
  [[nodiscard]] static bool is_possible(const Lock& lock);
  static void snapshot(at::Memo& memo, std::string_view name, Lock& lock);
  void snapshot_channels(at::Memo& memo);
  /// +QSIMDET as stored: <enable>,<insert_level>.
  [[nodiscard]] std::string detection() const;
  void load_locks();
  [[nodiscard]] bool store(const Locks& locks);

  at::Timeline& timeline_;
  at::Announce& announce_;
  Nvram& nvram_;
  SimCard card_;
  BootTimes times_;
  std::map<int, SimFile> files_;
  SimApdu basic_channel_;
  std::map<int, SimApdu> channels_;
  std::function<void(bool)> listener_;
  std::function<void(State, State)> watcher_;
  at::Ground ground_;  // the card as it is powered now
  at::Timer timer_;
  State state_ = State::unpowered;
  bool inserted_ = true;
  bool powered_ = false;
  bool messages_ready_ = false;
  bool contacts_ready_ = false;
  Locks locks_;
  bool reports_presence_ = false;  // +QSIMSTAT
  bool hot_plug_ = false;          // +QSIMDET, from the last start on
};

}  // namespace emulator::device
