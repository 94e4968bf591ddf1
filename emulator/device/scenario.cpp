#include "emulator/device/scenario.hpp"

#include "at_engine/text.hpp"

#include <utility>

namespace emulator::device {

bool is_plmn(std::string_view text) {
  return (text.size() == 5 || text.size() == 6) && at::is_number(text);
}

const std::string& name_of(const Operator& network, int format) {
  if (format == 2) return network.plmn;
  return format == 1 ? network.short_name : network.name;
}

Scene home_scene(const ModelProfile& model) {
  Scene scene;
  scene.cell.band = model.home_band;
  scene.cell.earfcn = model.home_earfcn;
  return scene;
}

Scenario::Scenario(at::Timeline& timeline, std::vector<SceneChange> changes)
    : timeline_(timeline), timer_(timeline) {
  const bool begins = !changes.empty() && changes.front().at == at::Duration::zero();
  if (begins) written_ = changes.front().scene;
  scene_ = written_;
  take(std::move(changes), begins ? 1 : 0, {});
}

void Scenario::take(std::vector<SceneChange> changes, std::size_t from, at::Duration start) {
  for (auto i = from; i < changes.size(); ++i) {
    auto& change = changes[i];
    planned_bytes_ += change.text.size();
    plan_.emplace(start + change.at, Planned{std::move(change.scene), std::move(change.deactivated),
                                             std::move(change.text)});
  }
  wait_for_next();
}

bool Scenario::plan(at::Duration at, Planned planned) {
  const auto bytes = planned_bytes_ + planned.text.size();
  if (plan_.size() >= most_planned || bytes > planned_limit) return false;
  planned_bytes_ = bytes;
  plan_.emplace(at, std::move(planned));
  wait_for_next();
  return true;
}

std::size_t Scenario::drop() {
  const auto dropped = plan_.size();
  plan_.clear();
  planned_bytes_ = 0;
  timer_.stop();
  return dropped;
}

std::size_t Scenario::replace(std::vector<SceneChange> changes) {
  const auto dropped = drop();
  const auto first = changes.front();
  take(std::move(changes), 1, timeline_.now().time_since_epoch());
  rewrite(first.scene, first.deactivated);
  return dropped;
}

void Scenario::wait_for_next() {
  if (plan_.empty()) return;
  timer_.start(plan_.begin()->first - timeline_.now().time_since_epoch(), [this] {
    const auto next = plan_.extract(plan_.begin());
    const auto& planned = next.mapped();
    planned_bytes_ -= planned.text.size();
    const auto* const scene = std::get_if<Scene>(&planned.what);
    written_ = scene != nullptr ? *scene
                                : std::get<Planned::Written>(planned.what)(planned.text, written_);
    compose(planned.deactivated);
    wait_for_next();
  });
}

void Scenario::compose(std::vector<int> deactivated) {
  scene_ = written_;
  for (const auto& [number, change] : overlays_) change(scene_);
  listener_({timeline_.now().time_since_epoch(), scene_, std::move(deactivated)});
}

int Scenario::overlay(Overlay change) {
  overlays_[++last_overlay_] = std::move(change);
  compose({});
  return last_overlay_;
}

void Scenario::rewrite(const Scene& scene, const std::vector<int>& deactivated) {
  written_ = scene;
  compose(deactivated);
}

void Scenario::undo(int overlay) {
  if (overlays_.erase(overlay) > 0) compose({});
}

void Scenario::deactivate(const std::vector<int>& cids) { compose(cids); }

}  // namespace emulator::device
