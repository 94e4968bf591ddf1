// A timeline that goes as time does for the host, whatever the module's time scale: hosts wait for
// PPP in real seconds (IP-13, T-26). Follows the module's timeline. Owned by a Call.
#pragma once

#include "at_engine/timeline.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace data_services::ppp {

class WallTimeline {
 public:
  /// `scale`: seconds of `module` in one of the host's, as things are. `keep` gives what keeps the
  /// owner there while its time goes on.
  WallTimeline(at::Timeline& module, std::function<double()> scale,
               std::function<std::shared_ptr<void>()> keep)
      : module_(module),
        scale_(std::move(scale)),
        keep_(std::move(keep)),
        seen_(module.now()),
        alarm_(module) {}

  [[nodiscard]] at::Timeline& timeline() { return timeline_; }

  /// Does something at its present moment, and waits for what that has set. Nothing of that may end
  /// this object.
  template <class Action>
  void run(Action&& action) {
    catch_up();
    action();
    arm();
  }

 private:
  void catch_up();
  void arm();

  at::Timeline& module_;
  std::function<double()> scale_;
  std::function<std::shared_ptr<void>()> keep_;
  at::Time seen_;
  at::Timeline timeline_;
  at::Timer alarm_;
};

}  // namespace data_services::ppp
