#include "conformance/run/verdict.hpp"

#include <algorithm>
#include <array>

namespace conformance {
namespace {

template <class Items>
std::size_t count_in(const Items& items, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      items.begin(), items.end(), [&](const auto& each) { return each.verdict == verdict; }));
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names{"pass", "fail", "inconclusive", "not applicable"};
  return names.at(static_cast<std::size_t>(verdict));
}

std::size_t RunResult::count(Verdict verdict) const { return count_in(cases, verdict); }

std::size_t RunResult::count_statements(Verdict verdict) const {
  return count_in(statements, verdict);
}

}  // namespace conformance
