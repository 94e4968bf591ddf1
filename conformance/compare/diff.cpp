#include "conformance/compare/diff.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

#include <fmt/format.h>

namespace conformance {
namespace {

void remove(std::string& text, const std::string& what) {
  if (const auto place = text.find(what); place != std::string::npos)
    text.erase(place, what.size());
}

std::string shown(const Comparison& wanted, const TurnDifference& difference) {
  const auto side = [](const std::string& name, const Turn& turn) {
    return fmt::format("    {:24} {:>8.3f} s  {}\n", name, seconds(turn.took),
                       turn.unit.empty() ? "(nothing)" : turn.unit);
  };
  return fmt::format("  line {}, {}: host {}\n", difference.a.line,
                     difference.in_time ? "in time" : "in bytes", difference.a.host) +
         side(wanted.one_name, difference.a) + side(wanted.other_name, difference.b);
}

class Pair {
 public:
  Pair(const Comparison& wanted, const Catalogue& catalogue)
      : wanted_(wanted),
        bench_(loop_, wanted.addresses),
        a_(setting(wanted, catalogue, wanted.one)),
        b_(setting(wanted, catalogue, wanted.other)) {
    a_.begin();
    b_.begin();
  }

  std::optional<TurnDifference> play(const SuiteCase& which) {
    bench_.next_case();
    const auto of_a = turns_of(play_on(a_, which));
    bench_.same_case();
    const auto of_b = turns_of(play_on(b_, which));
    const auto tolerance = std::chrono::duration_cast<std::chrono::microseconds>(
        wanted_.profile.timer_late * wanted_.timeout_scale);
    return first_difference(of_a, of_b, tolerance);
  }

 private:
  CasePlayer::Setting setting(const Comparison& wanted, const Catalogue& catalogue,
                              const PortSpec& port) {
    return {loop_, bench_, catalogue, wanted.profile, port, wanted.timeout_scale, true};
  }

  static CaseResult play_on(CasePlayer& player, const SuiteCase& which) {
    auto result = player.play(which.content);
    player.clean_up();
    return result;
  }

  const Comparison& wanted_;
  Loop loop_;
  Bench bench_;
  CasePlayer a_;
  CasePlayer b_;
};

}  // namespace

std::vector<Turn> turns_of(const CaseResult& result) {
  std::vector<Turn> turns;
  std::chrono::microseconds asked{0};
  std::chrono::microseconds before{0};  // what the unit had taken when the peer acted
  for (const auto& event : result.events) {
    if (event.who == Speaker::host) {
      turns.push_back({event.line, event.text, {}, {}});
      asked = event.at;
      before = {};
    }
    if (turns.empty()) continue;
    if (event.who == Speaker::unit) {
      turns.back().unit += event.text;
      turns.back().took = before + (event.at - asked);
    }
    if (event.who == Speaker::peer && !event.text.starts_with("hears ")) {
      before = turns.back().took;
      asked = event.at;
    }
    constexpr std::string_view aside = "set aside: ";
    if (event.who == Speaker::suite && event.text.rfind(aside, 0) == 0)
      remove(turns.back().unit, "\\r\\n" + event.text.substr(aside.size()) + "\\r\\n");
  }
  return turns;
}

std::optional<TurnDifference> first_difference(const std::vector<Turn>& a,
                                               const std::vector<Turn>& b,
                                               std::chrono::microseconds tolerance) {
  std::optional<TurnDifference> in_time;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (a[i].unit != b[i].unit) return TurnDifference{a[i], b[i], false};
    const auto apart = a[i].took > b[i].took ? a[i].took - b[i].took : b[i].took - a[i].took;
    if (!in_time && apart > tolerance) in_time = TurnDifference{a[i], b[i], true};
  }
  return in_time;
}

int diff(const Comparison& wanted, const Catalogue& catalogue) {
  const auto cases = read_suite(wanted.cases, catalogue);
  Pair pair(wanted, catalogue);
  std::set<std::string> differing;
  std::set<std::string> all;
  std::size_t different = 0;
  for (const auto& each : cases) {
    const auto& ids = each.content.statements;
    all.insert(ids.begin(), ids.end());
    const auto difference = pair.play(each);
    fmt::print("{} {} [{}]\n", difference ? "differ" : "alike ", each.content.title,
               fmt::join(ids, "] ["));
    if (!difference) continue;
    ++different;
    fmt::print("{}", shown(wanted, *difference));
    for (const auto& step : each.content.steps)
      if (!step.prologue && step.line == difference->a.line)
        differing.insert(step.statements.begin(), step.statements.end());
  }
  fmt::print("\n{} of {} cases differ", different, cases.size());
  if (!all.empty())
    fmt::print("; {} of {} statements alike", all.size() - differing.size(), all.size());
  if (!differing.empty()) fmt::print("; differ: {}", fmt::join(differing, ", "));
  fmt::print("\n");
  return different == 0 ? 0 : 1;
}

}  // namespace conformance
