#include "storm/core/report.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace storm {
namespace {

/// Outages that a person reads.
constexpr std::size_t max_shown = 10;

using Text = std::back_insert_iterator<std::string>;

double per_second(std::uint64_t count, Time time) {
  return time > Time::zero() ? static_cast<double>(count) / seconds(time) : 0;
}

double ms(Time time) { return seconds(time) * 1000; }

std::string after(const std::optional<Time>& time) {
  return time ? fmt::format("{:.2f} s", seconds(*time)) : "never";
}

void put_messages(Text out, const Plan& plan, const Tally& tally) {
  const auto& messages = tally.messages;
  fmt::format_to(out, "messages     {} sent, {} confirmed, {} failed", messages.sent,
                 messages.confirmed, messages.failed.all());
  if (messages.failed.all() > 0)
    fmt::format_to(out, " ({} ERROR, {} given up, {} cut off, {} without result)",
                   messages.failed.refused, messages.failed.given_up, messages.failed.cut,
                   messages.failed.silent);
  if (messages.skipped > 0) fmt::format_to(out, ", {} skipped", messages.skipped);
  if (messages.resent > 0) fmt::format_to(out, ", {} resent", messages.resent);
  fmt::format_to(out, "\n");
  if (!plan.subscribe) return;
  fmt::format_to(out, "             {} received back, {} {}", messages.received,
                 messages.unreceived, plan.qos == 0 ? "not received" : "lost");
  if (messages.lost_with_link > 0)
    fmt::format_to(out, " ({} of them as the link was)", messages.lost_with_link);
  fmt::format_to(out, ", {} doubled", messages.doubled);
  if (messages.garbled > 0) fmt::format_to(out, ", {} garbled", messages.garbled);
  if (messages.foreign > 0) fmt::format_to(out, ", {} foreign", messages.foreign);
  if (messages.late > 0) fmt::format_to(out, ", {} late", messages.late);
  fmt::format_to(out, "\n");
}

void put_times(Text out, std::string_view name, const Histogram& times) {
  fmt::format_to(out, "{:<13}", name);
  for (const double share : {0.5, 0.9, 0.99, 0.999})
    fmt::format_to(out, "{:>10.1f}", ms(times.quantile(share)));
  fmt::format_to(out, "{:>10.1f}{:>10}\n", ms(times.max()), times.count());
}

void put_latencies(Text out, const Plan& plan, const Tally& tally) {
  fmt::format_to(out, "{:<13}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "ms", "p50", "p90", "p99",
                 "p99.9", "max", "count");
  put_times(out, "publish", tally.publish_times);
  if (plan.subscribe) put_times(out, "round trip", tally.round_trip_times);
  put_times(out, "open+connect", tally.connect_times);
}

void put_gathering(Text out, const std::string& name, const GatheringFigures& figures) {
  fmt::format_to(
      out, "{}: modems {}, attempts {}; connected 50 % after {}, 90 % {}, 99 % {}, all {}\n", name,
      figures.modems, figures.attempts, after(figures.half), after(figures.nine_tenths),
      after(figures.ninety_nine_percent), after(figures.all));
}

void put_outages(Text out, const Outages& outages) {
  const auto list = outages.list();
  for (std::size_t i = 0; i < std::min(list.size(), max_shown); ++i)
    put_gathering(out, fmt::format("outage at {:.2f} s", seconds(list[i].began)), list[i]);
  const auto rest = outages.count() - std::min<std::uint64_t>(list.size(), max_shown);
  if (rest > 0) fmt::format_to(out, "outages: {} more\n", rest);
}

void put_troubles(Text out, const Troubles& troubles) {
  std::string text;
  const auto put = [&](const std::string& name, std::uint64_t count) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  };
  put("ports not opened", troubles.port_failures);
  put("ports closed", troubles.ports_closed);
  put("commands unanswered", troubles.silences);
  put("modules restarted", troubles.restarts);
  put("opens failed", troubles.open_failures);
  put("connects failed", troubles.connect_failures);
  put("subscriptions failed", troubles.subscribe_failures);
  for (std::size_t code = 1; code < troubles.status.size(); ++code)
    put(fmt::format("+QMTSTAT {}", code), troubles.status[code]);
  put("other +QMTSTAT", troubles.status[0]);
  if (!text.empty()) fmt::format_to(out, "trouble      {}\n", text);
}

}  // namespace

std::uint64_t losses(const Plan& plan, const Tally& tally) {
  return plan.qos > 0 ? tally.messages.unreceived : 0;
}

std::size_t still_away(const Tally& tally, const Course& course) {
  return tally.ever_connected() - std::min(tally.ever_connected(), course.connected_at_end);
}

bool is_well(const Plan& plan, const Tally& tally, const Course& course) {
  const bool doubled = plan.qos == 2 && tally.messages.doubled > 0;
  return losses(plan, tally) == 0 && !doubled && tally.ever_connected() == tally.fleet() &&
         still_away(tally, course) == 0;
}

std::string report_text(const Plan& plan, const Tally& tally, const Course& course) {
  std::string text;
  const Text out(text);
  fmt::format_to(out, "modems       {}, of which {} were connected, {} at the end\n", tally.fleet(),
                 tally.ever_connected(), course.connected_at_end);
  put_messages(out, plan, tally);
  fmt::format_to(out, "rates        {:.1f} sent/s, {:.1f} confirmed/s",
                 per_second(tally.messages.sent, course.publishing),
                 per_second(tally.messages.confirmed, course.publishing));
  if (plan.subscribe)
    fmt::format_to(out, ", {:.1f} received/s",
                   per_second(tally.messages.received, course.publishing));
  fmt::format_to(out, " in {:.1f} s\n", seconds(course.publishing));
  put_latencies(out, plan, tally);
  put_gathering(out, "start", figures_of(tally.start()));
  put_outages(out, tally.outages());
  if (const auto away = still_away(tally, course); away > 0)
    fmt::format_to(out, "not back     {} of those that were connected\n", away);
  put_troubles(out, tally.troubles);
  return text;
}

}  // namespace storm
