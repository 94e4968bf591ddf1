#include "conformance/report/report.hpp"

#include <sstream>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <fmt/format.h>

namespace conformance {
namespace {

using boost::property_tree::ptree;

std::string time_of(std::chrono::microseconds time) { return fmt::format("{:.3f}", seconds(time)); }

ptree test_case(const CaseResult& each) {
  ptree node;
  node.put("<xmlattr>.classname", each.clause);
  node.put("<xmlattr>.name", each.title);
  node.put("<xmlattr>.file", each.file);
  node.put("<xmlattr>.time", time_of(each.took));
  for (const auto& id : each.statements) {
    ptree property;
    property.put("<xmlattr>.name", "statement");
    property.put("<xmlattr>.value", id);
    node.add_child("properties.property", property);
  }
  if (each.verdict == Verdict::fail) {
    ptree& failure = node.add("failure", each.reason);
    failure.put("<xmlattr>.message", fmt::format("{}", fmt::join(each.failed, " ")));
  } else if (each.verdict != Verdict::pass) {
    node.add("skipped", "")
        .put("<xmlattr>.message", fmt::format("{}: {}", name_of(each.verdict), each.reason));
  }
  return node;
}

}  // namespace

std::string junit_report(const RunResult& run) {
  ptree suite;
  suite.put("<xmlattr>.name", "eg91xq-conformance " + run.unit);
  suite.put("<xmlattr>.timestamp", run.started);
  suite.put("<xmlattr>.tests", run.cases.size());
  suite.put("<xmlattr>.failures", run.count(Verdict::fail));
  suite.put("<xmlattr>.errors", run.ended_early.empty() ? 0 : 1);
  suite.put("<xmlattr>.skipped",
            run.cases.size() - run.count(Verdict::pass) - run.count(Verdict::fail));
  suite.put("<xmlattr>.time", time_of(run.took));
  for (const auto& each : run.cases) suite.add_child("testcase", test_case(each));
  if (!run.ended_early.empty()) suite.add("system-err", "ended early: " + run.ended_early);
  ptree root;
  root.add_child("testsuites.testsuite", suite);
  std::ostringstream text;
  boost::property_tree::write_xml(
      text, root, boost::property_tree::xml_writer_make_settings<std::string>(' ', 1));
  return text.str();
}

}  // namespace conformance
