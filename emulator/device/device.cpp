#include "emulator/device/device.hpp"

#include <tuple>
#include <type_traits>
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
      urcs_(world_.timeline, world_.log, world_.nvram, settings_.urc_port,
            settings_.results_to_asker),
      scenario_(world_.timeline, scenario_of(settings_)),
      qcfg_(world_.nvram, world_.log, *settings_.model,
            settings_.knobs.is_set(cellular::Knob::qcfg_siblings)),
      ring_(world_.timeline, qcfg_, [this](bool active) { hooks_.ring(active); }),
      identity_(settings_.identity, world_.nvram),
      clock_(world_.timeline, urcs_, world_.nvram),
      sim_(world_.timeline, urcs_, world_.nvram, settings_.card, settings_.boot),
      network_(world_.timeline, urcs_, world_.latency, scenario_, settings_.boot.registration),
      preferred_(world_.nvram, sim_, scenario_),
      measurement_(scenario_, network_),
      indications_(urcs_, world_.nvram, scenario_, network_, measurement_),
      pdp_(world_.timeline, urcs_, world_.latency, world_.nvram, scenario_, network_,
           settings_.knobs),
      data_counter_(world_.timeline, world_.nvram, world_.meter),
      stack_switch_(world_.timeline, urcs_, world_.latency, pdp_),
      dns_lookup_(world_.timeline, urcs_, world_.internet, pdp_),
      ping_(world_.timeline, urcs_, world_.internet, pdp_),
      ntp_({world_.timeline, urcs_, world_.internet, pdp_, clock_, qcfg_, settings_.knobs}),
      sms_({world_.timeline, urcs_, world_.log, world_.latency, world_.nvram, sim_, network_,
            clock_, qcfg_, indications_}),
      ufs_(world_.files),
      power_(
          {world_.timeline, urcs_, world_.latency, world_.nvram, scenario_, qcfg_, sim_, network_},
          settings_.boot,
          {[this] { stop(); }, [this] { start(); },
           [this](at::Asker asker, std::string line) {
             hooks_.power_down_urc(asker, std::move(line));
           }}) {
  wire();
  if (world_.observer != nullptr) show_to_observer();
}

void Device::wire() {
  urcs_.on_said([this](const std::string& line) { ring_.said(line); });
  scenario_.on_change([this](const SceneChange& change) { scene_changed(change); });
  sim_.on_ready([this](bool ready) { network_.sim(ready); });
  network_.connect({[this] {
                      set_network_time();
                      pdp_.attached();
                    },
                    [this] { pdp_.detached(); }, [this] { indications_.look(); },
                    [this](int band) { return qcfg_.band_allowed(band); },
                    [this] { return roaming_allowed_; }});
  qcfg_.on_change([this](std::string_view key) { setting_changed(key); });
  qcfg_.ask_message_map([this](const std::string& status) { return sms_.map(status); });
  measurement_.ask_messages([this] { return sms_.full(); });
  qcfg_.ask_port([this] { return urcs_.port(); });
}

void Device::show_to_observer() {
  const auto tell = [this](const Event& event) {
    world_.observer->saw(world_.timeline.now(), event);
  };
  power_.on_change([tell](Power::State state, int level) {
    tell(event::PowerChanged{state, level});
  });
  sim_.on_change([tell](Sim::State from, Sim::State to) { tell(event::SimChanged{from, to}); });
  network_.on_change([tell](Network::Stat stat, bool attached) {
    tell(event::RegistrationChanged{stat, attached});
  });
  pdp_.on_change([tell](const Pdp::Change& change) { tell(event::ContextChanged{change}); });
}

auto Device::families() {
  return std::tie(identity_, power_, sim_, network_, preferred_, measurement_, pdp_, data_counter_,
                  dns_lookup_, ping_, ntp_, socket_echo_, usb_network_, sms_, clock_, urcs_, qcfg_,
                  indications_, ufs_);
}

void Device::add_commands(at::Registry& registry, bool qcfg_siblings, bool siblings) {
  const auto add = [&]<class... Family>(std::type_identity<std::tuple<Family&...>>) {
    (registry.add(Family::commands()), ...);
  };
  add(std::type_identity<decltype(std::declval<Device&>().families())>{});
  if (qcfg_siblings) registry.add(Qcfg::sibling_commands());
  if (siblings) registry.add(StackSwitch::sibling_commands());
}

void Device::bind_to(at::Terminal& terminal) {
  std::apply([&](auto&... family) { (terminal.bind(family), ...); }, families());
  if (settings_.knobs.is_set(cellular::Knob::siblings)) terminal.bind(stack_switch_);
}

bool Device::factory() {
  if (!clock_.factory()) return false;
  pdp_.factory();
  sms_.factory();
  return true;
}

std::optional<std::string> Device::busy() {
  auto found = scenario_.busy();
  if (!found) found = stack_switch_.busy();
  const auto ask = [&](const auto& part) {
    if constexpr (requires { part.busy(); })
      if (!found) found = part.busy();
  };
  ask(power_);
  std::apply([&](const auto&... family) { (ask(family), ...); }, families());
  return found;
}

void Device::snapshot(at::Memo& memo) {
  if (memo.restoring()) ring_.reset();
  power_.snapshot(memo);
  qcfg_.snapshot(memo);
  urcs_.snapshot(memo);
  if (memo.restoring()) urcs_.delay(std::chrono::milliseconds(qcfg_.values().urc_delay_ms));
  clock_.snapshot(memo, settings_.unix_ms_at_start);
  const bool on = power_.is_ready();
  sim_.snapshot(memo, on && power_.level() != 0);
  memo.flag("roaming_allowed", roaming_allowed_);
  memo.flag("ppp_term_frame", ppp_term_frame_);
  network_.snapshot(memo, on && power_.level() == 1, sim_.ready());
  preferred_.snapshot(memo);
  indications_.snapshot(memo);
  pdp_.snapshot(memo);
  data_counter_.snapshot(memo);
  socket_echo_.snapshot(memo);
  sms_.snapshot(memo);
  ufs_.snapshot(memo);
}

void Device::start() {
  qcfg_.start();
  urcs_.start();
  urcs_.delay(std::chrono::milliseconds(qcfg_.values().urc_delay_ms));
  clock_.start();
  indications_.start();
  preferred_.start();
  pdp_.start();
  socket_echo_.start(settings_.knobs.is_set(cellular::Knob::qisde_default));
  data_counter_.start();
  sms_.start();
  roaming_allowed_ = qcfg_.values().roam_service != no_roaming;
  ppp_term_frame_ = qcfg_.values().ppp_term_frame;
  sim_.start();
  sim_.insert(scenario_.now().sim_inserted);
  hooks_.on();
}

void Device::stop() {
  ring_.reset();
  hooks_.off();
  ufs_.close_all();
  pdp_.reset();
  data_counter_.reset();
  stack_switch_.reset();
  dns_lookup_.reset();
  ping_.reset();
  ntp_.reset();
  sms_.reset();
  urcs_.clear();
}

void Device::scene_changed(const SceneChange& change) {
  if (world_.observer != nullptr)
    world_.observer->saw(world_.timeline.now(), event::SceneChanged{change.scene});
  sim_.insert(change.scene.sim_inserted);
  network_.scene_changed();
  if (!change.deactivated.empty()) pdp_.deactivated(change.deactivated);
}

void Device::setting_changed(std::string_view key) {
  const auto& values = qcfg_.values();
  if (key == qcfg_key::urc_delay) urcs_.delay(std::chrono::milliseconds(values.urc_delay_ms));
  if (key == qcfg_key::urc_cache) urcs_.hold(values.urc_cache);
  if (key == qcfg_key::urc_port) urcs_.choose(values.urc_port);
  if (key == qcfg_key::roam_service && values.roam_at_once)
    roaming_allowed_ = values.roam_service != no_roaming;
  if (key == qcfg_key::roam_service || key == qcfg_key::band) network_.scene_changed();
}

void Device::set_network_time() {
  const auto since = world_.timeline.now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  const auto& scene = scenario_.now();
  clock_.network_time({settings_.unix_ms_at_start + ms, scene.zone, scene.daylight_saving});
}

}  // namespace emulator::device
