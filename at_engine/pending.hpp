// One command of a family that answers later: its timer, and the way back to the terminal that
// waits. It cannot be started twice, and dies with its owner. Owned by the family.
#pragma once

#include "at_engine/outcome.hpp"
#include "at_engine/timeline.hpp"

#include <functional>
#include <memory>

namespace at {

class Pending {
 public:
  /// `busy` is the answer to a command that comes while another is under way.
  Pending(Timeline& timeline, Outcome busy);
  ~Pending();
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  [[nodiscard]] bool busy() const { return later_ != nullptr; }

  /// Answers with what `action` says, `delay` from now; at once when that is zero. The action runs
  /// even if nobody waits for its answer any more.
  [[nodiscard]] Outcome answer_after(Duration delay, std::function<Outcome()> action);

  /// As answer_after(), but before `limit`, at which the terminal ends the command.
  [[nodiscard]] Outcome answer_within(Duration limit, Duration delay,
                                      std::function<Outcome()> action);

  /// As answer_after(), but whatever the host sends meanwhile ends it, action and all, with
  /// NO CARRIER (V.250 5.6.1).
  [[nodiscard]] Outcome answer_unless_aborted(Duration delay, std::function<Outcome()> action);

  /// Ends it without its action; a terminal that still waits says ERROR.
  void cancel();

 private:
  Outcome begin(Duration delay, std::function<Outcome()> action, bool abortable);

  Timer timer_;
  Outcome busy_;
  std::shared_ptr<Later> later_;
};

}  // namespace at
