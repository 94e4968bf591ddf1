#include "cellular/bearer.hpp"

#include <algorithm>

namespace cellular {

Lease Bearer::lease(int cid, std::function<void()> lost) {
  if (!bring_up(cid)) return {};
  return hold(cid, std::move(lost));
}

Lease Bearer::hold(int cid, std::function<void()> lost) {
  std::erase_if(holds_, [](const auto& hold) { return hold.expired(); });
  auto hold = std::make_shared<Lease::Hold>(Lease::Hold{cid, std::move(lost)});
  holds_.push_back(hold);
  return Lease(std::move(hold));
}

bool Bearer::is_leased(int cid) const {
  return std::any_of(holds_.begin(), holds_.end(), [cid](const auto& each) {
    const auto hold = each.lock();
    return hold && hold->cid == cid;
  });
}

void Bearer::context_lost(int cid) {
  // Who hears of it may end its lease or take another one.
  const auto holds = holds_;
  for (const auto& each : holds) {
    const auto hold = each.lock();
    if (!hold || hold->cid != cid || !hold->lost) continue;
    std::exchange(hold->lost, nullptr)();
  }
}

}  // namespace cellular
