#include "conformance/run/verdict.hpp"

namespace conformance {
namespace {

template <class Items>
Counts counts_in(const Items& items) {
  Counts counts{};
  for (const auto& each : items) ++counts.at(static_cast<std::size_t>(each.verdict));
  return counts;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 5> names{"pass", "fail", "inconclusive", "not applicable",
                                                  "not run"};
  return names.at(static_cast<std::size_t>(verdict));
}

Counts RunResult::counts() const { return counts_in(cases); }

Counts RunResult::statement_counts() const { return counts_in(statements); }

}  // namespace conformance
