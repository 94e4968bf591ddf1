#include "tests/sim/troubles.hpp"

#include "tests/sim/ledger.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace sim {
namespace {

/// Running sums of the weights: the same on every system.
const std::vector<int>& sums() {
  static const auto made = [] {
    std::vector<int> result;
    int sum = 0;
    for (const auto& row : fault_draws()) result.push_back(sum += row.weight);
    return result;
  }();
  return made;
}

}  // namespace

Troubles::Troubles(World& world, Dice& dice, std::function<const Setup&(int)> setup)
    : world_(world), dice_(dice), setup_(std::move(setup)), struck_(fault_draws().size()) {
  world_.on_fault = [this](const auto& event) { applied(event); };
}

void Troubles::end_some() {
  auto& faults = world_.injector.faults();
  live_.remove_if([&](const Live& live) {
    const auto* const fault = faults.find(live.name);
    const bool over = live.end <= world_.timeline.now();
    if (over && fault != nullptr) static_cast<void>(faults.remove(live.name));
    return over;
  });
}

void Troubles::act() {
  if (live_.size() < most_at_once) set_one();
}

void Troubles::set_one() {
  const auto& place = sums();
  const auto row = static_cast<std::size_t>(
      std::upper_bound(place.begin(), place.end(), dice_.in(0, place.back() - 1)) - place.begin());
  const auto& draw = fault_draws()[row];
  const int client_idx = dice_.in(0, static_cast<int>(Ledger::clients) - 1);
  if (draw.about == FaultDraw::About::link &&
      !world_.audits.at(static_cast<std::size_t>(client_idx))->has_session())
    return;
  auto document = draw.draw({dice_, client_idx, setup_(client_idx)});
  document["name"] = fmt::format("trouble{}", ++last_name_);
  live_.push_back({document["name"], row, world_.timeline.now() + dice_.ms(1000, 120000)});
  told_(document.dump());
  const auto added = world_.injector.faults().add(document, world_.timeline.now());
  if (const auto* refused = std::get_if<emulator::faults::Refusal>(&added))
    throw Violation(fmt::format("a fault is refused: {}: {}\n  {}", refused->field, refused->detail,
                                document.dump()));
}

std::size_t Troubles::pending() const {
  return static_cast<std::size_t>(std::count_if(live_.begin(), live_.end(), [&](const Live& live) {
    return live.lasts_until > world_.timeline.now();
  }));
}

void Troubles::applied(const emulator::event::FaultApplied& event) {
  told_(fmt::format("strikes: {} {}", event.type, event.name));
  const auto* const fault = world_.injector.faults().find(std::string(event.name));
  const auto live = std::find_if(live_.begin(), live_.end(),
                                 [&](const Live& each) { return each.name == event.name; });
  if (fault == nullptr || live == live_.end()) return;
  ++struck_[live->draw];
  if (event.type == "registration" || event.type == "signal" || event.type == "boot-hang")
    live->lasts_until = world_.timeline.now() + std::chrono::seconds(fault->number("s"));
  strikes_(*fault);
}

}  // namespace sim
