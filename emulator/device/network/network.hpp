// Registration in the cellular network: what the module makes of its surroundings (Scenario), the
// SIM and its function level; +CREG and its like, +COPS, +CGATT. Told by Power, Sim and Scenario,
// tells Pdp and Clock. Owned by the Device (manual 6.1, 6.2, 9.1, 9.6, 9.8).
#pragma once

#include "at_engine/channel.hpp"
#include "at_engine/command.hpp"
#include "at_engine/memo.hpp"
#include "at_engine/pending.hpp"
#include "at_engine/urc.hpp"
#include "cellular/latency.hpp"
#include "emulator/device/scenario.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace emulator::device {

class Network : public at::ProfilePart {
 public:
  /// Registration, as +CREG counts it.
  enum class Stat { idle = 0, home = 1, searching = 2, denied = 3, roaming = 5 };

  static constexpr std::string_view name_of_stat(Stat stat) {
    switch (stat) {
      case Stat::idle:
        return "none";
      case Stat::home:
        return "home";
      case Stat::searching:
        return "searching";
      case Stat::denied:
        return "denied";
      case Stat::roaming:
        return "roaming";
    }
    return {};
  }

  struct Hooks {
    std::function<void()> registered;     // packet data can flow from now on
    std::function<void()> lost;           // ... and no longer
    std::function<void()> state_changed;  // anything that an indicator may show
    // What the module's settings allow.
    std::function<bool(int band)> band_allowed;
    std::function<bool()> roaming_allowed;
  };

  /// `registration` is how long it takes to get into a network.
  Network(at::Timeline& timeline, at::Announce& announce, cellular::Latency& latency,
          const Scenario& scenario, at::Duration registration);

  static const std::array<at::Command<Network>, 7>& commands();

  /// Set once, before anything else.
  void connect(Hooks hooks) { hooks_ = std::move(hooks); }

  /// Told of every change of registration or attachment, as it happens. Set once.
  void on_change(std::function<void(Stat stat, bool attached)> watcher) {
    watcher_ = std::move(watcher);
  }

  /// The transmitter is on (CFUN=1) or off.
  void transmit(bool on);
  /// The SIM can be used or not.
  void sim(bool ready);
  void scene_changed();

  /// Power-off: what no profile keeps is forgotten.
  void reset();

  [[nodiscard]] Stat stat() const { return stat_; }
  [[nodiscard]] bool registered() const { return stat_ == Stat::home || stat_ == Stat::roaming; }
  /// Registered, and for packet data too (+CGATT).
  [[nodiscard]] bool attached() const { return registered() && attach_; }
  /// Not attached because the host wants it so.
  [[nodiscard]] bool left_by_choice() const {
    return !transmitting_ || !attach_ || mode_ == Mode::deregistered;
  }
  /// A cell is heard, with or without service.
  [[nodiscard]] bool camped() const {
    return transmitting_ && scenario_.now().service != Scene::Service::none;
  }
  /// Why the network last refused, in words (+CEER).
  [[nodiscard]] const std::string& last_cause() const { return cause_; }

  [[nodiscard]] std::optional<std::string> busy() const;
  /// `transmitting` and `sim_ready`: as power and SIM have it.
  void snapshot(at::Memo& memo, bool transmitting, bool sim_ready);

  void store(at::Profile& profile) const override;
  void restore(const at::Profile& profile) override;
  void factory() override;

 private:
  enum class Mode { automatic = 0, manual = 1, deregistered = 2, format_only = 3, either = 4 };

  /// One of +CREG, +CGREG, +CEREG: how much it reports by itself (n), and what it said last.
  struct Report {
    std::string_view name;
    bool packet_side = false;
    int n = 0;
    std::string said{};
  };

  at::Outcome get_creg() { return read(reports_[0]); }
  at::Outcome get_cgreg() { return read(reports_[1]); }
  at::Outcome get_cereg() { return read(reports_[2]); }
  at::Outcome set_creg(const at::Args& args) { return write(reports_[0], args); }
  at::Outcome set_cgreg(const at::Args& args) { return write(reports_[1], args); }
  at::Outcome set_cereg(const at::Args& args) { return write(reports_[2], args); }
  at::Outcome get_operator();
  at::Outcome set_operator(const at::Args& args);
  at::Outcome search();
  at::Outcome get_radio();
  at::Outcome set_radio(const at::Args& args);
  at::Outcome get_attach();
  at::Outcome set_attach(const at::Args& args);
  at::Outcome operator_names();

  at::Outcome read(const Report& report) const;
  at::Outcome write(Report& report, const at::Args& args);
  [[nodiscard]] int stat_for(const Report& report) const;
  [[nodiscard]] std::string state(const Report& report) const;

  [[nodiscard]] Stat reachable() const;
  [[nodiscard]] std::optional<std::string> find(int format, const std::string& name) const;
  [[nodiscard]] std::string shown_operator() const;
  void reselect();
  void enter(Stat stat);
  void report_change();
  at::Outcome select(Mode mode, std::string plmn);
  at::Outcome selected() const;

  at::Announce& announce_;
  cellular::Latency& latency_;
  const Scenario& scenario_;
  at::Duration registration_time_;
  Hooks hooks_;
  std::function<void(Stat, bool)> watcher_;
  at::Timer registering_;
  at::Pending answering_;  // a +COPS or +CGATT under way
  bool transmitting_ = false;
  bool sim_ready_ = false;
  bool attach_ = true;
  Mode mode_ = Mode::automatic;
  std::string wanted_plmn_;
  int format_ = 0;  // of names in +COPS: 0 long, 1 short, 2 numeric
  Stat stat_ = Stat::idle;
  bool data_was_possible_ = false;
  std::string cause_;
  std::array<Report, 3> reports_{{{"+CREG"}, {"+CGREG", true}, {"+CEREG", true}}};
};

}  // namespace emulator::device
