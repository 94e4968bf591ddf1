// The findings of the lint as a SARIF 2.1.0 log.
#include "emulator/lint/sarif.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace emulator::lint;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json run_of(const SarifLog& log, bool complete = true) {
  const auto document = json::parse(log.text(complete));
  CHECK(document.at("version") == "2.1.0");
  CHECK(document.at("$schema") == "https://json.schemastore.org/sarif-2.1.0.json");
  REQUIRE(document.at("runs").size() == 1);
  return document.at("runs").at(0);
}

SarifLog::Result result_of(Rule rule) {
  SarifLog::Result result;
  result.finding = {.rule = rule, .at = at::Time(1500ms), .text = "it is so"};
  result.modem = "modem0";
  result.seq = 7;
  return result;
}

std::string uri_with(const std::string& journal) {
  SarifLog log({.version = "1.2.3", .silenced = {}, .journal = journal});
  auto result = result_of(Rule::id_reused);
  result.journal_line = 1;
  log.add(result);
  return run_of(log)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
}

}  // namespace

TEST_CASE("a log without findings names the program and its rules [CTL-13]") {
  RuleSet silenced;
  silenced.add(Rule::retry_too_early);
  const auto run = run_of(SarifLog({.version = "1.2.3", .silenced = silenced, .journal = ""}));
  CHECK(run["results"] == json::array());
  CHECK(run["invocations"] == json::parse(R"([{"executionSuccessful":true}])"));
  const auto& driver = run["tool"]["driver"];
  CHECK(driver["name"] == "eg91xq");
  CHECK(driver["semanticVersion"] == "1.2.3");
  REQUIRE(driver["rules"].size() == rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& told = driver["rules"][i];
    CHECK(told["id"] == rules[i].id);
    CHECK(told["properties"]["clause"] == rules[i].clause);
    CHECK(told["defaultConfiguration"]["level"] == name_of(rules[i].level));
    CHECK(told["defaultConfiguration"]["enabled"] == (rules[i].id != "retry-too-early"));
  }
}

TEST_CASE("a finding on a channel, with its place in the journal [CTL-13]") {
  SarifLog log({.version = "1.2.3", .silenced = {}, .journal = "/tmp/j"});
  auto result = result_of(Rule::window_overrun);
  result.finding.client = 2;
  result.finding.command = "AT+X";
  result.channel = "uart1";
  result.journal_line = 3;
  log.add(result);
  CHECK(run_of(log)["results"] == json::parse(R"([{
    "ruleId": "window-overrun", "ruleIndex": 1, "level": "error",
    "message": {"text": "it is so."},
    "locations": [{
      "logicalLocations":
        [{"name": "uart1", "fullyQualifiedName": "modem0/uart1", "kind": "channel"}],
      "physicalLocation":
        {"artifactLocation": {"uri": "file:///tmp/j"}, "region": {"startLine": 3}}}],
    "properties":
      {"t": 1.5, "seq": 7, "clause": "PUB-7, note 3.3.8", "client": 2, "command": "AT+X"}}])"));
}

TEST_CASE("a finding about a modem alone [CTL-13]") {
  SarifLog log({.version = "1.2.3", .silenced = {}, .journal = ""});
  log.add(result_of(Rule::messages_never_read));
  const auto run = run_of(log, false);
  CHECK(run["invocations"] == json::parse(R"([{"executionSuccessful":false}])"));
  CHECK(run["results"] == json::parse(R"([{
    "ruleId": "messages-never-read", "ruleIndex": 5, "level": "warning",
    "message": {"text": "it is so."},
    "locations": [{"logicalLocations":
      [{"name": "modem0", "fullyQualifiedName": "modem0", "kind": "modem"}]}],
    "properties": {"t": 1.5, "seq": 7, "clause": "RECV-3, note 3.3.9"}}])"));
}

TEST_CASE("the path of a journal stands as a URI [CTL-13]") {
  CHECK(uri_with("/a/b-c._~/Z9") == "file:///a/b-c._~/Z9");
  CHECK(uri_with("run/j") == "run/j");
  CHECK(uri_with("a b%:[]@`{\xC3\xA4") == "a%20b%25%3A%5B%5D%40%60%7B%C3%A4");
}

TEST_CASE("findings without room in the log are counted [CTL-13]") {
  SarifLog log({.version = "1.2.3", .silenced = {}, .journal = ""});
  auto large = result_of(Rule::id_reused);
  large.finding.text.assign(SarifLog::limit - 1000, 'x');
  log.add(large);
  large.finding.text.assign(2000, 'x');
  log.add(large);
  log.add(large);
  const auto run = run_of(log);
  CHECK(run["results"].size() == 1);
  const auto& told = run["invocations"][0]["toolExecutionNotifications"];
  REQUIRE(told.size() == 1);
  CHECK(told[0]["level"] == "warning");
  CHECK(told[0]["message"]["text"] == "2 further findings found no room.");
}
