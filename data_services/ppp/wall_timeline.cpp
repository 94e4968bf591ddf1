#include "data_services/ppp/wall_timeline.hpp"

#include <algorithm>
#include <cmath>

namespace data_services::ppp {

void WallTimeline::catch_up() {
  const auto passed = module_.now() - seen_;
  seen_ = module_.now();
  const auto here = static_cast<double>(passed.count()) / std::max(scale_(), 1e-3);
  timeline_.run_until(timeline_.now() + at::Duration(static_cast<at::Duration::rep>(here)));
}

void WallTimeline::arm() {
  const auto next = timeline_.next();
  if (!next) return alarm_.stop();
  const auto wait = std::ceil(static_cast<double>((*next - timeline_.now()).count()) * scale_());
  alarm_.start(at::Duration(static_cast<at::Duration::rep>(wait)), [this] {
    const auto kept = keep_();
    run([] {});
  });
}

}  // namespace data_services::ppp
