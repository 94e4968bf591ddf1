#include "storm/core/gathering.hpp"

#include <algorithm>
#include <cmath>

namespace storm {

void Gathering::lost(std::size_t slot) {
  auto& state = states_.at(slot);
  if (state.where == Where::away) return;
  if (state.where == Where::elsewhere) ++modems_;
  state.where = Where::away;
  ++away_;
}

void Gathering::attempt(std::size_t slot) {
  if (states_.at(slot).where == Where::away) ++attempts_;
}

void Gathering::back(std::size_t slot, Time now) {
  auto& state = states_.at(slot);
  if (state.where != Where::away) return;
  state = {Where::back, now};
  --away_;
}

std::optional<Time> Gathering::reached(double share) const {
  std::vector<Time> times;
  for (const auto& state : states_)
    if (state.where == Where::back) times.push_back(state.back_at);
  const auto wanted =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(modems_) - 1e-9));
  if (wanted == 0 || wanted > times.size()) return std::nullopt;
  const auto last = times.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
  std::nth_element(times.begin(), last, times.end());
  return *last - began_;
}

}  // namespace storm
