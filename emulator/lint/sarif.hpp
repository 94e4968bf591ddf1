// What the lint found in a run, as a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange
// Format"). Pure. Owned by the LintFile.
#pragma once

#include "emulator/lint/finding.hpp"
#include "emulator/lint/rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emulator::lint {

class SarifLog {
 public:
  /// Findings past this many bytes of text are counted only.
  static constexpr std::size_t limit = std::size_t{8} * 1024 * 1024;

  struct About {
    std::string version;  // of the program
    RuleSet silenced;
    std::string journal;  // path of the journal's file; empty when there is none
  };
  struct Result {
    Finding finding;
    std::string modem;
    std::string channel;                          // empty when it is about none
    std::uint64_t seq = 0;                        // in the journal
    std::optional<std::uint64_t> journal_line{};  // of the journal's file, from 1
  };

  explicit SarifLog(About about) : about_(std::move(about)) {}

  void add(Result result);

  /// `complete`: the run has come to its end.
  [[nodiscard]] std::string text(bool complete) const;

 private:
  About about_;
  std::vector<Result> results_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace emulator::lint
