#include "tests/sim/shrink.hpp"

#include "tests/sim/tape.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include <fmt/format.h>

namespace sim {
namespace {

/// What is late without the steps that were in between is told later.
constexpr at::Duration slack = std::chrono::minutes(10);
constexpr std::size_t most_runs = 3000;

/// The first line without what differs from session to session.
std::string kind_of(std::string_view problem) {
  std::string kind;
  for (const char byte : problem.substr(0, problem.find_first_of(":\n")))
    if (std::isdigit(static_cast<unsigned char>(byte)) == 0) kind += byte;
  return kind;
}

}  // namespace

std::vector<std::size_t> smallest_failing(
    std::size_t count, const std::function<bool(const std::vector<std::size_t>&)>& fails,
    std::size_t most) {
  std::vector<std::size_t> kept(count);
  std::iota(kept.begin(), kept.end(), 0);
  std::size_t asked = 0;
  for (std::size_t chunk = std::max<std::size_t>(1, count / 2); asked < most;) {
    bool smaller = false;
    for (std::size_t at = 0; at < kept.size() && asked < most;) {
      auto rest = kept;
      const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(at);
      rest.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(chunk, kept.size() - at)));
      ++asked;
      if (fails(rest)) {
        kept = std::move(rest);
        smaller = true;
      } else {
        at += chunk;
      }
    }
    if (chunk == 1 && !smaller) break;
    if (chunk > 1) chunk = std::min(chunk / 2, std::max<std::size_t>(1, kept.size() / 2));
  }
  return kept;
}

bool same_way(std::string_view one, std::string_view other) {
  return !one.empty() && !other.empty() && kind_of(one) == kind_of(other);
}

Shrunk shrink(const SimResult& failed, at::Duration duration) {
  Shrunk shrunk;
  const auto tape = record(failed.seed, duration);
  const auto end = tape.steps.empty() ? duration : tape.steps.back().at.time_since_epoch() + slack;
  const auto part = [&](const std::vector<std::size_t>& kept) {
    Tape some;
    for (const auto i : kept) some.steps.push_back(tape.steps[i]);
    return some;
  };
  const auto fails = [&](const std::vector<std::size_t>& kept) {
    ++shrunk.runs;
    return same_way(play(failed.seed, part(kept), end, false).problem, failed.problem);
  };
  shrunk.steps_before = tape.steps.size();
  const auto kept = smallest_failing(tape.steps.size(), fails, most_runs);
  shrunk.steps = kept.size();
  shrunk.result = play(failed.seed, part(kept), end, true);
  return shrunk;
}

std::string report(const Shrunk& shrunk) {
  return fmt::format("shrunk from {} steps to {} in {} runs\n{}", shrunk.steps_before, shrunk.steps,
                     shrunk.runs, report(shrunk.result));
}

}  // namespace sim
