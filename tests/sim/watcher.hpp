// Follows one AT channel of a transcript from outside: which command lines the host sent, which
// final results and URCs came, and when. Keeps the Ledger of the session and holds each final
// result to its command's declared limit. Gives up following where the framing is changed (ATV0,
// ATQ1, S3, S4) or where a joined line fails midway.
#pragma once

#include "at_engine/registry.hpp"
#include "tests/sim/ledger.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace sim {

class Watcher {
 public:
  Watcher(Ledger& ledger, bool& followed, const at::Registry& registry)
      : ledger_(ledger), followed_(followed), registry_(registry) {}

  /// Bytes that the host is about to send.
  void sent(std::string_view bytes, at::Time now);
  /// One atomic unit that the module wrote.
  void wrote(std::string_view unit, at::Time now);
  void hangup() { begun_.clear(); }
  /// The module has gone quiet for this instant. `idle`: it waits for a command.
  void settled(at::Time now, bool idle);

 private:
  struct Line {
    std::string text;
    at::Time since;      // its last byte, or the last of its data
    at::Duration limit;  // declared
    bool prompted = false;
  };

  void line_sent(std::string text, at::Time now);
  void ended(bool ok, at::Time now);
  void call_accepted(std::string_view call, at::Time now);

  Ledger& ledger_;
  bool& followed_;
  const at::Registry& registry_;
  std::string begun_;
  std::deque<Line> lines_;
};

}  // namespace sim
