// The lint of the host as the program has it: SARIF, journal, exit code, and rules that are
// silenced.
#include "tests/support/emulator_process.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/places.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace support;
using nlohmann::json;

namespace {

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// What SARIF 2.1.0 demands of the members that we write.
void check_log(const json& log) {
  CHECK(log.at("version") == "2.1.0");
  CHECK(log.at("$schema").is_string());
  REQUIRE(log.at("runs").size() == 1);
  const auto& run = log.at("runs").at(0);
  CHECK(run.at("invocations").at(0).at("executionSuccessful").is_boolean());
  const auto& driver = run.at("tool").at("driver");
  CHECK(driver.at("name") == "eg91xq");
  const std::set<std::string> levels{"none", "note", "warning", "error"};
  for (const auto& rule : driver.at("rules")) {
    CHECK(rule.at("id").is_string());
    CHECK(rule.at("shortDescription").at("text").is_string());
    CHECK(rule.at("help").at("text").is_string());
    CHECK(rule.at("properties").at("clause").is_string());
    CHECK(levels.count(rule.at("defaultConfiguration").at("level").get<std::string>()) == 1);
  }
  for (const auto& result : run.at("results")) {
    CHECK(result.at("message").at("text").is_string());
    CHECK(levels.count(result.at("level").get<std::string>()) == 1);
    const auto index = result.at("ruleIndex").get<std::size_t>();
    CHECK(driver.at("rules").at(index).at("id") == result.at("ruleId"));
    CHECK(result.at("properties").at("t").is_number());
    CHECK(result.at("properties").at("seq").is_number_unsigned());
    const auto& places = result.at("locations").at(0).at("logicalLocations");
    CHECK(places.at(0).at("fullyQualifiedName").is_string());
  }
}

/// A host that sends its payload with the command, in one write.
std::vector<std::string> impatient(std::vector<std::string> options) {
  std::vector<std::string> words{binary(), "--latency", "instant"};
  words.insert(words.end(), options.begin(), options.end());
  const std::string script =
      "exec 3<>$MODEM_PORT; stty raw -echo <&3; read -r line <&3; "
      "printf 'AT+QFUPL=\"f\",6\\rsecret' >&3; "
      "while read -r line <&3; do case $line in OK*) exit 0;; esac; done";
  for (const auto* word : {"--", "sh", "-c", script.c_str()}) words.emplace_back(word);
  return words;
}

}  // namespace

TEST_CASE("what a host does wrong is a result in SARIF and exit code 3 [CTL-21] [CTL-13]") {
  const ScratchDirectory scratch;
  const auto file = scratch.file("lint.sarif");
  const auto journal = scratch.file("journal.ndjson");
  Program program(impatient({"--lint", file, "--journal", journal, "--fail-on", "lint"}));
  CHECK(program.end() == 3);
  const auto text = content_of(file);
  CHECK(text.find("secret") == std::string::npos);
  const auto log = json::parse(text);
  check_log(log);
  const auto& run = log.at("runs").at(0);
  CHECK(run.at("invocations").at(0).at("executionSuccessful") == true);
  REQUIRE(run.at("results").size() == 1);
  const auto& result = run.at("results").at(0);
  CHECK(result.at("ruleId") == "data-before-prompt");
  CHECK(result.at("level") == "error");
  CHECK(result.at("message").at("text") == "6 bytes of data for AT+QFUPL came before its prompt.");
  CHECK(result.at("properties").at("command") == "AT+QFUPL=\"f\",6");
  const auto& place = result.at("locations").at(0);
  CHECK(place.at("logicalLocations").at(0).at("fullyQualifiedName") == "modem0/uart1");
  // The line of the journal's file that tells of it.
  CHECK(place.at("physicalLocation").at("artifactLocation").at("uri") == "file://" + journal);
  std::ifstream lines(journal);
  std::string line;
  const auto number = place.at("physicalLocation").at("region").at("startLine").get<int>();
  for (int i = 0; i < number; ++i) REQUIRE(std::getline(lines, line));
  const auto event = json::parse(line);
  CHECK(event.at("kind") == "lint");
  CHECK(event.at("rule") == "data-before-prompt");
  CHECK(event.at("clause") == "GRAM-9, note 3.3.8");
  CHECK(event.at("channel") == "uart1");
  CHECK(event.at("text") == "6 bytes of data for AT+QFUPL came before its prompt");
  CHECK(event.at("seq") == result.at("properties").at("seq"));
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("a rule that is silenced neither reports nor fails [CTL-21]") {
  const ScratchDirectory scratch;
  const auto file = scratch.file("lint.sarif");
  Program program(impatient(
      {"--lint", file, "--fail-on", "lint", "--lint-off", "id-reused,data-before-prompt"}));
  CHECK(program.end() == 0);
  const auto log = json::parse(content_of(file));
  check_log(log);
  const auto& run = log.at("runs").at(0);
  CHECK(run.at("results").empty());
  for (const auto& rule : run.at("tool").at("driver").at("rules"))
    CHECK(rule.at("defaultConfiguration").at("enabled") ==
          (rule.at("id") != "id-reused" && rule.at("id") != "data-before-prompt"));
}

TEST_CASE("--fail-on lint needs no file, and a host that waits passes it [CTL-21]") {
  Program broken(impatient({"--fail-on", "lint"}));
  CHECK(broken.end() == 3);
  const ScratchDirectory scratch;
  const auto file = scratch.file("lint.sarif");
  Session session({"--fail-on", "lint", "--lint", file});
  // As long as it runs, the file tells that nothing is complete.
  const auto begun = json::parse(content_of(file));
  check_log(begun);
  CHECK(begun.at("runs").at(0).at("invocations").at(0).at("executionSuccessful") == false);
  session.connect(0, session.emulator.broker_port(), "patient");
  session.host.command("AT+QMTPUBEX=0,7,1,0,\"t\",2", "\r\n> ");
  session.host.send("hi");
  session.host.expect("\r\nOK\r\n\r\n+QMTPUBEX: 0,7,0\r\n");
  session.host.command("AT+QMTDISC=0", "\r\nOK\r\n\r\n+QMTDISC: 0,0\r\n");
  CHECK(session.emulator.program().terminate() == 0);
  CHECK(json::parse(content_of(file)).at("runs").at(0).at("results").empty());
}

TEST_CASE("the lint goes through what is no regular file [CTL-21]") {
  Program program(impatient({"--lint", "/dev/stdout"}));
  CHECK(program.end() == 0);
  const auto log = json::parse(program.out());
  check_log(log);
  CHECK(log.at("runs").at(0).at("results").size() == 1);
}

TEST_CASE("a lint that cannot be written, or has no such rule, is one line and exit code 2") {
  const ScratchDirectory scratch;
  for (const auto& path : {scratch.file("missing/lint.sarif"), scratch.file("")}) {
    Program program({binary(), "--lint", path});
    CHECK(program.end() == 2);
    CHECK(program.err().find("eg91xq: cannot write the lint to " + path + ": ") == 0);
    CHECK(program.err().find('\n') == program.err().size() - 1);
  }
  Program program({binary(), "--lint-off", "window-overrun,id-reusd"});
  CHECK(program.end() == 2);
  CHECK(program.err() ==
        "eg91xq: --lint-off id-reusd: there is no such rule; did you mean id-reused?\n");
}
