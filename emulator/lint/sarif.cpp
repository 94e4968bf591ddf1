#include "emulator/lint/sarif.hpp"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace emulator::lint {
namespace {

using nlohmann::json;

constexpr const char* schema = "https://json.schemastore.org/sarif-2.1.0.json";

json shown(const RuleRow& row, bool enabled) {
  return {{"id", row.id},
          {"shortDescription", {{"text", fmt::format("{}.", row.summary)}}},
          {"help", {{"text", row.help}}},
          {"defaultConfiguration", {{"enabled", enabled}, {"level", name_of(row.level)}}},
          {"properties", {{"clause", row.clause}}}};
}

/// A path as a reference that may stand in a URI: relative, or with the scheme of files.
std::string uri_of(const std::string& path) {
  std::string uri = path.rfind('/', 0) == 0 ? "file://" : "";
  for (const char byte : path) {
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') ||
                       std::string_view("/-._~").find(byte) != std::string_view::npos;
    uri += plain ? std::string(1, byte) : fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return uri;
}

json logical_location(const SarifLog::Result& result) {
  if (result.channel.empty())
    return {{"name", result.modem}, {"fullyQualifiedName", result.modem}, {"kind", "modem"}};
  return {{"name", result.channel},
          {"fullyQualifiedName", fmt::format("{}/{}", result.modem, result.channel)},
          {"kind", "channel"}};
}

json location(const SarifLog::Result& result, const std::string& journal) {
  json location{{"logicalLocations", json::array({logical_location(result)})}};
  if (result.journal_line)
    location["physicalLocation"] = {{"artifactLocation", {{"uri", uri_of(journal)}}},
                                    {"region", {{"startLine", *result.journal_line}}}};
  return location;
}

json shown(const SarifLog::Result& result, const std::string& journal) {
  const auto& finding = result.finding;
  const auto& row = row_of(finding.rule);
  const std::chrono::duration<double> time = finding.at.time_since_epoch();
  json properties{{"t", time.count()}, {"seq", result.seq}, {"clause", row.clause}};
  if (finding.client) properties["client"] = *finding.client;
  if (!finding.command.empty()) properties["command"] = finding.command;
  return {{"ruleId", row.id},
          {"ruleIndex", static_cast<int>(finding.rule)},
          {"level", name_of(row.level)},
          {"message", {{"text", finding.text + '.'}}},
          {"locations", json::array({location(result, journal)})},
          {"properties", std::move(properties)}};
}

}  // namespace

void SarifLog::add(Result result) {
  const auto size = sizeof result + result.finding.text.size() + result.finding.command.size();
  if (bytes_ + size > limit) {
    ++lost_;
    return;
  }
  bytes_ += size;
  results_.push_back(std::move(result));
}

std::string SarifLog::text(bool complete) const {
  auto told = json::array();
  for (const auto& row : rules)
    told.push_back(shown(row, !about_.silenced.has(*find_rule(row.id))));
  auto found = json::array();
  for (const auto& result : results_) found.push_back(shown(result, about_.journal));
  json invocation{{"executionSuccessful", complete}};
  if (lost_ > 0)
    invocation["toolExecutionNotifications"] = json::array(
        {{{"level", "warning"},
          {"message", {{"text", fmt::format("{} further findings found no room.", lost_)}}}}});
  json run{{"tool",
            {{"driver",
              {{"name", "eg91xq"},
               {"version", about_.version},
               {"semanticVersion", about_.version},
               {"rules", std::move(told)}}}}},
           {"columnKind", "utf16CodeUnits"},
           {"invocations", json::array({std::move(invocation)})},
           {"results", std::move(found)}};
  const json log{
      {"$schema", schema}, {"version", "2.1.0"}, {"runs", json::array({std::move(run)})}};
  constexpr auto keep_going = json::error_handler_t::replace;
  return log.dump(2, ' ', false, keep_going) + '\n';
}

}  // namespace emulator::lint
