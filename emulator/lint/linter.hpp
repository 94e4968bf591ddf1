// Looks on at a modem and tells what its host does that a host must not: each check sees every
// event, and what it finds goes to a sink, unless its rule is silenced. Cheap enough to be there
// whenever there is a journal. Owned by the Unit.
#pragma once

#include "emulator/lint/check.hpp"
#include "emulator/lint/rule.hpp"

#include <array>
#include <functional>
#include <memory>

namespace emulator::lint {

class Linter : public Observer {
 public:
  /// May add to the journal.
  using Sink = std::function<void(const Finding& finding)>;

  Linter(const RuleSet& silenced, Sink sink);

  /// The run is over; once.
  void end(at::Time at);

  void saw(at::Time at, at::Asker channel, const at::Event& event) override;
  void saw(at::Time at, int client_idx, const mqtt_backend::Event& event) override;
  void saw(at::Time at, const device::Event& event) override;
  void saw(at::Time at, const emulator::event::AnswerDisturbed& event) override;
  void saw(at::Time at, const emulator::event::HostBytesHeld& event) override;
  using Observer::saw;

 private:
  void found(const Finding& finding);

  RuleSet silenced_;
  Sink sink_;
  std::array<std::unique_ptr<Check>, 6> checks_;
};

}  // namespace emulator::lint
