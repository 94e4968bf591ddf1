// Several who look on at one module; each is shown everything, in the order in which they were
// added. Owned by who has them.
#pragma once

#include "emulator/module/observer.hpp"

#include <vector>

namespace emulator {

class Observers : public Observer {
 public:
  /// `observer` outlives it.
  void add(Observer& observer) { observers_.push_back(&observer); }

  void saw(at::Time at, at::Asker channel, const at::Event& event) override {
    for (auto* each : observers_) each->saw(at, channel, event);
  }
  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override {
    for (auto* each : observers_) each->saw(at, client_idx, event);
  }
  void saw(at::Time at, const device::Event& event) override {
    for (auto* each : observers_) each->saw(at, event);
  }
  void saw(at::Time at, const event::FaultApplied& event) override {
    for (auto* each : observers_) each->saw(at, event);
  }
  void saw(at::Time at, const event::AnswerDisturbed& event) override {
    for (auto* each : observers_) each->saw(at, event);
  }
  void saw(at::Time at, const event::LineCarried& event) override {
    for (auto* each : observers_) each->saw(at, event);
  }
  void saw(at::Time at, const event::HostBytesHeld& event) override {
    for (auto* each : observers_) each->saw(at, event);
  }

 private:
  std::vector<Observer*> observers_;
};

}  // namespace emulator
