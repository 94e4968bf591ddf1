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
    : timeline_(timeline), changes_(std::move(changes)), timer_(timeline) {
  if (!changes_.empty() && changes_.front().at == at::Duration::zero())
    written_ = changes_[next_++].scene;
  scene_ = written_;
  wait_for_next();
}

void Scenario::wait_for_next() {
  if (next_ == changes_.size()) return;
  timer_.start(changes_[next_].at - timeline_.now().time_since_epoch(), [this] {
    const auto& change = changes_[next_++];
    written_ = change.scene;
    compose(change.deactivated);
    wait_for_next();
  });
}

void Scenario::compose(std::vector<int> deactivated) {
  scene_ = written_;
  for (const auto& [number, change] : overlays_) change(scene_);
  if (listener_) listener_({timeline_.now().time_since_epoch(), scene_, std::move(deactivated)});
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
