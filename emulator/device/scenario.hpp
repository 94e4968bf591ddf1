// The surroundings of the module: operators, cells, signal, SIM in its holder, supply, and how they
// change by themselves over time. What the module makes of them is Network's, Sim's and Power's.
// Owned by the Device.
#pragma once

#include "at_engine/timeline.hpp"
#include "emulator/device/identity/profile.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace emulator::device {

struct Operator {
  std::string name = "Test PLMN 1-1";
  std::string short_name = "TestNet";
  std::string plmn = "00101";  // MCC and MNC, 5 or 6 digits; the default is 3GPP's test network
  bool forbidden = false;
};

/// MCC and MNC: 5 or 6 digits.
[[nodiscard]] bool is_plmn(std::string_view text);
/// As +COPS names it: 0 the long name, 1 the short one, 2 the digits.
[[nodiscard]] const std::string& name_of(const Operator& network, int format);

struct Cell {
  std::uint32_t tac = 0x1A2B;
  std::uint32_t id = 0x1A2D003;  // E-UTRAN cell identity, 28 bits
  int pcid = 63;
  int earfcn = 1850;
  int band = 3;
};

struct Signal {
  int rsrp = -85;  // dBm
  int rsrq = -10;  // dB
  int rssi = -65;  // dBm
  int sinr = 17;   // dB
};

struct Neighbour {
  int earfcn = 1850;
  int pcid = 64;
  int rsrp = -97;
  int rsrq = -13;
  bool same_frequency = true;
};

/// How long the steps of a firmware update take, in milliseconds.
struct UpdateTimes {
  int check_ms = 1000;    // of a package that is here
  int reset_ms = 1000;    // from the last word to a restart
  int start_ms = 1000;    // from RDY to the beginning
  int update_ms = 10000;  // from there to the end
};

/// What the network does to data calls.
struct DataCalls {
  bool refuse_login = false;
  int ipcp_delay_ms = 0;  // from the login to the address
};

/// The surroundings at one moment.
struct Scene {
  enum class Service { home, roaming, denied, none };

  Service service = Service::home;
  Operator network{};
  std::vector<Operator> others{};  // further networks that a search finds
  Cell cell{};
  Signal signal{};
  std::vector<Neighbour> neighbours{};
  bool sim_inserted = true;
  int zone = 0;  // of the network's time, quarters of an hour, -48 to 56
  bool daylight_saving = false;
  std::string host_address = "10.64.12.3";  // what the network gives a context
  std::vector<std::string> dns{"8.8.8.8", "8.8.4.4"};
  int supply_mv = 3800;
  int temperature_c = 25;
  std::array<int, 2> adc_mv{1200, 600};  // at the inputs ADC0 and ADC1
  UpdateTimes fota{};
  DataCalls ppp{};
};

/// Without a scenario the home network is there, on a band of the model.
Scene home_scene(const ModelProfile& model);

/// From `at` on (counted from the start of the program) it is like `scene`. The network takes the
/// contexts `deactivated` (cids) down at that moment. `text` is what was written for it, for
/// onlookers.
struct SceneChange {
  at::Duration at{};
  Scene scene{};
  std::vector<int> deactivated{};
  std::string text{};
};

class Scenario {
 public:
  using Listener = std::function<void(const SceneChange& change)>;

  /// `changes` in order of time; its first entry, if at 0, is what there is at the start.
  Scenario(at::Timeline& timeline, std::vector<SceneChange> changes);

  [[nodiscard]] const Scene& now() const { return scene_; }

  /// Somebody changes the surroundings from now on: `change` is given what is, and further changes
  /// of the scenario are given what it makes of them. Taken back by undo().
  using Overlay = std::function<void(Scene& scene)>;
  [[nodiscard]] int overlay(Overlay change);
  void undo(int overlay);
  /// What overlays are put upon.
  [[nodiscard]] const Scene& written() const { return written_; }
  /// Takes the place of written(), until the scenario's own course changes it.
  void rewrite(const Scene& scene, const std::vector<int>& deactivated);
  /// As rewrite(), and nobody hears of it.
  void restore(const Scene& scene) { scene_ = written_ = scene; }
  [[nodiscard]] std::optional<std::string> busy() const {
    if (!overlays_.empty()) return "a fault changes the surroundings";
    return std::nullopt;
  }
  /// The network takes contexts down.
  void deactivate(const std::vector<int>& cids);

  /// What is to come at a moment: a whole scene, or what is to be written upon the one of then.
  struct Planned {
    using Written = Scene (*)(const std::string& text, const Scene& scene);

    std::variant<Scene, Written> what{};
    std::vector<int> deactivated{};
    std::string text{};  // for `Written`, and for onlookers
  };
  /// In the order in which it comes, by the time from the start of the program.
  using Plan = std::multimap<at::Duration, Planned>;

  static constexpr std::size_t most_planned = 10'000;
  /// Bytes of text in what is planned.
  static constexpr std::size_t planned_limit = std::size_t{16} * 1024 * 1024;

  [[nodiscard]] const Plan& planned() const { return plan_; }
  /// Puts one thing more into the plan. False when there are too many already.
  [[nodiscard]] bool plan(at::Duration at, Planned planned);
  /// Takes everything out of the plan; the answer is how many things that was.
  std::size_t drop();
  /// `changes` (the first at 0) count from now on, and nothing else that was planned; the answer is
  /// how many things that was.
  std::size_t replace(std::vector<SceneChange> changes);

  /// Told of every change, after it. Set once.
  void on_change(Listener listener) { listener_ = std::move(listener); }

 private:
  void take(std::vector<SceneChange> changes, std::size_t from, at::Duration start);
  void wait_for_next();
  void compose(std::vector<int> deactivated);

  at::Timeline& timeline_;
  Plan plan_;
  std::size_t planned_bytes_ = 0;
  Scene written_;  // what the scenario says
  std::map<int, Overlay> overlays_;
  int last_overlay_ = 0;
  Scene scene_;  // what is
  Listener listener_;
  at::Timer timer_;
};

}  // namespace emulator::device
