// The conformance suite can fail: it is played against the modem with each defect of defects.txt,
// one at a time, and must see at least 95 % of them. First come the cases of the statement that the
// defect breaks, then, if they pass, all others.
#include "tests/support/emulator_process.hpp"
#include "tests/support/places.hpp"
#include "tests/wrong_modem/at_once.hpp"
#include "tests/wrong_modem/defect_list.hpp"

#include <iostream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace support;

namespace {

constexpr int at_once = 16;  // they wait more than they compute
/// Defects that the suite need not see, by name, each with the reason why it cannot.
const std::set<std::string> may_escape{};
constexpr auto limit = std::chrono::minutes(10);

struct Judged {
  bool caught = false;
  std::string by{};
  double seconds = 0;
};

/// The first case that failed, or why the run ended.
std::string reason(const std::string& out) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    const auto verdict = line.find(" fail ");
    if (verdict != std::string::npos && line.find(" | ") != std::string::npos)
      return line.substr(line.find_first_not_of(' ', verdict + 5));
    if (line.rfind("ended early", 0) == 0) return line;
  }
  return {};
}

/// Plays the suite, or the cases of one statement, until the first failure.
Judged play(const std::string& defect, const std::string& statement) {
  const ScratchDirectory scratch;
  const auto port = scratch.file("modem");
  Program modem({EG91XQ_WRONG, "--port", "pty:" + port, "--demo-broker", "off", "--latency",
                 "instant", "--boot", "instant"},
                {{"EG91XQ_DEFECT", defect}});
  if (!modem.wait_for_out("ready")) return {false, "the modem does not start"};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::string> words{EG91XQ_CONFORMANCE,
                                 "--port",
                                 port,
                                 "--profile",
                                 in_tree("conformance/profiles/eg91xq-instant.toml"),
                                 "--timeout-scale",
                                 "0.3",
                                 "--stop-at-first-failure",
                                 "--quiet"};
  if (!statement.empty()) words.insert(words.end(), {"--filter", statement});
  Program suite(words);
  suite.end_input();
  const auto code = suite.end(limit);
  const auto by = reason(suite.out());
  // A unit that does not even answer AT is turned away before the first case.
  const bool turned_away = code == 3 && by == "ended early: the unit does not answer AT";
  return {code == 1 || turned_away, by, static_cast<double>(ms_since(start)) / 1000};
}

Judged judge(const wrong_modem::Defect& defect) {
  if (defect.name.empty()) return play("", "");
  const auto first = play(defect.name, defect.statement);
  if (first.caught) return first;
  auto whole = play(defect.name, "");
  whole.seconds += first.seconds;
  return whole;
}

}  // namespace

TEST_CASE("the suite sees every defect but those that may escape, and none where there is none") {
  auto defects = wrong_modem::read_defects(in_tree("tests/wrong_modem/defects.txt")).defects;
  REQUIRE(defects.size() >= 40);
  defects.insert(defects.begin(), {"", "", "the modem as it is"});
  std::vector<Judged> judged(defects.size());
  wrong_modem::for_each_of(defects.size(), at_once,
                           [&](std::size_t i) { judged[i] = judge(defects[i]); });
  std::size_t caught = 0;
  INFO(judged[0].by);
  CHECK_FALSE(judged[0].caught);
  CHECK(judged[0].by.empty());
  for (std::size_t i = 1; i < defects.size(); ++i) {
    caught += judged[i].caught ? 1 : 0;
    std::cout << fmt::format("{:8} {:28} {:18} {:5.1f} s  {}\n",
                             judged[i].caught ? "caught" : "ESCAPED", defects[i].name,
                             defects[i].statement, judged[i].seconds, judged[i].by);
  }
  std::cout << fmt::format("{} of {} defects caught\n", caught, defects.size() - 1);
  std::set<std::string> escaped;
  for (std::size_t i = 1; i < defects.size(); ++i)
    if (!judged[i].caught) escaped.insert(defects[i].name);
  CHECK(escaped == may_escape);
}
