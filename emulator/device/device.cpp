#include "emulator/device/device.hpp"

#include <utility>

namespace emulator::device {
namespace {

constexpr int no_roaming = 1;

std::vector<SceneChange> scenario_of(const Device::Settings& settings) {
  if (!settings.scenario.empty()) return settings.scenario;
  return {{at::Duration::zero(), home_scene(*settings.model), {}}};
}

}  // namespace

Device::Device(const Settings& settings, World world, Hooks hooks)
    : settings_(settings),
      world_(std::move(world)),
      hooks_(std::move(hooks)),
      urcs_(world_.timeline, world_.nvram, settings_.urc_port),
      scenario_(world_.timeline, scenario_of(settings_)),
      qcfg_(world_.nvram, *settings_.model),
      identity_(settings_.identity),
      clock_(world_.timeline, urcs_, world_.nvram),
      sim_(world_.timeline, urcs_, world_.nvram, settings_.card, settings_.boot),
      network_(world_.timeline, urcs_, world_.latency, scenario_, settings_.boot.registration),
      preferred_(world_.nvram, sim_, scenario_),
      measurement_(scenario_, network_),
      indications_(urcs_, world_.nvram, scenario_, network_, measurement_),
      pdp_(world_.timeline, urcs_, world_.latency, world_.nvram, scenario_, network_),
      data_call_(world_.timeline, world_.latency, network_),
      data_counter_(world_.timeline, world_.nvram, world_.meter),
      reach_({world_.timeline, urcs_, world_.internet, pdp_, clock_, qcfg_}),
      sms_({world_.timeline, urcs_, world_.log, world_.latency, world_.nvram, sim_, network_,
            clock_, qcfg_, indications_}),
      ufs_(world_.files),
      power_(
          {world_.timeline, urcs_, world_.latency, world_.nvram, scenario_, qcfg_, sim_, network_},
          settings_.boot,
          {[this] { stop(); }, [this] { start(); },
           [this](std::string line) { hooks_.last_words(std::move(line)); }}) {
  wire();
}

void Device::wire() {
  scenario_.on_change([this](const SceneChange& change) { scene_changed(change); });
  sim_.on_ready([this](bool ready) { network_.sim(ready); });
  network_.connect({[this] {
                      take_network_time();
                      pdp_.attached();
                    },
                    [this] { pdp_.detached(); }, [this] { indications_.look(); },
                    [this](int band) { return qcfg_.band_allowed(band); },
                    [this] { return roaming_allowed_; }});
  pdp_.on_lost([this](int cid) {
    hooks_.bearer_lost(cid);
    reach_.lost(cid);
  });
  qcfg_.on_change([this](std::string_view key) { setting_changed(key); });
  qcfg_.ask_message_map([this](const std::string& status) { return sms_.map(status); });
  measurement_.ask_messages([this] { return sms_.full(); });
  qcfg_.ask_port([this] { return urcs_.port(); });
}

void Device::add_commands(at::Registry& registry) {
  registry.add(identity_, Identity::commands());
  registry.add(power_, Power::commands());
  registry.add(sim_, Sim::commands());
  registry.add(network_, Network::commands());
  registry.add(preferred_, PreferredOperators::commands());
  registry.add(measurement_, Measurement::commands());
  registry.add(pdp_, Pdp::commands());
  registry.add(data_call_, DataCall::commands());
  registry.add(data_counter_, DataCounter::commands());
  registry.add(reach_, Reach::commands());
  registry.add(sms_, Sms::commands());
  registry.add(clock_, Clock::commands());
  registry.add(urcs_, UrcPort::commands());
  registry.add(qcfg_, Qcfg::commands());
  if (settings_.qcfg_siblings) registry.add(qcfg_, Qcfg::sibling_commands());
  registry.add(indications_, Indications::commands());
  registry.add(ufs_, Ufs::commands());
}

void Device::factory() {
  clock_.factory();
  pdp_.factory();
  sms_.factory();
}

void Device::start() {
  qcfg_.start();
  urcs_.start();
  urcs_.delay(std::chrono::milliseconds(qcfg_.number("urc/delay")));
  clock_.start();
  indications_.start();
  preferred_.start();
  pdp_.start();
  data_counter_.start();
  sms_.start();
  roaming_allowed_ = qcfg_.number("roamservice") != no_roaming;
  sim_.start();
  sim_.insert(scenario_.now().sim_inserted);
  hooks_.on();
}

void Device::stop() {
  hooks_.off();
  ufs_.close_all();
  pdp_.reset();
  data_call_.reset();
  data_counter_.reset();
  reach_.reset();
  sms_.reset();
  urcs_.clear();
}

void Device::scene_changed(const SceneChange& change) {
  sim_.insert(change.scene.sim_inserted);
  network_.scene_changed();
  if (!change.deactivated.empty()) pdp_.deactivated(change.deactivated);
}

void Device::setting_changed(std::string_view key) {
  if (key == "urc/delay") urcs_.delay(std::chrono::milliseconds(qcfg_.number(key)));
  if (key == "urc/cache") urcs_.hold(qcfg_.number(key) == 1);
  if (key == "urc/port") urcs_.choose(qcfg_.text(key));
  const bool at_once = qcfg_.number("roamservice", 1) == 1;
  if (key == "roamservice" && at_once) roaming_allowed_ = qcfg_.number(key) != no_roaming;
  if (key == "roamservice" || key == "band") network_.scene_changed();
}

void Device::take_network_time() {
  const auto since = world_.timeline.now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  const auto& scene = scenario_.now();
  clock_.network_time({settings_.unix_ms_at_start + ms, scene.zone, scene.daylight_saving});
}

}  // namespace emulator::device
