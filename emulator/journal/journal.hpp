// What happened to a modem lately: events by number, up to a limit in bytes, the oldest lost and
// counted; and who wants to be told of each new one (streams, expectations, a file, lint). Owned by
// the Unit.
#pragma once

#include "emulator/journal/event.hpp"
#include "emulator/journal/selection.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emulator::journal {

class Journal {
 public:
  static constexpr std::size_t limit = std::size_t{8} * 1024 * 1024;

  using Listener = std::function<void(const Event& event)>;
  /// Ends by itself what it stands for; may outlive the journal.
  using Subscription = std::shared_ptr<void>;

  /// The number of the event that was added.
  std::uint64_t add(at::Time at, Kind kind, std::vector<Field> fields);

  /// Of the last event; 0 before the first.
  [[nodiscard]] std::uint64_t last() const { return last_; }
  /// Of the first event that is kept; one more than last() when none is.
  [[nodiscard]] std::uint64_t first() const { return last_ + 1 - events_.size(); }
  /// Events that are gone.
  [[nodiscard]] std::uint64_t lost() const { return first() - 1; }
  [[nodiscard]] const std::deque<Event>& events() const { return events_; }

  /// Events so far, by kind.
  /// An event of its own as a line of JSON, which several may want one after the other.
  [[nodiscard]] const std::string& line_of(const Event& event);

  [[nodiscard]] const std::array<std::uint64_t, kind_count>& counts() const { return counts_; }

  struct Page {
    std::vector<const Event*> events;
    std::uint64_t next = 0;  // what to ask for next
    std::uint64_t lost = 0;  // of those asked for
  };
  /// Up to `most` events after `since` that `selection` takes.
  [[nodiscard]] Page since(std::uint64_t since, const Selection& selection, std::size_t most) const;

  /// `listener` is told of every event from the next one on, until the subscription is dropped. It
  /// must not add events itself.
  [[nodiscard]] Subscription subscribe(Listener listener);

 private:
  std::deque<Event> events_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  std::array<std::uint64_t, kind_count> counts_{};
  std::uint64_t in_line_ = 0;  // the event that is `line_`
  std::string line_;
  std::list<std::weak_ptr<Listener>> listeners_;
};

}  // namespace emulator::journal
