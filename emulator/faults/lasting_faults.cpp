// The part of the fault injector that is about faults which begin by themselves, and may last.
#include "emulator/faults/fault_injector.hpp"

#include <algorithm>
#include <utility>

namespace emulator::faults {

/// Until the time comes from which on it is to act.
void FaultInjector::wait(Fault& fault) {
  auto& lasting = lasting_[&fault];
  lasting = std::make_unique<Lasting>(timeline_);
  lasting->timer.start(*fault.when().from - timeline_.now().time_since_epoch(),
                       [this, &fault] { faults_.wake(fault, timeline_.now()); });
}

/// Anew, if it lasts already.
FaultInjector::Lasting& FaultInjector::last(const Fault& fault) {
  auto& lasting = lasting_[&fault];
  if (lasting) let_go(*lasting);
  lasting = std::make_unique<Lasting>(timeline_);
  if (fault.when().to)
    lasting->until.start(*fault.when().to - timeline_.now().time_since_epoch(),
                         [this, &fault] { end(fault); });
  return *lasting;
}

void FaultInjector::begin(Fault& fault, const Occasion& occasion) {
  if (fault.type().param("of") != nullptr) return strike(fault.power_loss());
  begin_at(last(fault), fault, occasion.client);
}

void FaultInjector::begin_at(Lasting& lasting, const Fault& fault, std::optional<int> client_idx) {
  const auto type = fault.type().name;
  if (type == "urc-storm") {
    lasting.left = fault.number("per_s") * fault.number("s");
    storm(lasting, fault);
  } else if (type == "flash-full") {
    flash_.be_full(true);
  } else if (type == "flash-lost") {
    flash_.cache(true);
  } else if (type == "clock-jump") {
    auto& clock = modem_->device().clock();
    clock.set(clock.unix_ms() + fault.number("s") * 1000);
  } else if (type == "registration") {
    change_registration(lasting, fault);
  } else if (type == "signal") {
    change_signal(lasting, fault);
  } else if (type == "pdp-deactivate") {
    modem_->device().scenario().deactivate({static_cast<int>(fault.number("cid"))});
  } else if (type == "port-vanish") {
    vanish(lasting, fault);
  } else if (type == "rate") {
    outside_.rate(static_cast<int>(fault.number("baud")));
    if (fault.has("s"))
      lasting.timer.start(std::chrono::seconds(fault.number("s")), [this, &fault] { end(fault); });
  } else if (type == "message") {
    send_message(fault, client_idx);
  } else {
    begin_at_links(fault, client_idx);
  }
}

void FaultInjector::end(const Fault& fault) {
  for (const auto& [channel, port] : ports_) port->fault_ended();
  const auto found = lasting_.find(&fault);
  if (found == lasting_.end()) return;
  const auto gone = std::move(found->second);
  lasting_.erase(found);
  let_go(*gone);
  end_at_links(fault);
  const auto type = fault.type().name;
  if (lasts(type)) return;
  if (type == "flash-full") flash_.be_full(false);
  if (type == "flash-lost") flash_.cache(false);
  if (type == "rate") outside_.rate(std::nullopt);
  if (type == "boot-hang") modem_->device().power().boot_on();
}

/// Whether a fault of that type does.
bool FaultInjector::lasts(std::string_view type) const {
  return std::any_of(lasting_.begin(), lasting_.end(),
                     [&](const auto& row) { return row.first->type().name == type; });
}

void FaultInjector::let_go(Lasting& lasting) {
  lasting.timer.stop();
  ports_return(lasting);
  if (lasting.overlay != 0) modem_->device().scenario().undo(std::exchange(lasting.overlay, 0));
}

bool FaultInjector::boot_hangs() {
  const auto* const fault = faults_.first_acting(Moment::boot, {.now = timeline_.now()});
  if (fault == nullptr) return false;
  auto& lasting = last(*fault);
  if (fault->has("s"))
    lasting.timer.start(std::chrono::seconds(fault->number("s")), [this, fault] { end(*fault); });
  return true;
}

void FaultInjector::storm(Lasting& lasting, const Fault& fault) {
  if (lasting.left-- <= 0) return;
  modem_->device().urcs().announce(fault.text("line"));
  const auto pause = at::Duration(std::chrono::seconds(1)) / fault.number("per_s");
  lasting.timer.start(pause, [this, &lasting, &fault] { storm(lasting, fault); });
}

void FaultInjector::vanish(Lasting& lasting, const Fault& fault) {
  lasting.ports_gone = true;
  outside_.ports(true);
  lasting.timer.start(fault.ms(), [this, &lasting] { ports_return(lasting); });
}

void FaultInjector::ports_return(Lasting& lasting) {
  if (!std::exchange(lasting.ports_gone, false)) return;
  const bool still = std::any_of(lasting_.begin(), lasting_.end(),
                                 [](const auto& row) { return row.second->ports_gone; });
  if (!still) outside_.ports(false);
}

/// What it has changed in the surroundings is as before after its time, if it has one.
void FaultInjector::undo_after(Lasting& lasting, const Fault& fault) {
  if (!fault.has("s")) return;
  lasting.timer.start(std::chrono::seconds(fault.number("s")), [this, &lasting] {
    modem_->device().scenario().undo(std::exchange(lasting.overlay, 0));
  });
}

void FaultInjector::change_registration(Lasting& lasting, const Fault& fault) {
  using Service = device::Scene::Service;
  const auto service = fault.text("mode") == "denied" ? Service::denied : Service::none;
  auto& scenario = modem_->device().scenario();
  lasting.overlay = scenario.overlay([service](device::Scene& scene) { scene.service = service; });
  undo_after(lasting, fault);
}

void FaultInjector::change_signal(Lasting& lasting, const Fault& fault) {
  const auto change = [&fault](const char* name, int& value) {
    if (fault.has(name)) value = static_cast<int>(fault.number(name));
  };
  auto& scenario = modem_->device().scenario();
  lasting.overlay = scenario.overlay([change](device::Scene& scene) {
    change("rsrp", scene.signal.rsrp);
    change("rsrq", scene.signal.rsrq);
    change("rssi", scene.signal.rssi);
    change("sinr", scene.signal.sinr);
  });
  undo_after(lasting, fault);
}

}  // namespace emulator::faults
