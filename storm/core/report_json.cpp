#include "storm/core/report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace storm {
namespace {

using json = nlohmann::ordered_json;

json seconds_or_null(const std::optional<Time>& time) {
  return time ? json(seconds(*time)) : json(nullptr);
}

json settings(const Plan& plan) {
  const double rate = plan.interval > Time::zero() ? 1 / seconds(plan.interval) : 0;
  return {{"broker", {{"host", plan.broker_host}, {"port", plan.broker_port}}},
          {"rate", rate},
          {"qos", plan.qos},
          {"payload", plan.payload},
          {"subscribe", plan.subscribe},
          {"keep_session", plan.keep_session}};
}

json messages(const Plan& plan, const Tally& tally) {
  const auto& counted = tally.messages;
  return {{"sent", counted.sent},
          {"confirmed", counted.confirmed},
          {"failed", counted.failed.all()},
          {"failed_by",
           {{"refused", counted.failed.refused},
            {"given_up", counted.failed.given_up},
            {"cut", counted.failed.cut},
            {"silent", counted.failed.silent}}},
          {"skipped", counted.skipped},
          {"resent", counted.resent},
          {"received", counted.received},
          {"lost", losses(plan, tally)},
          {"lost_with_link", plan.qos > 0 ? counted.lost_with_link : 0},
          {"unreceived", counted.unreceived},
          {"doubled", counted.doubled},
          {"garbled", counted.garbled},
          {"foreign", counted.foreign},
          {"late", counted.late}};
}

json rates(const Messages& messages, const Course& course) {
  const double time = std::max(seconds(course.publishing), 1e-6);
  return {{"sent", static_cast<double>(messages.sent) / time},
          {"confirmed", static_cast<double>(messages.confirmed) / time},
          {"received", static_cast<double>(messages.received) / time}};
}

json latency(const Histogram& times) {
  const auto ms = [&](Time time) { return seconds(time) * 1000; };
  return {{"count", times.count()},
          {"p50", ms(times.quantile(0.5))},
          {"p90", ms(times.quantile(0.9))},
          {"p99", ms(times.quantile(0.99))},
          {"p99_9", ms(times.quantile(0.999))},
          {"max", ms(times.max())}};
}

json gathering(const GatheringFigures& figures) {
  return {{"at", seconds(figures.began)},
          {"modems", figures.modems},
          {"attempts", figures.attempts},
          {"seconds_to_50_percent", seconds_or_null(figures.half)},
          {"seconds_to_90_percent", seconds_or_null(figures.nine_tenths)},
          {"seconds_to_99_percent", seconds_or_null(figures.ninety_nine_percent)},
          {"seconds_to_all", seconds_or_null(figures.all)}};
}

json outages(const Outages& outages) {
  auto list = json::array();
  for (const auto& each : outages.list()) list.push_back(gathering(each));
  return {{"count", outages.count()}, {"list", std::move(list)}};
}

json troubles(const Troubles& counted) {
  auto status = json::object();
  for (std::size_t code = 1; code < counted.status.size(); ++code)
    if (counted.status[code] > 0) status[fmt::format("{}", code)] = counted.status[code];
  if (counted.status[0] > 0) status["other"] = counted.status[0];
  return {{"port_failures", counted.port_failures},
          {"ports_closed", counted.ports_closed},
          {"silences", counted.silences},
          {"restarts", counted.restarts},
          {"open_failures", counted.open_failures},
          {"connect_failures", counted.connect_failures},
          {"subscribe_failures", counted.subscribe_failures},
          {"status", std::move(status)}};
}

}  // namespace

std::string report_json(const Plan& plan, const Tally& tally, const Course& course) {
  const json report{{"well", is_well(plan, tally, course)},
                    {"seconds", seconds(course.lasted)},
                    {"publishing_seconds", seconds(course.publishing)},
                    {"settings", settings(plan)},
                    {"modems",
                     {{"count", tally.fleet()},
                      {"connected", tally.ever_connected()},
                      {"connected_at_end", course.connected_at_end}}},
                    {"messages", messages(plan, tally)},
                    {"rates", rates(tally.messages, course)},
                    {"latency_ms",
                     {{"publish", latency(tally.publish_times)},
                      {"round_trip", latency(tally.round_trip_times)},
                      {"connect", latency(tally.connect_times)}}},
                    {"start", gathering(figures_of(tally.start()))},
                    {"outages", outages(tally.outages())},
                    {"troubles", troubles(tally.troubles)}};
  // Names may come from anywhere; a report must not fail for it.
  return report.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

}  // namespace storm
