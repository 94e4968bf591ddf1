// The command manual as the control interface gives it out.
#include "emulator/describe.hpp"
#include "emulator/module/command_set.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

json named(const json& list, const std::string& name, const std::string& key = {}) {
  for (const auto& each : list)
    if (each.at("name") == name && each.value("key", std::string()) == key) return each;
  return nullptr;
}

}  // namespace

TEST_CASE("the manual tells forms, parameters, limit, source and confidence of a command") {
  const auto manual = emulator::describe_as_json(emulator::command_set({}));
  const auto open = named(manual.at("commands"), "AT+QMTOPEN");
  REQUIRE(open.is_object());
  CHECK(open.at("forms") == json::parse(R"(["test","read","write"])"));
  CHECK(open.at("limit") == 120.0);
  CHECK(open.at("source") == "MQTT application note");
  CHECK(open.at("section") == "note 3.3.2");
  CHECK(open.at("confidence") == "documented");
  CHECK(open.at("params")[0] ==
        json::parse(R"({"name":"client_idx","kind":"number","low":0,"high":5,"optional":false})"));
  CHECK(open.at("params")[1].at("kind") == "text");
  const auto version = named(manual.at("commands"), "AT+QMTCFG", "version");
  REQUIRE(version.is_object());
  const auto& params = version.at("params");
  const auto choice = std::find_if(params.begin(), params.end(),
                                   [](const auto& param) { return param.at("kind") == "choice"; });
  REQUIRE(choice != params.end());
  CHECK(choice->at("choices") == json::parse("[3,4]"));
}

TEST_CASE("the manual has the URCs with their clauses") {
  const auto manual = emulator::describe_as_json(emulator::command_set({}));
  const auto stat = named(manual.at("urcs"), "+QMTSTAT");
  CHECK(stat == json::parse(R"({"name":"+QMTSTAT","params":"<client_idx>,<err_code>",
                               "section":"note 4.1","summary":"The link went down"})"));
}

TEST_CASE("the manual says what the numbers of URCs mean, and what the note advises") {
  const auto manual = emulator::describe_as_json(emulator::command_set({}));
  std::string stats;
  std::string opens;
  for (const auto& row : manual.at("codes")) {
    if (row.at("urc") == "+QMTSTAT") stats += row.at("code").dump() + ' ';
    if (row.at("urc") == "+QMTOPEN") opens += row.at("code").dump() + ' ';
    CHECK(row.at("section").get<std::string>().starts_with("note "));
    CHECK_FALSE(row.at("meaning").get<std::string>().empty());
    if (row.at("urc") == "+QMTSTAT") CHECK_FALSE(row.at("advice").get<std::string>().empty());
  }
  CHECK(stats == "1 2 3 4 5 6 7 8 ");
  CHECK(opens == "-1 0 1 2 3 4 5 ");
}
