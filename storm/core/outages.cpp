#include "storm/core/outages.hpp"

namespace storm {

GatheringFigures figures_of(const Gathering& gathering) {
  return {.began = gathering.began(),
          .modems = gathering.modems(),
          .attempts = gathering.attempts(),
          .half = gathering.reached(0.5),
          .nine_tenths = gathering.reached(0.9),
          .ninety_nine_percent = gathering.reached(0.99),
          .all = gathering.reached(1)};
}

void Outages::lost(std::size_t slot, Time now) {
  if (!current_) current_.emplace(fleet_, now);
  current_->lost(slot);
}

void Outages::attempt(std::size_t slot) {
  if (current_) current_->attempt(slot);
}

void Outages::back(std::size_t slot, Time now) {
  if (!current_) return;
  current_->back(slot, now);
  if (current_->away() > 0) return;
  if (ended_.size() < max_listed) ended_.push_back(figures_of(*current_));
  ++ended_count_;
  current_.reset();
}

std::vector<GatheringFigures> Outages::list() const {
  auto all = ended_;
  if (current_ && all.size() < max_listed) all.push_back(figures_of(*current_));
  return all;
}

}  // namespace storm
