// What a case came to, with the evidence: all that was said, when, and by whom; how long each
// command took. Filled by the case player, read by the reports.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

enum class Verdict { pass, fail, inconclusive, not_applicable, not_run };

/// How many there are of each, in their order.
using Counts = std::array<std::size_t, 5>;

std::string_view name_of(Verdict verdict);

/// As the reports show times.
inline double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

enum class Speaker { host, unit, unit_to_broker, broker, peer, suite };

struct Event {
  std::chrono::microseconds at;  // since the start of the case
  Speaker who;
  std::string text;  // escaped
  int line = 0;      // of the case file, 0 for what no step stands for
};

/// How long one command took against its maximum.
struct Sample {
  std::string command;
  bool is_result = false;  // OK to result URC, instead of line to final result code
  std::chrono::microseconds took;
  std::chrono::microseconds limit;  // as scaled for this run
};

/// The difference that ended a case.
struct Difference {
  int line = 0;
  std::string step;
  std::string expected;
  std::string got;
};

struct CaseResult {
  std::string file;    // "3_3_8_qmtpubex.at"
  std::string clause;  // "3.3.8 AT+QMTPUBEX", the first line of the file
  std::string title;
  std::vector<std::string> statements;
  Verdict verdict = Verdict::inconclusive;
  std::string reason;
  Difference difference;
  std::vector<std::string> failed;   // statements of the step that failed
  std::vector<std::string> reached;  // statements of which every step was played
  std::vector<Event> events;
  std::vector<Sample> samples;
  std::chrono::microseconds took{0};
};

struct StatementResult {
  std::string id;
  Verdict verdict = Verdict::inconclusive;
  std::vector<std::size_t> cases{};  // places in RunResult::cases
};

/// A kind of wait that ended before its time, since the unit had let it pass too often.
struct CutWait {
  std::string what;                     // "result of +QMTOPEN"
  std::chrono::microseconds whole{0};   // as long as it would have been
  std::chrono::microseconds waited{0};  // the last time
  std::size_t times = 0;                // that it ended early, and what was owed had not come
};

struct RunResult {
  std::string unit;
  std::string identity;  // what ATI said
  std::string port;
  std::string started;  // local time, ISO 8601
  std::vector<CaseResult> cases{};
  std::vector<StatementResult> statements{};
  std::string ended_early;  // why, if it did; the cases behind that are not_run
  std::vector<CutWait> cut_waits{};
  std::chrono::microseconds took{0};

  /// Of the cases, of the statements.
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] Counts statement_counts() const;
  [[nodiscard]] std::size_t count(Verdict verdict) const {
    return counts().at(static_cast<std::size_t>(verdict));
  }
};

}  // namespace conformance
