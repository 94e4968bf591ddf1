// All cases of a folder, played one after the other; from their verdicts, those of the statements.
#pragma once

#include "conformance/run/case_player.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

/// A case and where it stands.
struct SuiteCase {
  std::string file;
  std::string clause;
  transcript::Case content;
};

/// All cases below `folder`, by file name. Throws std::runtime_error for a file that cannot be read
/// and for a statement that the catalogue does not know.
std::vector<SuiteCase> read_suite(const std::filesystem::path& folder, const Catalogue& catalogue);

/// What the cases at these places, each a file or a folder, ask for with `when`, and the suite by
/// itself. A place where nothing is asks for nothing.
KnownClaims known_claims(const std::vector<std::filesystem::path>& places);

/// `filter` is an id of a statement (`PUB-4`), a group of them (`PUB`), or a clause (`3.3.8`).
bool matches(const SuiteCase& which, const std::string& filter, const Catalogue& catalogue);

/// How long it will probably take: its waits, and a little for the rest.
Clock::duration expected_time(const SuiteCase& which, const Profile& profile);

struct SuiteRun {
  bool stop_at_first_failure = false;
  /// After each case, with its place.
  std::function<void(const CaseResult&, std::size_t done, std::size_t all)> on_case;
};

/// Plays the cases; ends early, with what was reached and the rest as not run, when the unit stops
/// answering, the user interrupts or the time is over. Never throws for what the unit does.
RunResult run_suite(CasePlayer& player, Bench& bench, const std::vector<SuiteCase>& cases,
                    const Catalogue& catalogue, const SuiteRun& how);

/// The worst of its cases, in the order pass, inconclusive, fail: a statement fails if a case fails
/// at it, is inconclusive if one is, or was not run while others were, and passes if all that apply
/// came through.
std::vector<StatementResult> judge_statements(const std::vector<CaseResult>& cases,
                                              const Catalogue& catalogue);

}  // namespace conformance
