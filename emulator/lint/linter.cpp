#include "emulator/lint/linter.hpp"

#include "emulator/lint/boot_patience.hpp"
#include "emulator/lint/exchanges.hpp"
#include "emulator/lint/reading.hpp"
#include "emulator/lint/reopening.hpp"
#include "emulator/lint/turn_taking.hpp"
#include "emulator/lint/uploads.hpp"

#include <utility>

namespace emulator::lint {

Linter::Linter(const RuleSet& silenced, Sink sink) : silenced_(silenced), sink_(std::move(sink)) {
  const auto report = [this](const Finding& finding) { found(finding); };
  checks_ = {std::make_unique<TurnTaking>(report),   std::make_unique<Exchanges>(report),
             std::make_unique<Reopening>(report),    std::make_unique<Reading>(report),
             std::make_unique<BootPatience>(report), std::make_unique<Uploads>(report)};
}

void Linter::found(const Finding& finding) {
  if (!silenced_.has(finding.rule)) sink_(finding);
}

void Linter::end(at::Time at) {
  for (auto& check : checks_) check->end(at);
}

void Linter::saw(at::Time at, at::Asker channel, const at::Event& event) {
  for (auto& check : checks_) check->saw(at, channel, event);
}

void Linter::saw(at::Time at, int client_idx, const mqtt_backend::Event& event) {
  for (auto& check : checks_) check->saw(at, client_idx, event);
}

void Linter::saw(at::Time at, const device::Event& event) {
  for (auto& check : checks_) check->saw(at, event);
}

void Linter::saw(at::Time at, const emulator::event::AnswerDisturbed& event) {
  for (auto& check : checks_) check->saw(at, event);
}

void Linter::saw(at::Time at, const emulator::event::HostBytesHeld& event) {
  for (auto& check : checks_) check->saw(at, event);
}

}  // namespace emulator::lint
